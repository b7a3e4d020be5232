/** The respondent's page: walks the journey, one screen at a time. Without it the page is one long form that still posts. */
import type { Answers } from '../form/condition.ts';
import type { Next } from '../form/journey.ts';
import type { PageData, PageScreen } from '../publish/page-data.ts';
import { openDevice, uuid, type Ended } from './device.ts';
import { showErrors } from './errors.ts';
import { checkScreen, readScreen, resolveDates, writeAnswers } from './fields.ts';
import { NoAnswer } from './queue.ts';
import { openServer, type Refusal, type Status } from './server.ts';
import { openView } from './view.ts';
import { openWay, without } from './way.ts';
import type { WinkModule, WinkPart } from './wink.ts';

const data = JSON.parse(document.getElementById('flipsite')?.textContent ?? '{}') as PageData;
const form = document.querySelector('form') as HTMLFormElement;
const { words } = data;

const query = [...new URLSearchParams(location.search)];
const params = Object.fromEntries(query.filter(([name]) => data.params.includes(name) || name.startsWith('utm_')));
const device = openDevice(data.slug, data.version, params);
const way = openWay(data, device);
const view = openView(data, form, device, way);
const server = openServer(data, device, { refused, status });

let now: PageScreen;
let wink: WinkPart | undefined;

function show(screen: PageScreen, how: 'push' | 'replace' | 'back' = 'push'): void {
  now = screen;
  view.screen(screen);
  const state = [{ screen: screen.id }, '', `#${screen.id}`] as const;
  if (how === 'push') history.pushState(...state);
  if (how === 'replace') history.replaceState(...state);
  else view.focusHeading(view.sectionOf(screen.id));
  server.record('screenSeen', { screen: screen.id });
  void nearWink();
  wink?.show(screen.id);
}

function leave(): void {
  if (now.wink) return void leaveWink();
  const given = readScreen(form, now);
  const shown = way.shown(now, given);
  const asked = now.fields.filter(({ id }) => shown.includes(id));
  const errors = checkScreen(form, asked, words.checkAnswer);
  if (Object.keys(errors).length) return refuse(errors);
  const answers = Object.fromEntries(Object.entries(given).filter(([id]) => shown.includes(id)));
  device.keep({
    answers: { ...without(device.kept.answers, now), ...answers },
    passed: [...new Set([...device.kept.passed, now.id])],
    saves: [...device.kept.saves, { key: uuid(), screen: now.id, answers }],
  });
  void server.flush();
  goOn(way.next(now, answers));
}

function goOn(next: Next): void {
  const screen = 'screen' in next ? way.screen(next.screen) : undefined;
  if (screen) show(screen);
  else void submit();
}

/** A Wink screen is left when the server says so: it alone knows whether an account is connected. */
async function leaveWink(): Promise<void> {
  const { id } = now;
  const answer = await ask<{ next: Next; state?: string }>(words.loading, 'PUT', 'answers', {
    screen: id,
    answers: {},
  });
  if (!answer) return;
  if (!answer.ok) return refused(id, answer.refusal);
  const { state, next } = answer.body;
  device.keep({
    answers: { ...device.kept.answers, ...(state && { [id]: state }) },
    passed: [...new Set([...device.kept.passed, id])],
  });
  goOn(next);
}

async function submit(): Promise<void> {
  const answer = await ask<Ended>(words.sending, 'POST', 'submit', {});
  if (!answer) return;
  if (!answer.ok) return refused(answer.refusal.screen ?? now.id, answer.refusal);
  device.keep({ ended: answer.body, answers: {}, passed: [], saves: [] });
  view.note('');
  view.ending(answer.body);
  history.replaceState({ ended: true }, '', location.pathname + location.search);
  if (answer.body.ending.redirect) location.assign(answer.body.ending.redirect);
}

/**
 * Asks the server for something that the person waits for, once all that was kept has been sent. Without an answer it
 * is tried again, for as long as the person stays on the screen.
 */
async function ask<T>(meanwhile: string, method: string, what: string, body: unknown) {
  const screen = now;
  const key = uuid();
  view.note(meanwhile);
  view.busy(true);
  try {
    while (now === screen && !server.closed()) {
      try {
        if (await server.flush()) {
          const answer = await server.call<T>(method, `submissions/${device.kept.id}/${what}`, body, key);
          view.note('');
          return answer;
        }
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        status(navigator.onLine ? 'trouble' : 'offline');
      }
      await pause();
    }
    return undefined;
  } finally {
    view.busy(false);
  }
}

/** A while, or until the network is back. */
const pause = () =>
  new Promise<void>((done) => {
    setTimeout(done, 3_000);
    addEventListener('online', () => done(), { once: true });
  });

