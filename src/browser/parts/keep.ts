/** The part that talks with the server: saves each screen, submits, shows the ending, goes on elsewhere. */
import type { Answers } from '../../form/condition.ts';
import type { Next } from '../../form/journey.ts';
import type { Ended } from '../device.ts';
import { pause, type Answered, type Page, type Parts, type Refusal } from '../parts.ts';
import { keep as words } from 'virtual:words';
import { setBusy } from './busy.ts';
import { showClosed, showEnding } from './ending.ts';
import { dropHidden, dropReplaced } from './drop-errors.ts';
import { offerLater } from './offer.ts';
import { NoAnswer } from './queue.ts';
import { openTalk, type Status } from './talk.ts';

export function mount(page: Page): Parts['keep'] {
  const { device, way, view } = page;
  const talk = openTalk(page, { refused, status });

  /** What the person waits for; that something is saved on the way says less. */
  let meanwhile = '';

  function status(state: Status): void {
    view.note((/^s/.test(state) && meanwhile) || words[state]);
    offerLater(page);
  }
  const trouble = () => status(navigator.onLine ? 'trouble' : 'offline');

  /**
   * Asks for something that the person waits for, once all that was kept has been sent. Without an answer it is tried
   * again, for as long as the person stays on the screen.
   */
  async function wait<T>(told: string, method: string, what: string, body: unknown) {
    const screen = page.now();
    const key = page.uuid();
    setBusy(page.form, true);
    view.note((meanwhile = told));
    try {
      while (page.now() === screen && !talk.closed()) {
        try {
          if (await talk.flush()) {
            await talk.start();
            if (talk.closed()) return undefined;
            const answer = await talk.call<T>(method, `submissions/${device.kept.id}/${what}`, body, { key });
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
    const { id } = page.now();
    // What the widget has said decides whether it can be left.
    await talk.tell();
    const answer = await wait<{ next: Next; state?: string }>(words.loading, 'PUT', 'answers', {
      screen: id,
      answers: {},
    });
    if (!answer) return;
    if (!answer.ok) return refused(id, answer.refusal);
    const { state, next } = answer.body;
    device.keep(({ answers, passed }) => ({
      answers: { ...answers, ...(state && { [id]: state }) },
      passed: [...passed, id],
    }));
    page.goOn(next);
  }

  /** @param sentAgain screens whose answers were sent once more, because the server had none of them */
  async function submit(sentAgain: string[] = []): Promise<void> {
    const { id } = page.now();
    const answer = await wait<Ended>(words.sending, 'POST', 'submit', {});
    if (!answer) return;
    if (!answer.ok) {
      const { code, screen = id } = answer.refusal;
      const lost = code === 'incomplete' && !sentAgain.includes(screen) ? way.screen(screen) : undefined;
      if (!lost || lost.wink) return refused(screen, answer.refusal);
      // Browsers tell one tab late what another has kept, and a save may go under; what stands in the controls is true.
      const { given } = page.entered(lost);
      device.keep(({ saves }) => ({ saves: [...saves, { key: page.uuid(), screen, answers: given }] }));
      return submit([...sentAgain, screen]);
    }
    device.keep({ ended: answer.body, answers: {}, typed: {}, passed: [], saves: [] });
    view.note('');
    showEnding(page, answer.body);
    history.replaceState({ ended: true }, '', location.pathname + location.search);
    if (answer.body.ending.redirect) location.assign(answer.body.ending.redirect);
  }

  /** What the server refused: the person corrects the screen it is about, or goes where they belong. */
  function refused(id: string, { code, message, next, fields }: Refusal): void {
    if (code === 'already_submitted') return void submit();
    if (code.startsWith('form_')) return showClosed(page, message);
    if (code === 'wink_required') return void page.part('wink').then((wink) => wink.refused());
    const target = way.screen(next?.screen ?? id);
    if (!target) return view.note(message || words.trouble);
    if (fields) device.keep(({ passed }) => ({ passed: passed.filter((one) => one !== target.id) }));
    if (target !== page.now()) page.show(target);
    else if (!fields) view.note(message);
    if (fields && Object.keys(fields).length) page.refuse(fields);
  }

  /** A link to go on elsewhere carries the submission in its fragment, which browsers never send. */
  async function resume(): Promise<void> {
    const [, id, bearer] = /^#resume=([\w-]+)\.([\w-]+)$/.exec(location.hash) ?? [];
    let dead = false;
    while (id && bearer) {
      try {
        type Resumed = { version: string; answers: Answers; passed: string[]; ended?: Ended };
        const answer: Answered<Resumed> = await talk.call('GET', `submissions/${id}/answers`, undefined, { bearer });
        history.replaceState(null, '', location.pathname + location.search);
        dead = !answer.ok;
        if (!answer.ok) break;
        // What this device held of another submission makes room only once the one in the link is here.
        device.forget();
        const { answers, passed } = answer.body;
        const typed = Object.fromEntries(passed.map((screen) => [screen, answers]));
        device.keep({ ...answer.body, id, token: bearer, typed });
        break;
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        trouble();
        await pause();
      }
    }
    if (device.kept.ended) return showEnding(page, device.kept.ended);
    page.form.hidden = false;
    page.begin();
    offerLater(page);
    view.note(dead ? words.gone : '');
  }

  // Warned only while something would be lost: the server has not got it, and the device cannot keep it.
  addEventListener('beforeunload', (event) => {
    if (device.kept.saves.length && !device.kept.ended && (!device.lasting || !navigator.onLine))
      event.preventDefault();
  });
  addEventListener('popstate', () => {
    document.getElementById('ending')?.remove();
    if (device.kept.ended) showEnding(page, device.kept.ended);
  });

  if (!page.form.hidden) offerLater(page);
  page.form.addEventListener('input', () => dropHidden(page));
  page.form.addEventListener('change', (event) => dropReplaced(page, event), true);
  dropHidden(page);

  return {
    flush: talk.flush,
    tell: () => void talk.tell(),
    told: talk.tell,
    refused,
    start: () => quietly(talk.start()).then(() => undefined),
    finish: () => submit(),
    leaveWink,
    resume,
    async ask<T>(method: string, path: string, body: unknown) {
      const answer = await quietly(talk.call<T>(method, path, body));
      const code = answer && !answer.ok && answer.refusal.code;
      if (code === 'already_submitted') void submit();
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
