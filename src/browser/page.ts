/**
 * The script of a form's page: shows one screen at a time. Without it the page is one long form that still posts. Code
 * that is not needed before the first answer (server, Wink, files, review) loads as chunks.
 */
import type { Next } from '../form/runtime/journey.ts';
import type { PageData, PageScreen } from '../contract/page.ts';
import { followDates } from './dates.ts';
import { openDevice, uuid } from './device.ts';
import { showErrors } from './errors.ts';
import { checkScreen, readControls, writeAnswers } from './fields.ts';
import { preloadNext, leaveViaChunk } from './preload.ts';
import { pause, type PageContext, type ChunkName, type Chunks } from './page-context.ts';
import { keepExclusive } from './checkbox-rules.ts';
import { isAskedAgain } from './sensitive.ts';
import { openPageView } from './page-view.ts';
import { openNavigation, without } from './navigation.ts';

const data = JSON.parse((document.getElementById('flipsite') as HTMLElement).textContent as string) as PageData;
const { words, chunks } = data;
// A browser without `at` is too old. It stops here, and shows one long page.
const form = [...document.forms].at(0) as HTMLFormElement;
const device = openDevice(data);
const navigation = openNavigation(data, device);
const view = openPageView(data, form, device, navigation);

/** The state of a history entry. `inner`: the entry before it is of this page too. */
interface State {
  screen?: string;
  inner?: boolean;
}

let current: PageScreen;
let warmUpTimer: ReturnType<typeof setTimeout>;
/** Adds the history entry after the screen is drawn: it takes as long as half of the script's work. */
let pushHistory: (() => void) | undefined;

function show(screen: PageScreen, how: 'push' | 'replace' | 'back' = 'push', focus = how !== 'replace'): void {
  if (how !== 'back') pushHistory?.();
  current = screen;
  view.screen(screen);
  if (focus) view.focusHeading(view.sectionOf(screen.id));
  pushHistory = () => {
    pushHistory = undefined;
    if (how !== 'back') history[`${how}State`]({ screen: screen.id, inner: how === 'push' }, '', `#${screen.id}`);
  };
  afterPaint(() => {
    pushHistory?.();
    record('screenSeen', { screen: screen.id });
    void amounts();
    preloadNext(page);
    askAgain();
  });
  warmUp();
}

/** Says why a private answer of the screen is asked for again, if any is. */
function askAgain(): void {
  if (isAskedAgain(current, device.state)) void chunk('submission').then((keep) => keep.askAgain());
}

/** Runs after the screen is drawn. The state is already on the device. */
const afterPaint = (run: () => void) => setTimeout(run, 50);

/** Checks without showing errors, so that a slow phone compiles the code before the next press. */
function warmUp(): void {
  clearTimeout(warmUpTimer);
  warmUpTimer = afterPaint(() => checkScreen(form, current.fields, words));
}

/** The chunk that parses numbers, needed before they are read. */
const amounts = () => chunks.amounts && chunk('amounts');

const entered = (screen: PageScreen) => navigation.evaluate(screen, readControls(form, screen));

async function leave(): Promise<void> {
  const screen = current;
  // Screens after this one get their own history entries.
  pushHistory?.();
  await amounts();
  if ((await leaveViaChunk(page, screen)) || current !== screen) return;
  const { shown, answers: screenAnswers } = entered(screen);
  const errors = checkScreen(form, screen.fields.filter(({ id }) => shown.includes(id)), words); // prettier-ignore
  if (Object.keys(errors)[0]) return refuse(errors);
  device.update(({ answers, passed, saves, typed }) => ({
    answers: { ...without(answers, screen), ...screenAnswers },
    passed: [...passed, screen.id],
    saves: [...saves, { key: uuid(), screen: screen.id, answers: screenAnswers }],
    typed: { ...typed, [screen.id]: screenAnswers },
  }));
  // Messages about earlier answers do not apply any more.
  view.note('');
  afterPaint(() => void chunk('submission').then((keep) => keep.flush()));
  goTo(navigation.next(screen, screenAnswers));
}

/** Goes to the screen before, even if the browser came from another page, such as another language. */
function goBack(): void {
  pushHistory?.();
  if ((history.state as State).inner) return history.back();
  show(reachable(current.id, -1), 'replace', true);
}

function goTo(next: Next): void {
  const target = page.detour?.() ?? next;
  if ('screen' in target) show(navigation.screen(target.screen) as PageScreen);
  else void chunk(chunks.review ? 'review' : 'submission').then((last) => last.finish());
}

/** Marks the errors on the current screen. The title announces them to screen readers. */
function refuse(errors: Record<string, string>): void {
  // A program can fill in a value without an event. Its answer can show the question with the error.
  view.update(current);
  view.note('');
  showErrors(form, view.sectionOf(current.id), errors, words);
  document.title = words.error + view.title;
}

/** Stores an event to send with others. Before there is a submission it waits on the device. */
function record(name: string, detail: Record<string, unknown>): void {
  const event = { id: uuid(), name, at: new Date().toISOString(), data: detail };
  device.update(({ events }) => ({ events: [...events, event].slice(-500) }));
  if (device.state.id) void chunk('submission').then((keep) => keep.flushEvents());
}

const loaded: { [N in ChunkName]?: Promise<Chunks[N]> } = {};

