/** The part that talks with the server: saves each screen, and submits. What is shown afterwards is a part of its own. */
import type { SavedScreen, SubmittedForm } from '../../contract/api.ts';
import type { PageScreen } from '../../contract/page.ts';
import type { SentForm } from '../device.ts';
import type { Asking } from './ending.ts';
import { pause, type PageContext, type Chunks, type ApiError } from '../page-context.ts';
import { wouldLose } from '../sensitive.ts';
import { load as loadEnding } from 'chunk:ending';
import { keep as words } from 'virtual:words';
import { setBusy } from './busy.ts';
import { dropHidden, dropReplaced } from './drop-errors.ts';
import { offerFinishLater } from './finish-later.ts';
import { NoAnswer } from './queue.ts';
import { openSync, type Status } from './sync.ts';

export function mount(page: PageContext): Chunks['submission'] {
  const { device, navigation, view } = page;
  const talk = openSync(page, { refused, status });

  /** What the person waits for; that something is saved on the way says less. */
  let meanwhile = '';

  function status(state: Status): void {
    // What is entered on the next screen meanwhile is not in this save.
    if (state === 'saving' && touched !== page.currentScreen()) touched = undefined;
    // Nothing is said to be on the device that is in this page alone.
    const told = state === 'trouble' && (!device.lasting || wouldLose(page.data, device.state)) ? 'stay' : state;
    view.note((/^sav/.test(state) && meanwhile) || words[told]);
    offerFinishLater(page);
  }
  const trouble = () => status(navigator.onLine ? 'trouble' : 'offline');

  /** The part that shows what stands in place of the form. It is there by then, unless the network was away. */
  async function ending(): ReturnType<typeof loadEnding> {
    for (;;) {
      const part = await loadEnding().catch(() => undefined);
      if (part) return part;
      trouble();
      await pause();
    }
  }

  /** The screen on which something was entered that the server has not got. */
  let touched: PageScreen | undefined;

  /** Of what was sent, this tab keeps how it ended, and the device nothing. */
  function end(ended: SentForm): void {
    const { version, away } = device.state;
    device.lasting = false;
    device.update({ ended, answers: {}, typed: {}, passed: [], saves: [], params: {}, accounts: {}, uploads: {} });
    try {
      localStorage.removeItem(device.name);
      if (!away) sessionStorage.setItem(device.name, JSON.stringify({ version, ended }));
    } catch {}
    history.replaceState({ ended: true }, '', location.pathname + location.search);
    void talk.tell();
  }

  /**
   * Asks for something that the person waits for, once all that was kept has been sent. Without an answer it is tried
   * again, for as long as the person stays on the screen.
   */
  async function wait<T>(told: string, method: string, what: string, body: unknown) {
    const screen = page.currentScreen();
    const key = page.uuid();
    setBusy(page.form, true);
    view.note((meanwhile = told));
    try {
      while (page.currentScreen() === screen && !talk.closed()) {
        try {
          const flushed = await talk.flush();
          // The person is shown why, and nothing comes after it.
          if (flushed === 'refused') return undefined;
          if (flushed) {
            await talk.start();
            if (talk.closed()) return undefined;
            const answer = await talk.call<T>(method, `submissions/${device.state.id}/${what}`, body, { key });
            view.note('');
            return answer;
          }
        } catch (error) {
          if (!(error instanceof NoAnswer)) throw error;
          trouble();
        }
        await pause();
      }
      return undefined;
    } finally {
      meanwhile = '';
      setBusy(page.form, false);
    }
  }

  async function leaveWink(): Promise<void> {
    const { id } = page.currentScreen();
    // What the widget has said decides whether it can be left.
    await talk.tell();
    const answer = await wait<SavedScreen>(words.loading, 'PUT', 'answers', {
      screen: id,
      answers: {},
    });
    if (!answer) return;
    if (!answer.ok) return refused(id, answer.refusal);
    const { state, next } = answer.body;
    device.update(({ answers, passed }) => ({
      answers: { ...answers, ...(state && { [id]: state }) },
      passed: [...passed, id],
    }));
    page.goOn(next);
  }

  /** @param sentAgain screens whose answers were sent once more, because the server had none of them */
  async function submit(sentAgain: string[] = []): Promise<void> {
    const { id } = page.currentScreen();
    const answer = await wait<SubmittedForm>(words.sending, 'POST', 'submit', {});
    if (!answer) return;
    if (!answer.ok) {
      const { code, screen = id } = answer.refusal;
      const lost = code === 'incomplete' && !sentAgain.includes(screen) ? navigation.screen(screen) : undefined;
      if (!lost || lost.wink) return refused(screen, answer.refusal);
      // Browsers tell one tab late what another has kept, and a save may go under; what stands in the controls is true.
      const { given } = page.entered(lost);
      device.update(({ saves }) => ({ saves: [...saves, { key: page.uuid(), screen, answers: given }] }));
      return submit([...sentAgain, screen]);
    }
    end(answer.body);
    view.note('');
    (await ending()).showEnding(page, answer.body);
    if (answer.body.ending?.redirect) location.assign(answer.body.ending.redirect);
  }

  /** What the server refused: the person corrects the screen it is about, or goes where they belong. */
  function refused(id: string, { code, message, next, fields, reference = '', submittedAt }: ApiError): void {
    if (code === 'already_submitted') {
      // A save that was refused is a change.
      return void ending().then((part) => part.sentElsewhere(page, end, { reference, submittedAt }, true));
    }
    if (code.startsWith('form_')) return void ending().then((part) => part.showClosed(page, message));
    if (code === 'wink_required') return void page.chunk('wink').then((wink) => wink.refused());
    const target = navigation.screen(next?.screen ?? id);
    if (!target) return view.note(message || words.trouble);
    if (fields) device.update(({ passed }) => ({ passed: passed.filter((one) => one !== target.id) }));
    // The review stands in front of the screen that was left last.
    if (!view.sectionOf(target.id).matches('.now')) page.show(target);
    else if (!fields) view.note(message);
    if (fields && Object.keys(fields).length) page.refuse(fields);
  }

  const asking: Asking = {
    read: (id, bearer) => talk.call('GET', `submissions/${id}/answers`, undefined, { bearer }),
    trouble,
    end,
    unsent: () => !!touched || !!device.state.saves[0],
  };
  void ending().then((part) => part.watchForSending(page, asking));
  if (!page.form.hidden) offerFinishLater(page);
  page.form.addEventListener('input', ({ target }) => {
    if (target !== page.form) touched = page.currentScreen();
    dropHidden(page);
  });
  page.form.addEventListener('change', (event) => dropReplaced(page, event), true);
  dropHidden(page);

  return {
    flush: async () => (await talk.flush()) === 'saved',
    tell: () => void talk.tell(),
    told: talk.tell,
    refused,
    start: () => quietly(talk.start()).then(() => undefined),
    finish: () => submit(),
    leaveWink,
    async resume() {
      view.note(words.loading);
      await (await ending()).resume(page, asking);
      if (!page.form.hidden) offerFinishLater(page);
    },
    askAgain: async () => (await ending()).askAgain(page),
    async ask<T>(method: string, path: string, body: unknown) {
      const answer = await quietly(talk.call<T>(method, path, body));
      if (answer?.ok !== false) return answer;
      const { code } = answer.refusal;
      if (code === 'already_submitted') refused('', answer.refusal);
      if (code === 'unknown_submission') talk.startOver();
      return answer;
    },
  };
}

/** What was asked for, or nothing where there was no answer. */
function quietly<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (error instanceof NoAnswer) return undefined;
    throw error;
  });
}
