/** The chunk that talks with the server: saves each screen, and submits. Another chunk shows the result. */
import type { SavedScreen, SubmittedForm } from '../../../contract/api.ts';
import type { ResumeContext } from './ending.ts';
import {
  pause,
  pauseLonger,
  type PageContext,
  type Chunks,
  type ServerError,
  type ServerResult,
} from '../../page-context.ts';
import { wouldLose } from '../../sensitive.ts';
import { load as loadEnding } from 'chunk:ending';
import { keep as words } from 'virtual:words';
import { setBusy } from '../busy.ts';
import { dropHidden, dropReplaced } from './drop-errors.ts';
import { offerFinishLater } from './finish-later.ts';
import { TryAgain } from './queue.ts';
import { openSync, revisionAfter, type Status } from './sync.ts';

/** The retries after which the person presses the button again: some three minutes, or longer on a slow network. */
const MAX_RETRIES = 7;

export function mount(page: PageContext): Chunks['submission'] {
  const { device, navigation, view } = page;
  const sync = openSync(page, { refused, status, showTrouble });

  const { away } = device.state;

  /** The message for the person's current request. It takes precedence over messages about saves. */
  let waitMessage = '';

  function status(state: Status): void {
    // This save does not contain answers entered on the next screen.
    if (state === 'saving' && page.edited !== page.currentScreen()) page.edited = undefined;
    // Never claim that answers are on the device if only this page has them, nor that a reload finds them again.
    // The person who said so on this page knows. The next one in this tab does not.
    const isTold = device.lasting || (!away && device.state.away);
    note(waitMessage || (state === 'saving' ? words.saving : isTold ? words.saved : words.savedHere));
    if (state === 'saved') page.askAgain();
  }

  /** @param error may have the id of the request, which support finds in the log */
  function showTrouble(error?: TryAgain): void {
    const keptHere = device.lasting && !wouldLose(page.data, device.state) ? words.trouble : words.stay;
    // A page that resumes waits for answers that this device may not have, and saves none.
    if (page.form.hasAttribute('hidden')) view.note(page.data.words.notLoaded);
    else note(navigator.onLine ? keptHere : words.offline);
    if (error?.message && !isStopped()) void ending().then((endingChunk) => endingChunk.showRequestId(error.message));
  }

  function note(text: string): void {
    // After a request of the person was given up, that message stays until they act.
    if (!isStopped()) view.note(text);
    offerFinishLater(page);
  }

  const isStopped = () => document.getElementById('stopped');

  /** The chunk that replaces the form. It is usually loaded already. */
  const ending = () => loaded(loadEnding);

  const notes = async () => loaded((await ending()).loadNotes);

  async function loaded<T>(load: () => Promise<T>): Promise<T> {
    for (;;) {
      const chunk = await load().catch(() => undefined);
      if (chunk) return chunk;
      showTrouble();
      await pause();
    }
  }

  /**
   * Sends a request that the person waits for, after all pending saves. Without an answer it retries while the person
   * stays on the screen, and some minutes at most. The time without a network does not count.
   */
  async function request<T>(has: keyof T, word: string, method: string, route: string, body: unknown) {
    // The screen, or the review of the answers.
    const section = document.querySelector('section.now') as Element;
    const key = page.uuid();
    const isHere = () => section.matches('.now');
    setBusy(page.form, true);
    view.note((waitMessage = word));
    let answer: ServerResult<T> | undefined;
    try {
      for (let failures = 0; isHere();) {
        try {
          // The callbacks of the widget decide whether a Wink screen can be left.
          if (route === 'answers') await sync.flushEvents();
          const flushed = await sync.flush();
          // The handler shows the reason, and the request is not sent.
          if (flushed === 'refused') return undefined;
          if (flushed) await sync.start();
          if (sync.closed()) return undefined;
          if (flushed) {
            const { path, ending } = navigation.reached();
            // The submission and its accounts were gone, and another one has begun.
            if (route === 'submit' && !ending && navigation.screen(path.at(-1))?.wink) page.start();
            else answer = await sync.call<T>(has, method, `submissions/${device.state.id}/${route}`, body, { key });
            break;
          }
        } catch (error) {
          if (!(error instanceof TryAgain)) throw error;
          if (isHere()) showTrouble(error);
        }
        if (!isHere()) break;
        const isOnline = navigator.onLine;
        if (isOnline && failures === MAX_RETRIES)
          return void ending().then((endingChunk) => endingChunk.stopTrying(page));
        await pauseLonger(isOnline ? failures++ : failures);
      }
      // A person who went back no longer waits for it, and it is not tried again.
      view.note('');
      return answer;
    } finally {
      setBusy(page.form, false);
      waitMessage = '';
    }
  }

  async function leaveWink(): Promise<void> {
    const { id } = page.currentScreen();
    const answer = await request<SavedScreen>('next', words.loading, 'PUT', 'answers', {
      screen: id,
      answers: {},
    });
    if (!answer) return;
    if (!answer.ok) return refused(id, answer.refusal);
    const { state, next } = answer.body;
    device.update(({ answers, passed, revision }) => ({
      answers: { ...answers, ...(state && { [id]: state }) },
      passed: [...passed, id],
      revision: revisionAfter(revision, answer.body),
    }));
    // The person may have gone back meanwhile.
    if (page.currentScreen().id === id) page.goTo(next);
  }

  /** @param resent screens whose answers were sent again, because the server did not have them, or the code if all were */
  async function submit(resent: string[] = []): Promise<void> {
    const { id } = page.currentScreen();
    // All that was entered is in a save. A later entry is a change.
    if (!resent[0]) page.edited = undefined;
    // The clock of the device may have been set back.
    const openMs = Math.max(performance.now(), Date.now() - (device.state.openedAt ?? Infinity));
    const answer = await request<SubmittedForm>('reference', words.sending, 'POST', 'submit', {
      openMs,
      // Once the pending saves are sent.
      get revision() {
        return device.state.revision;
      },
    });
    if (!answer) return;
    if (!answer.ok) {
      const { code, screen = id } = answer.refusal;
      const again = resent.includes(code) ? undefined : () => submit([...resent, code]);
      if (code === 'unknown_submission' && again) {
        sync.saveAgain();
        return again();
      }
      if (code === 'answers_changed') return (await ending()).showChanged(page, resumeContext, answer.refusal, again);
      const mayBeUnsaved = code === 'incomplete' && !resent.includes(screen);
      const rare = mayBeUnsaved && (await (await ending()).loadNotes().catch(() => undefined));
      const refusal = rare ? rare.saveAgain(page, screen, answer.refusal) : answer.refusal;
      if (refusal) return refused(screen, refusal, true);
      return submit([...resent, screen]);
    }
    (await ending()).endSent(page, answer.body);
  }

  /**
   * After a refusal: shows the screen to correct, or where the person belongs, or starts again.
   * @param isSubmit whether the submit was refused, and not a change
   */
  function refused(id: string, refusal: ServerError, isSubmit = false): void {
    const { code, message, next, fields, reference = '', submittedAt } = refusal;
    if (code === 'unknown_submission') return sync.saveAgain();
    if (code === 'already_submitted')
      return void ending().then((endingChunk) => endingChunk.showRefused(page, { reference, submittedAt }, isSubmit));
    if (code.startsWith('form_'))
      return void ending().then((endingChunk) => endingChunk.showClosed(page, message, code));
    if (code === 'wink_required') return void page.chunk('wink').then((wink) => wink.refused());
    const target = navigation.screen(next?.screen ?? id);
    if (!target) return view.note(message || words.trouble);
    if (code === 'too_large')
      return void notes().then((one) => refused(id, one.asTooLong(refusal, page.entered(target).answers)));
    if (fields) device.update(({ passed, answers }) => ({ passed: passed.filter((one) => one !== target.id), answers: navigation.without(answers, target) })); // prettier-ignore
    // The review hides the screen that was left last.
    if (!view.sectionOf(target.id).matches('.now')) page.show(target);
    if (!fields) view.note(message || words.trouble);
    else if (target.fields.some((field) => field.kind === 'files' && fields[field.id]))
      void page.chunk('files').then((files) => files.refuse(target.id, fields));
    else if (Object.keys(fields)[0]) page.refuse(fields);
  }

  const resumeContext: ResumeContext = {
    read: (id, bearer) => sync.call('answers', 'GET', `submissions/${id}/answers`, undefined, { bearer }),
    showTrouble,
    saveAgain: sync.saveAgain,
  };
  void ending().then((endingChunk) => endingChunk.watchForSubmission(page, resumeContext));
  offerFinishLater(page);
  page.form.addEventListener('input', () => dropHidden(page));
  page.form.addEventListener('change', (event) => dropReplaced(page, event), true);
  dropHidden(page);

  return {
    flush: async () => (await sync.flush()) === 'saved',
    flushEvents: sync.flushEvents,
    refused,
    start: () => orUndefined(sync.start()),
    finish: () => submit(),
    leaveWink,
    async resume() {
      view.note(words.loading);
      await (await ending()).resume(page, resumeContext);
      offerFinishLater(page);
    },
    askAgain: async () => (await notes()).askAgain(page),
    async ask<T>(has: keyof T | undefined, method: string, path: string, body?: unknown) {
      const answer = await orUndefined(sync.call<T>(has, method, path, body));
      if (answer?.ok === false && /already_submitted|unknown_submission/.test(answer.refusal.code))
        refused('', answer.refusal);
      return answer;
    },
  };
}

/** The answer; undefined if there was none. */
function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch((error: unknown) => {
    if (error instanceof TryAgain) return undefined;
    throw error;
  });
}
