/** Replaces the form at its end, and resumes a form: from a link, after a reload, from another tab. */
import type { ResumedSubmission, SubmittedForm } from '../../../contract/api.ts';
import type { PageField } from '../../../contract/page.ts';
import { fillPipes as fillIn } from '../../../form/runtime/text.ts';
import type { Answers } from '../../../form/runtime/condition.ts';
import type { Device, DeviceState, PendingSave, SentForm } from '../../device.ts';
import { button, element } from '../../element.ts';
import { pause, pauseLonger, type PageContext, type ServerError, type ServerResult } from '../../page-context.ts';
import { pick, wouldLose } from '../../sensitive.ts';
import type { BrokenLink } from './resume-question.ts';
import { load as loadNotes } from 'chunk:notes';
import { load as loadQuestion } from 'chunk:resume-question';
import { ending as words, page as pageWords, server } from 'virtual:words';

/** The chunk with sentences that few people need. The one that saves says some of them. */
export { loadNotes };

/** Replaces the form with the reason why it accepts no answers, or with its current version. Answers on the device stay there. */
export function showClosed(page: PageContext, message: string, code: string): void {
  const { data, device, view } = page;
  if (code === 'form_changed' && device.lasting && !device.state.reloaded?.includes(data.version)) {
    // Typed answers are on the device and stay with their fields. Sensitive ones are asked again, so that the browser need not
    // ask before it leaves. The page reloads only once for a version.
    device.update(({ reloaded = '' }) => ({ reloaded: reloaded + data.version, saves: [] }));
    return location.replace(addressOf(currentQuery()));
  }
  // The message says to load the page again, and that the answers are on the device.
  if (code !== 'form_changed' || (device.lasting && !data.versions && !wouldLose(data, device.state)))
    return replaceForm(page, view.title, message);
  // Only this page has the answers. Or it is of a static host, and loading it again changes nothing.
  void loadQuestion().then(
    ({ old, newerForm }) => replaceForm(page, view.title, old(), newerForm(page)),
    () => view.note(data.words.notLoaded),
  );
}

/**
 * Shows the ending, with the reference and a link to start another submission.
 * @param unsent says which answers were not sent, in the place of the ending
 */
function showEnding(page: PageContext, { reference, submittedAt, ...sent }: SentForm, unsent?: string): void {
  const ending = unsent ? undefined : sent.ending;
  const shown = element('p', { className: 'ref', textContent: reference });
  // Browsers inside apps refuse `navigator.clipboard`, and pages without https have none.
  const copyShown = () => {
    getSelection()?.selectAllChildren(shown);
    if (document.execCommand('copy')) copy.textContent = words.copied;
  };
  const copy = button(words.copy, copyShown, 'quiet');
  const startOver = () => {
    const { name, state } = page.device;
    try {
      if (!state.away) {
        sessionStorage.removeItem(name);
        // By now, a draft on the device is that of another person. This tab begins its own.
        if (onDevice(name)?.start) sessionStorage.setItem(name, JSON.stringify({ start: page.uuid() }));
      }
    } catch {}
    location.assign(addressOf(currentQuery(query)));
  };
  const query = queryForNext(page);
  history.replaceState(history.state, '', addressOf(query));
  const title = ending?.title || fillIn(words.sent, { date: formatMoment(page.data.locale, submittedAt) });
  const next = ending?.redirect;
  replaceForm(
    page,
    title,
    ending?.text ?? unsent,
    element(
      'div',
      { className: 'panel' },
      element('p', { className: 'dim', textContent: words.reference }),
      element('div', { className: 'head wrap' }, shown, copy),
    ),
    ...(next ? [element('a', { className: 'button', href: next, textContent: pageWords.next, target: '_blank', rel: 'noopener' })] : []), // prettier-ignore
    button(words.again, startOver, 'quiet'),
  );
  document.title = title;
}

/** Ends the draft that this page has sent: shows the ending, or opens its address. */
export function endSent(page: PageContext, sent: SubmittedForm): void {
  // The person may have gone back meanwhile, and changed an answer.
  const ended = showSent(page, sent, findUnsent(page));
  // In a frame, most addresses can't be opened: their website refuses it, or the one around the frame does.
  if (ended.ending?.redirect && parent === self) location.assign(ended.ending.redirect);
}

