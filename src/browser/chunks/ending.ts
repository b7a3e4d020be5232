/** What stands in place of the form at the end, and coming back to a form: from a link, after a reload, from another tab. */
import type { ResumedSubmission } from '../../contract/api.ts';
import { fillPipes as fillIn } from '../../form/runtime/text.ts';
import type { Answers } from '../../form/runtime/condition.ts';
import type { Device, SentForm } from '../device.ts';
import { button, element } from '../element.ts';
import { pause, type Result, type PageContext } from '../page-context.ts';
import { restoreSensitive, wouldLose } from '../sensitive.ts';
import { ending as words } from 'virtual:words';

/** Why the form takes no answers, in its place. What was entered stays on the device. */
export function showClosed(page: PageContext, message: string): void {
  inPlaceOf(page, page.view.title, message);
}

/**
 * Shows how the form ended, with the reference to keep and the way to fill in another one.
 * @param unsent whether the person has changed something since it was sent in another tab or on another device
 */
export function showEnding(page: PageContext, { reference, submittedAt, ending }: SentForm, unsent = false): void {
  const told = () => (copy.textContent = words.copied);
  const copy = button(words.copy, () => void navigator.clipboard.writeText(reference).then(told), 'quiet');
  // Pages without https have none.
  copy.hidden = !navigator.clipboard;
  const again = () => {
    try {
      if (!page.device.state.away) sessionStorage.removeItem(page.device.name);
    } catch {}
    location.assign(location.pathname);
  };
  const title = ending?.title ?? fillIn(words.sent, { date: momentInWords(page.data.locale, submittedAt) });
  inPlaceOf(
    page,
    title,
    ending ? ending.text : unsent ? words.unsent : undefined,
    element(
      'div',
      { className: 'panel' },
      element('p', { className: 'dim', textContent: words.reference }),
      element('div', { className: 'head' }, element('p', { className: 'ref', textContent: reference }), copy),
    ),
    button(words.again, again, 'quiet'),
  );
  document.title = title;
}