/** Marks the errors on the current screen; the title tells them to whoever hears the page. */
function refuse(errors: Record<string, string>): void {
  document.title = words.error + view.title;
  view.note('');
  showErrors(view.sectionOf(now.id), errors, words);
}

/** What the server refused: the person corrects the screen it is about, or goes where they belong. */
function refused(id: string, { code, message, next, fields }: Refusal): void {
  if (code === 'already_submitted') return void submit();
  if (code === 'wink_required') return wink?.refused();
  const target = way.screen(next?.screen ?? id);
  if (!target) return view.note(message || words.trouble);
  if (fields) device.keep({ passed: device.kept.passed.filter((one) => one !== target.id) });
  if (target !== now) show(target);
  else if (!fields) view.note(message);
  if (fields && Object.keys(fields).length) refuse(fields);
}

function status(state: Status): void {
  view.note(words[state]);
}

let loading = false;

/** Loads the part that runs a Wink screen when the person is on one, or the next one is; until it is there. */
async function nearWink(): Promise<void> {
  const path = way.outlook();
  const near = [now.id, path[path.indexOf(now.id) + 1]].some((id) => way.screen(id)?.wink);
  if (!near || wink || loading || !data.wink) return;
  loading = true;
  const { mount } = await loadModule(data.wink.module);
  const { sectionOf, note } = view;
  wink = mount({ data, server, device, sectionOf, note, leave: () => void leaveWink() });
  if (now.wink) view.note('');
  wink.show(now.id);
}

async function loadModule(address: string, tries = 0): Promise<WinkModule> {
  try {
    // A browser may remember that an address failed to load, so that another try needs another one.
    return (await import(`${address}${tries ? `?${tries}` : ''}`)) as WinkModule;
  } catch {
    if (now.wink) status(navigator.onLine ? 'trouble' : 'offline');
    await pause();
    return loadModule(address, tries + 1);
  }
}

/** A link to go on elsewhere carries the submission in its fragment, which browsers never send. */
async function resume(): Promise<void> {
  const [, id, token] = /^#resume=([\w-]+)\.([\w-]+)$/.exec(location.hash) ?? [];
  if (!id || !token) return;
  type Resumed = { version: string; answers: Answers; passed: string[]; ended?: Ended };
  const path = `submissions/${id}/answers`;
  for (;;) {
    try {
      const answer = await server.call<Resumed>('GET', path, undefined, undefined, token);
      history.replaceState(null, '', location.pathname + location.search);
      if (!answer.ok) return;
      // What this device held of another submission makes room only once the one in the link is here.
      device.forget();
      return device.keep({ ...answer.body, id, token });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      status(navigator.onLine ? 'trouble' : 'offline');
      await pause();
    }
  }
}

function begin(): void {
  const { kept } = device;
  if (kept.ended) return view.ending(kept.ended);
  if (kept.id && kept.version !== data.version) {
    // A submission keeps the version it was filled in on.
    return location.replace(`${location.pathname}?version=${kept.version}${location.hash}`);
  }
  if (kept.version !== data.version) device.keep({ version: data.version, passed: [], saves: [] });
  const fields = data.screens.flatMap((screen) => screen.fields.map(({ id }) => id));
  const prefilled = Object.fromEntries(query.filter(([name]) => fields.includes(name)));
  writeAnswers(form, { ...prefilled, ...kept.answers });
  view.note('');
  const screen = reachable(location.hash.slice(1));
  if (screen) show(screen, 'replace');
  void server.flush();
}

/** The screen that was asked for, if the way leads there; else the furthest that it leads to. */
function reachable(id: string): PageScreen | undefined {
  const { path } = way.reached();
  return way.screen(path.includes(id) ? id : path.at(-1)) ?? data.screens[0];
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  leave();
});
form.addEventListener('input', () => view.update(now));
form.addEventListener('click', (event) => {
  if ((event.target as HTMLElement).closest('[data-back]')) history.back();
});
addEventListener('popstate', (event) => {
  if (device.kept.ended) return view.ending(device.kept.ended);
  const screen = reachable((event.state as { screen?: string } | null)?.screen ?? location.hash.slice(1));
  if (screen) show(screen, 'back');
});
document.getElementById('ending')?.addEventListener('click', (event) => {
  const pressed = (event.target as HTMLElement).closest<HTMLElement>('[data-do]');
  if (pressed?.dataset['do'] === 'copy') {
    const copying = navigator.clipboard?.writeText(device.kept.ended?.reference ?? '');
    void copying?.then(() => (pressed.textContent = words.copied));
  }
  if (pressed?.dataset['do'] === 'again') {
    device.forget();
    location.assign(location.pathname);
  }
});

resolveDates(form);
void resume()
  .then(begin)
  .then(() => (form.dataset['ready'] = ''));