/** The values of the address, among them sensitive ones, which only it has. Without its version of the form. */
function currentQuery(query = new URLSearchParams(location.search)): URLSearchParams {
  query.delete('version');
  return query;
}

/** The server shows an earlier version, and a form that is closed, full or removed, only to people who have begun it. */
const isForBegun = (): boolean => new URLSearchParams(location.search).has('version');

const addressOf = (query: URLSearchParams, path = location.pathname): string => `${path}?${query}`.replace(/\?$/, '');

/** The query for the next person, such as at an agent's stand: the campaign and hidden fields, and nothing that names this one. */
function queryForNext({ data, device, form }: PageContext): URLSearchParams {
  const values = { ...Object.fromEntries(new URLSearchParams(location.search)), ...device.state.params };
  return new URLSearchParams(Object.entries(pick(data, values, true)).filter(([name]) => /^(link$|utm_)/.test(name) || isHidden(form, name))); // prettier-ignore
}

const isHidden = (form: HTMLFormElement, name: string): boolean =>
  !!form.querySelector(`[type=hidden][name="${CSS.escape(name)}"]`);

function formatMoment(locale: string, at = ''): string {
  const style = { day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(locale, style).format(new Date(at));
}

/** A field of the form can have the id `reset`. */
const reset = (form: HTMLFormElement): void => HTMLFormElement.prototype.reset.call(form);

function replaceForm({ form, view }: PageContext, title: string, text: string | undefined, ...more: Node[]): void {
  for (const id of ['ending', 'later', 'away']) document.getElementById(id)?.remove();
  const paragraphs = text ? [element('p', { className: 'lines', textContent: text })] : [];
  const heading = element('h1', { textContent: title, tabIndex: -1 });
  const section = element('section', { className: 'flow', id: 'ending' }, heading, ...paragraphs, ...more);
  form.hidden = true;
  form.insertAdjacentElement('afterend', section);
  view.note('');
  view.focusHeading(section);
}

/** Deletes everything from the device, and stores nothing more. */
export function clearDevice(page: PageContext): void {
  const { device, form, view } = page;
  device.lasting = false;
  device.update({ away: true });
  try {
    // A reload of this tab stores nothing either.
    sessionStorage.setItem(device.name, '{"away":true}');
  } catch {}
  removeOwn(device);
  history.replaceState(history.state, '', addressOf(queryForNext(page)) + location.hash);
  // Browsers also remember typed values for a while, unless the form forbids it.
  form.autocomplete = 'off';
  view.note(words.cleared);
  keepLanguage(page);
}

/** Once this page alone has answers, a page in another language would not have them. */
function keepLanguage({ device: { state } }: PageContext): void {
  if (state.away && Object.keys(state.typed)[0]) document.querySelector('a[hreflang]')?.parentElement?.remove();
}

/** Removes the draft of this tab from the device. Another draft is that of another person, in another tab. */
function removeOwn({ name, state }: Device): void {
  try {
    if (onDevice(name)?.start === state.start) localStorage.removeItem(name);
  } catch {}
}

/** The state on the device, which can be that of another person. */
const onDevice = (name: string) => JSON.parse(localStorage.getItem(name) as string) as DeviceState | null;

export interface ResumeContext {
  /** Reads the answers from the server; throws without an answer. */
  read(id: string, token?: string): Promise<ServerResult<ResumedSubmission>>;
  /** Shows that there was no answer. */
  showTrouble(): void;
  /** Saves all answers of the path again, because the server does not have them. */
  saveAgain(change: Partial<DeviceState>): void;
}

/** After submitting, this tab keeps only the ending, and the device nothing. */
function endDraft({ device, form, chunk }: PageContext, ended: SentForm): void {
  removeOwn(device);
  const { version, away } = device.state;
  device.lasting = false;
  device.update({ ended, answers: {}, typed: {}, passed: [], saves: [], accounts: {}, uploads: {} });
  try {
    if (!away) sessionStorage.setItem(device.name, JSON.stringify({ version, ended }));
  } catch {}
  history.replaceState({ ended: true }, '', location.pathname + location.search);
  // The hidden form would keep the answers, and a browser that goes Back to this page would fill them in again.
  reset(form);
  void chunk('submission').then((submission) => submission.flushEvents());
}

/** Puts `state` in the place of the state of another submission. */
function startOver({ device, uuid }: PageContext, state: Partial<DeviceState>): void {
  const { away, ended } = device.state;
  if (ended && !away) {
    sessionStorage.removeItem(device.name);
    device.lasting = true;
  }
  device.update({
    start: uuid(),
    openedAt: undefined,
    ended: undefined,
    saves: [],
    events: [],
    accounts: {},
    uploads: {},
    ...state,
  });
}

/**
 * The id and the token of a link, unless it is cut. Characters behind it, such as the full stop of a sentence, are not
 * part of it.
 */
const LINK = /^#resume=(?:([\da-f]{8}-[\da-f]{4}-[\da-f-]{22})\.([\w-]{43}))?/;

/** Shows the ending, or resumes: the submission of a link, in its version, with its sensitive answers. */
export async function resume(page: PageContext, { read, showTrouble }: ResumeContext): Promise<void> {
  const { device, data, view } = page;
  const [link, linked, token] = LINK.exec(location.hash) ?? [];
  const isOwn = !!linked && linked === device.state.id;
  let id = linked && !isOwn && (await mayFollow(page, linked, showTrouble)) ? linked : undefined;
  const dropLink = () => history.replaceState(null, '', location.pathname + location.search);
  if (link && !id && !isOwn) dropLink();
  // Only the page in the version of the submission knows the fields of each screen. It gets the own link too.
  if (!id && (await loadsVersion(page, showTrouble))) return;
  let problem: BrokenLink | undefined = link && !linked ? 'cut' : undefined;
  let hasLost = false;
  for (let failures = 0; id || isOwn || device.state.incomplete; failures++) {
    const { saves } = device.state;
    const answer = await read(id ?? device.state.id ?? '', id && token).catch(() => undefined);
    if (!answer) {
      showTrouble();
      await pauseLonger(failures);
      continue;
    }
    if (answer.ok && answer.body.ended) {
      endDraft(page, answer.body.ended);
    } else if (answer.ok && id) {
      const { answers, passed } = answer.body;
      startOver(page, {
        ...answer.body,
        // The link has the values that were filled in, and the server only those that are saved.
        params: { ...Object.fromEntries([...new URLSearchParams(location.search)].filter(([name]) => RegExp(data.params).test(name))), ...answer.body.params }, // prettier-ignore
        id,
        token,
        answers: {},
        typed: {},
        incomplete: true,
      });
      // The page of another version asks for the answers itself: it knows which of them may be on the device.
      if (await loadsVersion(page, showTrouble)) return;
      device.update({ answers, typed: Object.fromEntries(passed.map((screen) => [screen, answers])), incomplete: false }); // prettier-ignore
    } else if (answer.ok) {
      const { passed } = answer.body;
      takeSaved(page, answer.body, isOwn && device.state.version === data.version ? passed : undefined, saves);
    } else {
      // The person enters answers again that the server no longer has.
      // Where only people who have begun see the form, perhaps no one can start again.
      if (id || (isOwn && !isForBegun())) problem = 'gone';
      if (id) {
        // The link of another submission says nothing about the own one, whose answers may not be here yet.
        id = undefined;
        dropLink();
        continue;
      }
      hasLost = true;
      const sensitive = (one: string) => page.navigation.screen(one)?.fields.some((field) => field.sensitive);
      device.update(({ passed }) => ({ passed: passed.filter((one) => !sensitive(one)), incomplete: false }));
    }
    break;
  }
  // The person may have typed into the form before it became the ending.
  if (device.state.ended) return showEnding(page, device.state.ended, window.repeatEntered?.() ? words.unsent : '');
  // The server says whether the form takes new answers.
  if (link && !device.state.id && isForBegun()) return location.replace(addressOf(currentQuery()));
  const { version, typed } = device.state;
  // The page of another version got the link: where nothing is stored, it has nothing else of the submission.
  if (!(await useVersion(page, showTrouble))) return;
  if (link) dropLink();
  keepOwnValues(page);
  const rare = problem && (await loadQuestion().catch(() => undefined));
  page.form.hidden = false;
  // Firefox has filled in the typed values again.
  if (device.state.away) reset(page.form);
  page.start();
  keepLanguage(page);
  view.note('');
  if (problem) rare?.explainLink(page, problem);
  if (hasLost || version !== data.version) void loadNotes().then(({ askAgain }) => askAgain(page, typed));
}

/**
 * Adds answers of the server to the draft on the device: sensitive ones, and those on `savedScreens`, which another device
 * can have changed. A screen with entries that this device has not saved keeps them.
 * @param savedScreens without them, the person sees a change of another device before the answers are sent
 * @param waiting the saves that waited when the server was asked
 */
function takeSaved(
  { data, device }: PageContext,
  { answers: saved, revision }: ResumedSubmission,
  savedScreens: string[] | undefined,
  waiting: PendingSave[],
): void {
  device.update((now) => {
    // The person may have entered a sensitive answer again meanwhile. A device that has none has just followed a link.
    const answers: Partial<Answers> = Object.keys(now.answers)[0] ? { ...pick(data, saved), ...now.answers } : saved;
    const typed = { ...now.typed };
    const passed = [...now.passed];
    for (const { id, fields } of data.screens) {
      const hasUnsaved =
        (typed[id] && !passed.includes(id)) || [...waiting, ...now.saves].some(({ screen }) => screen === id);
      if (savedScreens?.includes(id) && !hasUnsaved) {
        typed[id] = saved;
        passed.push(id);
        for (const name of [id, ...fields.map((field) => field.id)]) answers[name] = saved[name];
      } else if (typed[id]) typed[id] = { ...pick(data, saved), ...typed[id] };
    }
    // A save of this device may have been stored, and answered, after the server was asked. One that still waits may be
    // stored already. Its answer gives its own revision, which then must not be known.
    return {
      answers: answers as Answers,
      typed,
      passed,
      revision: now.saves[0] || (now.revision && !savedScreens) ? now.revision : Math.max(revision, now.revision ?? 0),
      incomplete: false,
    };
  });
}

/**
 * Takes over the answers that another device has saved, and shows them before they are sent.
 * @param again is called instead if no answer is another one
 */
export async function showChanged(
  page: PageContext,
  { read, saveAgain }: ResumeContext,
  { message }: ServerError,
  again?: () => Promise<void>,
): Promise<void> {
  const { device, data } = page;
  const { id = '', saves, answers, revision = 0 } = device.state;
  const answer = await read(id).catch(() => undefined);
  // Nothing asks again, until the person presses the button.
  if (!answer?.ok) return stopTrying(page);
  if (answer.body.revision < revision) {
    // The server was restored from a backup, without later saves.
    saveAgain({ revision: answer.body.revision });
    return again?.();
  }
  takeSaved(page, answer.body, answer.body.passed, saves);
  // Two tabs of a browser can save the same answers at the same time. Each hears of the other one late.
  if (again && JSON.stringify(answers) === JSON.stringify(device.state.answers)) return again();
  page.start();
  if (data.chunks.review) await (await page.chunk('review')).show();
  page.view.note(message);
}

/**
 * Takes out of each screen the values of others. A link gives all answers to each screen that was passed, since it may
 * open in another version. There, an older answer would replace a changed one once the form has changed.
 */
function keepOwnValues({ data, device }: PageContext): void {
  if (device.state.version !== data.version) return;
  device.update(({ typed }) => {
    const own = { ...typed };
    for (const { id, fields } of data.screens) {
      const isOwn = ([name]: [string, unknown]) => fields.some((field) => field.id === name);
      if (own[id]) own[id] = Object.fromEntries(Object.entries(own[id]).filter(isOwn));
    }
    return { typed: own };
  });
}

/** Whether the page continues the submission of a link. A website around the page could have made the link for its visitors. */
async function mayFollow(page: PageContext, id: string, showTrouble: () => void): Promise<boolean> {
  while (parent === self) {
    const question = await loadQuestion().catch(() => undefined);
    if (question) return question.isOwn(page, id);
    showTrouble();
    await pause();
  }
  return false;
}

/** The key of values that were typed in an earlier version. No screen has this id. */
const EARLIER = '*';

/** A submission keeps the version it was started with. @returns whether the browser leaves for the page of that version */
async function loadsVersion({ device, data }: PageContext, showTrouble: () => void): Promise<boolean> {
  const { id, version } = device.state;
  if (!id || version === data.version) return false;
  const { versions, language } = data;
  const query = new URLSearchParams(location.search);
  const path = versions && `${versions}${version}/${language}/`;
  if (!(path ? await exists(path, showTrouble) : query.get('version') !== version)) return false;
  if (!path) query.set('version', version);
  location.replace(addressOf(query, path) + location.hash);
  return true;
}

/** Continues with the version of the submission, on another page if needed. @returns whether this page has it */
async function useVersion(page: PageContext, showTrouble: () => void): Promise<boolean> {
  const { device, data, form, uuid } = page;
  const { id, start, version, typed, params } = device.state;
  if (version === data.version) return true;
  if (await loadsVersion(page, showTrouble)) return false;
  // Nothing is saved yet, or the version is gone: continues with the current version. Answers stay with their fields.
  const { [EARLIER]: earlier, ...screens } = typed;
  const known = { ...params, ...earlier };
  const fields = data.screens.flatMap((screen) => (screens[screen.id] ? screen.fields : []));
  // A value that the person removed stays removed. People can't remove those that they don't see.
  const removed = Object.fromEntries(fields.filter(({ id: name }) => name in known && !isHidden(form, name)).map((field) => [field.id, ''])); // prettier-ignore
  const answers = Object.assign({}, earlier, removed, ...Object.values(screens)) as Answers;
  // The person has agreed to the sentence of the earlier version.
  for (const { name } of form.querySelectorAll<HTMLInputElement>('[type=checkbox][value=true]')) delete answers[name];
  const typedBefore: DeviceState['typed'] = start ? { [EARLIER]: answers } : {};
  device.update({ version: data.version, start: id ? uuid() : start, id: '', answers, typed: typedBefore, passed: [], saves: [] }); // prettier-ignore
  return true;
}

/** Whether a static host has a page. Without a network it waits, because starting again would lose the submission. */
async function exists(address: string, showTrouble: () => void): Promise<boolean> {
  for (;;) {
    const answer = await fetch(address, { method: 'HEAD' }).catch(() => undefined);
    if (answer && answer.status < 500) return answer.ok;
    showTrouble();
    await pause();
  }
}

/** The shortest time between two checks, in ms. */
const MIN_INTERVAL_MS = 5_000;

/**
 * Checks whether the form was submitted elsewhere, or cleared from the device, when the person returns to this tab or
 * another tab finishes the form. Warns before leaving a page that alone has answers.
 */
export function watchForSubmission(page: PageContext, { read }: ResumeContext): void {
  const { device } = page;
  // The submission keeps the campaign link that it was started by. A later one is an event.
  const link = new URLSearchParams(location.search).get('link');
  const { id, params, followed } = device.state;
  if (id && link && ![params['link'], followed].includes(link)) {
    device.update({ followed: link });
    page.record('linkFollowed', { link });
  }
  let checkedAt = 0;
  async function check(interval = MIN_INTERVAL_MS): Promise<void> {
    const { id, ended } = device.state;
    if (document.hidden || ended || Date.now() - checkedAt < interval) return;
    if (id) {
      checkedAt = Date.now();
      const answer = await read(id).catch(() => undefined);
      if (!answer || device.state.ended) return;
      const sent = answer.ok && answer.body.ended;
      // This device may have sent it, without an answer, or another one. So the person reads when, and the next step.
      if (sent) return void showSent(page, { ...sent, ending: { ...sent.ending, title: '' } as SentForm['ending'] }, findUnsent(page)); // prettier-ignore
    }
    // Another tab of the draft may have started it with another version of the form.
    if (isCleared(device) || (id && device.state.version !== page.data.version)) location.reload();
  }
  keepOwnValues(page);
  page.form.addEventListener('input', () => keepLanguage(page));
  document.addEventListener('visibilitychange', () => void check());
  // Warns only if something would be lost: the server does not have it, and the device cannot store it.
  addEventListener('beforeunload', (event) => {
    const { saves, ended } = device.state;
    const wouldBeLost = !device.lasting || !navigator.onLine || wouldLose(page.data, device.state);
    if (saves.length && !ended && wouldBeLost) event.preventDefault();
  });
  addEventListener('popstate', () => {
    document.getElementById('ending')?.remove();
    if (device.state.ended) showEnding(page, device.state.ended);
  });
  let left: unknown;
  const stored = () => device.lasting && localStorage.getItem(device.name);
  addEventListener('pagehide', () => {
    // The browser can keep this page in its memory. On Back it would show the answers until it is loaded again.
    document.body.hidden = device.state.away as boolean;
    left = stored();
  });
  addEventListener('pageshow', ({ persisted }) => {
    // Meanwhile the page did not hear that another one has changed the answers, or cleared the device.
    if (persisted && (device.state.away || stored() !== left)) location.reload();
    if (persisted) void check(0);
  });
  // While this page resumes and has no current screen yet, it asks the server anyway.
  if (page.currentScreen()) void check();
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== device.name) return;
    // Another tab can have stored the draft again before it learned that this one has cleared the device.
    // A window beside this one can have begun it in another version.
    if (!newValue || device.state.version !== page.data.version) void check(0);
    else if (device.state.away) removeOwn(device);
  });
}