function momentInWords(locale: string, at = ''): string {
  const style = { day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(locale, style).format(new Date(at));
}

function inPlaceOf({ form, view }: PageContext, title: string, text: string | undefined, ...more: Node[]): void {
  for (const id of ['ending', 'later', 'away']) document.getElementById(id)?.remove();
  const said = text ? [element('p', { className: 'said', textContent: text })] : [];
  const heading = element('h1', { textContent: title, tabIndex: -1 });
  const section = element('section', { className: 'flow', id: 'ending' }, heading, ...said, ...more);
  form.hidden = true;
  form.after(section);
  view.note('');
  view.focusHeading(section);
}

/** The device keeps nothing from now on, and what it has goes. */
export function clearDevice({ device, form, view }: PageContext): void {
  device.lasting = false;
  device.update({ away: true });
  try {
    // A reload of this tab keeps nothing either.
    sessionStorage.setItem(device.name, '{"away":true}');
    localStorage.removeItem(device.name);
  } catch {}
  // Browsers keep what was typed for a while too, unless the form says so.
  form.autocomplete = 'off';
  view.note(words.cleared);
}

export interface Asking {
  /** Asks the server; throws where there is no answer. */
  read(id: string, token?: string): Promise<Result<ResumedSubmission>>;
  /** Says that there was no answer. */
  trouble(): void;
  /** Takes what was sent from the device. */
  end(ended: SentForm): void;
  /** Whether something was entered here that the server has not got. */
  unsent(): boolean;
}

/** Takes away what the device holds of another submission. */
function makeRoom({ device, uuid }: PageContext): void {
  const { away, ended } = device.state;
  if (ended && !away) {
    sessionStorage.removeItem(device.name);
    device.lasting = true;
  }
  device.update({
    start: uuid(),
    ended: undefined,
    incomplete: false,
    saves: [],
    events: [],
    accounts: {},
    uploads: {},
  });
}

/** Shows the ending, or goes on: with the submission that a link names, in its version, with its sensitive answers. */
export async function resume(page: PageContext, { read, trouble, end }: Asking): Promise<void> {
  const { device, data, view } = page;
  const [, id, token] = /^#resume=([\w-]+)\.([\w-]+)$/.exec(location.hash) ?? [];
  let note = '';
  while (id || device.state.incomplete) {
    const answer = await read(id ?? device.state.id ?? '', token).catch(() => undefined);
    if (!answer) {
      trouble();
      await pause();
      continue;
    }
    if (id) history.replaceState(null, '', location.pathname + location.search);
    if (answer.ok && answer.body.ended) {
      end(answer.body.ended);
    } else if (answer.ok && id) {
      const { answers, passed } = answer.body;
      makeRoom(page);
      device.update({
        ...answer.body,
        id,
        token,
        typed: Object.fromEntries(passed.map((screen) => [screen, answers])),
      });
    } else if (answer.ok) {
      const { answers } = answer.body;
      const typed = Object.fromEntries(data.screens.map((screen) => [screen.id, answers]));
      device.update((now) => ({ ...restoreSensitive(data, now, answers, typed), incomplete: false }));
    } else {
      // What the server no longer has is entered again.
      if (id) note = words.gone;
      const sensitive = (one: string) => page.navigation.screen(one)?.fields.some((field) => field.sensitive);
      device.update(({ passed }) => ({ passed: passed.filter((one) => !sensitive(one)), incomplete: false }));
    }
    break;
  }
  if (device.state.ended) return showEnding(page, device.state.ended);
  if (!useVersion(page)) return;
  page.form.hidden = false;
  page.begin();
  view.note(note);
}

/** Goes on with the version of the form that was begun, on a page of its own if need be. @returns whether this page has it */
function useVersion({ device, data, uuid }: PageContext): boolean {
  const { id, version, typed } = device.state;
  if (version === data.version) return true;
  // A submission keeps the version it was filled in on.
  if (id && new URLSearchParams(location.search).get('version') !== version) {
    location.replace(`?version=${version}${location.hash}`);
    return false;
  }
  // Nothing has been saved yet, or its version is gone, so they go on with the form as it is now: answers stay with their fields.
  const answers = Object.assign({}, ...Object.values(typed)) as Answers;
  device.update({ version: data.version, start: uuid(), id: '', answers, typed: {}, passed: [], saves: [] });
  return true;
}

/** The server is asked at most once in so long, in ms. */
const PAUSE = 5_000;

/**
 * Looks whether the form was sent elsewhere, or cleared from the device, each time the person comes back to this tab or
 * another tab is done with the form. Asks before the person leaves a page that alone has what they entered.
 */
export function watchForSending(page: PageContext, { read, end, unsent }: Asking): void {
  const { device } = page;
  let looked = 0;
  async function look(): Promise<void> {
    const { id, ended } = device.state;
    if (document.hidden || ended || !id || Date.now() - looked < PAUSE) return;
    looked = Date.now();
    const answer = await read(id).catch(() => undefined);
    if (device.state.ended) return;
    if (answer?.ok && answer.body.ended) sentElsewhere(page, end, answer.body.ended, unsent());
    else if (answer && isCleared(device)) location.reload();
  }
  document.addEventListener('visibilitychange', () => void look());
  // Warned only while something would be lost: the server has not got it, and the device cannot keep it.
  addEventListener('beforeunload', (event) => {
    const { saves, ended } = device.state;
    const lost = !device.lasting || !navigator.onLine || wouldLose(page.data, device.state);
    if (saves.length && !ended && lost) event.preventDefault();
  });
  addEventListener('popstate', () => {
    document.getElementById('ending')?.remove();
    if (device.state.ended) showEnding(page, device.state.ended);
  });
  addEventListener('pageshow', () => void look());
  addEventListener('storage', ({ key, newValue }) => key === device.name && !newValue && void look());
}

/** Says that the form was sent before. */
export function sentElsewhere(
  page: PageContext,
  end: Asking['end'],
  { reference, submittedAt }: SentForm,
  unsent: boolean,
): void {
  const ended = { reference, submittedAt };
  end(ended);
  showEnding(page, ended, unsent);
}

function isCleared({ lasting, name, state }: Device): boolean {
  try {
    return !lasting && !state.away && localStorage.getItem(name) === null;
  } catch {
    return false;
  }
}

/** Says why a sensitive answer is asked for once more. */
export const askAgain = ({ view }: PageContext): void => view.note(words.askAgain);