function chunk<N extends ChunkName>(name: N): Promise<Chunks[N]> {
  return ((loaded[name] as Promise<Chunks[N]> | undefined) ??= load<N>(chunks[name] as string) as never);
}

async function load<N extends ChunkName>(address: string, suffix = ''): Promise<Chunks[N]> {
  // A browser may remember that an address failed to load, so a retry needs another address.
  const module = (await import(address + suffix).catch(() => {})) as
    | { mount(page: PageContext): Chunks[N] }
    | undefined;
  if (module) return module.mount(page);
  // After an update, the site no longer has the chunks of this page. A reload gets the new ones, and the answers are on the
  // device. It does not interrupt a person who types.
  if (
    device.lasting &&
    !device.state.reloaded?.includes(address) &&
    (await fetch(address).catch(() => form as { status?: number })).status === 404
  ) {
    for (let before; before !== device.state.typed; await pause()) before = device.state.typed;
    // If others are gone too, one more reload brings none of them back.
    device.update(({ reloaded = '' }) => ({ reloaded: reloaded + JSON.stringify(chunks) }));
    location.reload();
  } else view.note(words.notLoaded);
  await pause();
  return load(address, `?${uuid()}`);
}

/** Restores the kept answers and shows the screen where the person was. */
function start(): void {
  const { typed, params, answers } = device.state;
  for (const { id, fields } of data.screens) {
    // The campaign link is no value of a field that has its name.
    writeAnswers(form, fields, { ...params, link: undefined as never });
    writeAnswers(form, fields, typed[id] ?? answers, typed[id]);
  }
  show(reachable(), 'replace');
  window.repeatEntered?.();
}

/**
 * The requested screen if the path reaches it, else the last screen of the path. Another tab may have changed an answer, so
 * that the path does not reach the current screen any more.
 * @param offset -1 for the screen before the requested one
 */
function reachable(id = location.hash.slice(1), offset = 0): PageScreen {
  const { path } = navigation.reached();
  return navigation.screen(path[path.indexOf(id) + offset] ?? path.at(-1)) as PageScreen;
}

/** Reports that a person sees the form. */
function reportOpening(): void {
  const { api, slug, language, version } = data;
  const { link } = device.state.params;
  navigator.sendBeacon(`${api}/api/forms/${slug}/opened`, JSON.stringify({ link, language, version }));
}

const page: PageContext = {
  currentScreen: () => current,
  data,
  form,
  device,
  navigation,
  view,
  entered,
  show,
  goTo,
  leave,
  refuse,
  record,
  chunk,
  askAgain,
  start,
  uuid,
};

form.onsubmit = () => {
  void leave();
  return false;
};
form.oninput = ({ target }) => {
  keepExclusive(form, target);
  if (target !== form) page.edited = current;
  // A changed screen is not left until the person continues. Otherwise the browser's Forward would skip the change.
  device.update(({ typed, passed }) => ({
    passed: passed.filter((id) => current.id !== id),
    typed: { ...typed, [current.id]: readControls(form, current) },
  }));
  view.update(current);
  warmUp();
  // It is needed soon.
  void chunk('submission');
};
form.onclick = ({ target }) => target !== form && (target as Element).closest('[data-back]') && goBack();
onpopstate = ({ state }: { state: State | null }) => {
  // A link to go on that is pasted here changes only the fragment, which loads nothing.
  if (/^#resume=/.test(location.hash)) location.reload();
  // Chunks show the entries without a screen: the review, the ending.
  else if (!state || state.screen) show(reachable(state?.screen), 'back');
};

// After Back or a reload, browsers fill in typed values, perhaps those of another person. Firefox has done so by now, and
// Chromium does so before `pageshow`, unless the form forbids it.
if ((performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming | undefined)?.type !== 'navigate') {
  // A field can have the id `reset`. A copy of the form has no fields.
  (form.cloneNode() as typeof form).reset.call(form);
  form.autocomplete = 'off';
}
onpageshow = ({ persisted }) => {
  // The browser kept this page in its memory, for its Back. The person may have begun on the page in another language.
  if (persisted && !device.state.start) location.reload();
  form.autocomplete = 'on';
  if (persisted)
    for (const input of document.querySelectorAll('input')) {
      // In a task after this one, WebKit empties each input with `autocomplete="off"`, without an event. The `value` of an
      // amount has no half-typed text. That of a copy has it.
      const { value } = input.cloneNode() as typeof input;
      if (value) afterPaint(() => (input.value ||= value));
    }
};
const { away, ended, events, id, incomplete, saves, version } = device.state;
followDates(form);
// Rare cases load the chunk: a form that is not kept here, an ending, a resume link, another version, sensitive answers.
if (away || ended || incomplete || version !== data.version || /^#resume=/.test(location.hash)) {
  // Is not read again: a field with the id `hidden` would be `form.hidden`.
  form.hidden = true;
  void chunk('submission').then((keep) => keep.resume());
} else start();
if (id || (saves[0] && version === data.version)) void chunk('submission').then((keep) => keep.flush());
if (chunks.embed && parent !== self) void chunk('embed');
if (chunks.preview) void chunk('preview');
// This browser has not opened the form before: the first screen stores an event.
else if (!(id || ended || events[0] || navigator.webdriver)) {
  // A page that loads before it is chosen is hidden, and then becomes visible.
  if (document.hidden) addEventListener('visibilitychange', reportOpening, { once: true });
  else reportOpening();
}
form.dataset['ready'] = '';