/**
 * The sentence about entries of this page that are in no save; empty without any. Another tab of the draft may have saved the
 * same ones, which are then on the device.
 */
function findUnsent({ edited, entered, device: { state } }: PageContext): string {
  const own = edited && entered(edited).answers;
  const isUnsaved = ({ id, kind }: PageField) => {
    const [mine, saved] = [own?.[id], state.answers[id]];
    // The other tab may have sent further files.
    if (kind === 'files') return [mine ?? []].flat().some((file) => ![saved].flat().includes(file));
    return JSON.stringify(mine) !== JSON.stringify(saved);
  };
  const unsaved = edited?.fields.filter(isUnsaved) ?? [];
  if (state.saves[0] || unsaved.some(({ sensitive }) => !sensitive)) return words.unsent;
  // Another tab may have saved the same sensitive answer, which is never on the device.
  return unsaved[0] ? words.unsentHere : '';
}

/**
 * Shows the ending, or with `unsent` that the form was submitted without the entries of this page.
 * @returns the part of `sent` that is shown
 */
function showSent(page: PageContext, sent: SentForm, unsent: string): SentForm {
  const { reference, submittedAt } = sent;
  const ended = unsent ? { reference, submittedAt } : sent;
  endDraft(page, ended);
  showEnding(page, ended, unsent);
  return ended;
}

/** The same, after a request was refused: a change, or the submit of answers that another device has changed. */
export const showRefused = (page: PageContext, sent: SentForm, isSubmit: boolean): unknown =>
  showSent(page, sent, isSubmit ? words.sentElsewhere : words.unsent);

/** Whether another tab has cleared the device, whose storage this tab could read. */
const isCleared = ({ lasting, name, state }: Device): boolean => lasting === false && !state.away && !onDevice(name);

/** Adds to the note below the form the id of a failed request, with which support finds it in the log. */
export const showRequestId = (id: string): void =>
  document.getElementById('status')?.append(` ${server.requestId} ${id}`);

/** Says how to go on, once a request that the person waited for had no answer many times. Messages about saves look for the id. */
export const stopTrying = ({ view }: PageContext): void => view.note(words.noAnswer, element('i', { id: 'stopped' }));
