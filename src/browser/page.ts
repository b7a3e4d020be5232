/**
 * The respondent's page: walks the journey, one screen at a time. Without it the page is one long form that still posts.
 * What is not needed before the first answer (talking with the server, Wink, files, the review) loads as parts.
 */
import type { Next } from '../form/runtime/journey.ts';
import type { PageData, PageScreen } from '../contract/page.ts';
import { resolveDates } from './dates.ts';
import { openDevice, uuid } from './device.ts';
import { showErrors } from './errors.ts';
import { checkScreen, readControls, writeAnswers } from './fields.ts';
import { preloadNext, leaveViaChunk } from './preload.ts';
import { pause, type PageContext, type ChunkName, type Chunks } from './page-context.ts';
import { keepExclusive } from './checkbox-rules.ts';
import { openPageView } from './page-view.ts';
import { openNavigation, without } from './navigation.ts';

const data = JSON.parse(document.getElementById('flipsite')?.textContent ?? '') as PageData;
const { words, parts } = data;
const [form] = document.forms as unknown as [HTMLFormElement];
const query = Object.fromEntries(new URLSearchParams(location.search));
const params = Object.entries(query).filter(([name]) => data.params.includes(name) || name.startsWith('utm_'));
const device = openDevice(data, Object.fromEntries(params));
const way = openNavigation(data, device);
const view = openPageView(data, form, device, way);

/** What the browser's history keeps of a screen. `inner`: the page itself stands before it. */
interface State {
  screen?: string;
  inner?: boolean;
}

let now: PageScreen;
let warming: ReturnType<typeof setTimeout>;
/** Tells the browser's history what is shown; after it is drawn, as that takes as long as half of what the script does. */
let tellHistory: (() => void) | undefined;

function show(screen: PageScreen, how: 'push' | 'replace' | 'back' = 'push', focus = how !== 'replace'): void {
  if (how !== 'back') tellHistory?.();
  now = screen;
  view.screen(screen);
  if (focus) view.focusHeading(view.sectionOf(screen.id));
  tellHistory = () => {
    tellHistory = undefined;
    if (how !== 'back') history[`${how}State`]({ screen: screen.id, inner: how === 'push' }, '', `#${screen.id}`);
  };
  soon(() => {
    tellHistory?.();
    record('screenSeen', { screen: screen.id });
    void amounts();
    preloadNext(page);
  });
  warmUp();
}

/** What nobody waits for, once the screen has been drawn. It is on the device already. */
const soon = (run: () => void) => setTimeout(run, 50);

/** Nothing comes of it, but a slow phone has read and compiled by then what the next press needs. */
function warmUp(): void {
  clearTimeout(warming);
  warming = soon(() => checkScreen(form, now.fields, words));
}

/** The part that reads numbers, which has to be there before they are. */
const amounts = () => parts.amounts && part('amounts');

const entered = (screen: PageScreen) => way.on(screen, readControls(form, screen));

async function leave(): Promise<void> {
  const screen = now;
  // What comes after the last screen has entries of its own.
  tellHistory?.();
  await amounts();
  if ((await leaveViaChunk(page, screen)) || now !== screen) return;
  const { shown, given } = entered(screen);
  const asked = screen.fields.filter(({ id }) => shown.includes(id));
  const errors = checkScreen(form, asked, words);
  if (Object.keys(errors)[0]) return refuse(errors);
  device.update(({ answers, passed, saves, typed }) => ({
    answers: { ...without(answers, screen), ...given },
    passed: [...passed, screen.id],
    saves: [...saves, { key: uuid(), screen: screen.id, answers: given }],
    typed: { ...typed, [screen.id]: given },
  }));
  // What was said of earlier answers is not yet true of these.
  view.note('');
  soon(() => void part('submission').then((keep) => keep.flush()));
  goOn(way.next(screen, given));
}

/** To the screen before, even where the browser was somewhere else before this one: in another language, or nowhere. */
function goBack(): void {
  tellHistory?.();
  if ((history.state as State).inner) return history.back();
  const { path } = way.reached();
  show(way.screen(path[path.indexOf(now.id) - 1]) as PageScreen, 'replace', true);
}

function goOn(next: Next): void {
  const target = page.detour?.() ?? next;
  if ('screen' in target) show(way.screen(target.screen) as PageScreen);
  else void part(parts.review ? 'review' : 'submission').then((last) => last.finish());
}

/** Marks the errors on the current screen; the title tells them to whoever hears the page. */
function refuse(errors: Record<string, string>): void {
  view.note('');
  showErrors(form, view.sectionOf(now.id), errors, words);
  document.title = words.error + view.title;
}

/** Keeps an event, to be told with whatever else waits. Before there is a submission it waits on the device. */
function record(name: string, detail: Record<string, unknown>): void {
  const event = { id: uuid(), name, at: new Date().toISOString(), data: detail };
  device.update(({ events }) => ({ events: [...events, event].slice(-500) }));
  if (device.state.id) void part('submission').then((keep) => keep.tell());
}

const loaded: { [N in ChunkName]?: Promise<Chunks[N]> } = {};

function part<N extends ChunkName>(name: N): Promise<Chunks[N]> {
  return ((loaded[name] as Promise<Chunks[N]> | undefined) ??= load<N>(parts[name] as string) as never);
}

async function load<N extends ChunkName>(address: string, again = ''): Promise<Chunks[N]> {
  // A browser may remember that an address failed to load, so that another try needs another one.
  const module = (await import(address + again).catch(() => {})) as { mount(page: PageContext): Chunks[N] } | undefined;
  if (module) return module.mount(page);
  view.note(words.offline);
  await pause();
  return load(address, `?${uuid()}`);
}

/** Puts back what is kept, and goes on where the person was. */
function begin(): void {
  for (const screen of data.screens) {
    const own = device.state.typed[screen.id];
    writeAnswers(form, screen.fields, own ?? { ...query, ...device.state.answers }, !!own);
  }
  show(reachable(), 'replace');
}

/** The screen that was asked for, if the way leads there; else the furthest that it leads to. */
function reachable(id = location.hash.slice(1)): PageScreen {
  const { path } = way.reached();
  return way.screen(path.includes(id) ? id : path.at(-1)) as PageScreen;
}

const page: PageContext = {
  data,
  form,
  device,
  navigation: way,
  view,
  currentScreen: () => now,
  entered,
  show,
  goOn,
  leave,
  refuse,
  record,
  chunk: part,
  begin,
  uuid,
};

form.onsubmit = () => {
  void leave();
  return false;
};
form.oninput = ({ target }) => {
  keepExclusive(form, target);
  device.update(({ typed }) => ({ typed: { ...typed, [now.id]: readControls(form, now) } }));
  view.update(now);
  warmUp();
  // Sending will be needed soon.
  void part('submission');
};
form.onclick = ({ target }) => (target as Element).closest('[data-back]') && goBack();
addEventListener('popstate', ({ state }: { state: State | null }) => {
  // What has no screen is shown by a part: the review, the ending.
  if (!state || state.screen) show(reachable(state?.screen), 'back');
});

resolveDates(form);
// What is rare comes with a part: an ending, a link to go on, another version of the form, sensitive answers.
const { ended, incomplete, version } = device.state;
form.hidden = !!(ended || incomplete) || version !== data.version || /^#resume=/.test(location.hash);
if (form.hidden) void part('submission').then((keep) => keep.resume());
else begin();
if (device.state.id || (device.state.saves[0] && version === data.version))
  void part('submission').then((keep) => keep.flush());
form.dataset['ready'] = '';
