/** The respondent's page: walks the journey, one screen at a time. Without it the page is one long form that still posts. */
import { answerTo, type Answers } from '../form/condition.ts';
import { nextOf, shownFields, walk, type Next } from '../form/journey.ts';
import { fill } from '../form/text.ts';
import type { PageData, PageScreen } from '../publish/page-data.ts';
import { openDevice, uuid, type Ended } from './device.ts';
import { clearErrors, element, showErrors } from './errors.ts';
import { checkScreen, controlsOf, readScreen, resolveDates, writeAnswers } from './fields.ts';
import { NoAnswer, openServer, type Refusal } from './server.ts';
import type { WinkModule, WinkPart } from './wink.ts';

const data = JSON.parse(document.getElementById('flipsite')?.textContent ?? '{}') as PageData;
const form = document.querySelector('form') as HTMLFormElement;
const title = document.title;
const { words } = data;

const query = new URLSearchParams(location.search);
const params = Object.fromEntries([...query].filter(([name]) => data.params.includes(name) || name.startsWith('utm_')));
const device = openDevice(data.slug, data.version, params);
const server = openServer(data, device, { refused, status });

let now: PageScreen;
let wink: WinkPart | undefined;

const byId = (id: string) => document.getElementById(id);
const sectionOf = (id: string) => byId(`s-${id}`) as HTMLElement;
const screenOf = (id: string) => data.screens.find((screen) => screen.id === id);
const passed = (id: string) => device.kept.passed.includes(id);

/** Where the kept answers lead, as far as screens were left. */
const reached = () => walk(data, device.kept.answers, passed);

/** The whole way as it looks now: every screen taken as passed. */
const outlook = () => walk(data, device.kept.answers, () => true).path;

function show(screen: PageScreen, how: 'push' | 'replace' | 'back' = 'push'): void {
  now = screen;
  form.hidden = false;
  for (const section of form.querySelectorAll('.screen'))
    section.classList.toggle('now', section.id === `s-${screen.id}`);
  const section = sectionOf(screen.id);
  clearErrors(section);
  showConditional();
  showProgress();
  fillPipes(section);
  if (how !== 'back')
    history[how === 'push' ? 'pushState' : 'replaceState']({ screen: screen.id }, '', `#${screen.id}`);
  document.title = title;
  if (how !== 'replace') focusHeading(section);
  server.record('screenSeen', { screen: screen.id });
  void nearWink();
  wink?.show(screen.id);
}

function focusHeading(section: HTMLElement): void {
  const heading = section.querySelector<HTMLElement>('h1');
  if (heading) heading.tabIndex = -1;
  heading?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Shows the fields whose condition holds, and words the button for what comes next. */
function showConditional(): void {
  const section = sectionOf(now.id);
  const answers = { ...device.kept.answers, ...readScreen(form, now) };
  for (const { id } of now.fields) if (answerTo(id, readScreen(form, now)) === undefined) delete answers[id];
  const before = walk(data, answers, (id) => id !== now.id && passed(id)).known;
  const shown = shownFields(now, before, answers);
  for (const { id, show_when: when } of now.fields) {
    const field = section.querySelector<HTMLElement>(`[data-field="${id}"]`);
    if (field && when) field.classList.toggle('now', shown.includes(id));
  }
  const button = section.querySelector<HTMLElement>('[data-next]');
  if (button) button.textContent = 'ending' in nextWith(answers) ? words.send : words.next;
  const back = section.querySelector<HTMLElement>('[data-back]');
  if (back) back.hidden = now === data.screens[0];
}

function nextWith(answers: Answers): Next {
  return nextOf(data, now, walk(data, answers, (id) => id !== now.id && passed(id)).known);
}

function showProgress(): void {
  const way = outlook();
  const at = way.indexOf(now.id);
  const step = sectionOf(now.id).querySelector<HTMLElement>('.step');
  if (!step || at < 0) return;
  const certain = way.slice(at).every((id) => screenOf(id)?.next.every((rule) => !rule.when));
  const text = fill(certain ? words.step : words.stepAbout, { n: String(at + 1), of: String(way.length) });
  const bar = element('span', { className: 'bar', ariaHidden: 'true' });
  bar.append(...way.map((_, index) => element('i', { className: index <= at ? 'on' : '' })));
  step.replaceChildren(text, bar);
}

function fillPipes(section: HTMLElement): void {
  for (const pipe of section.querySelectorAll<HTMLElement>('[data-pipe]'))
    pipe.textContent = shownAnswer(pipe.dataset['pipe'] ?? '');
}

/** An answer as the person knows it: the label of what was chosen, else what was typed. */
function shownAnswer(id: string): string {
  const answer = answerTo(id, device.kept.answers);
  if (answer === undefined) return device.kept.params[id] ?? '';
  const labels = [answer].flat().map((value) => {
    const control = controlsOf(form, id).find((one) => one.value === String(value));
    const option = control instanceof HTMLSelectElement ? control.selectedOptions[0] : undefined;
    return (
      option?.text ?? control?.closest('label')?.querySelector('span')?.firstChild?.textContent?.trim() ?? String(value)
    );
  });
  return labels.join(', ');
}

function leave(): void {
  if (now.wink) return void leaveWink();
  const answers = readScreen(form, now);
  const shown = shownFields(now, reached().known, answers);
  const errors = checkScreen(
    form,
    now.fields.filter(({ id }) => shown.includes(id)),
    words.checkAnswer,
  );
  if (Object.keys(errors).length) return refuse(errors);
  const others = Object.fromEntries(
    Object.entries(device.kept.answers).filter(([id]) => !now.fields.some((field) => field.id === id)),
  );
  const given = Object.fromEntries(Object.entries(answers).filter(([id]) => shown.includes(id)));
  device.keep({
    answers: { ...others, ...given },
    passed: [...new Set([...device.kept.passed, now.id])],
    saves: [...device.kept.saves, { key: uuid(), screen: now.id, answers: given }],
  });
  void server.flush();
  goOn(nextWith(device.kept.answers));
}

function goOn(next: Next): void {
  const screen = 'screen' in next ? screenOf(next.screen) : undefined;
  if (screen) show(screen);
  else void submit();
}

/** A Wink screen is left when the server says so: it alone knows whether an account is connected. */
async function leaveWink(): Promise<void> {
  const screen = now;
  busy(words.loading);
  const flushed = await server.flush();
  const answer = flushed
    ? await attempt<{ next: Next; state?: string }>('PUT', 'answers', { screen: screen.id, answers: {} })
    : undefined;
  busy();
  if (!answer) return;
  if (!answer.ok) return refused(screen.id, answer.refusal);
  const { state, next } = answer.body;
  device.keep({
    answers: { ...device.kept.answers, ...(state && { [screen.id]: state }) },
    passed: [...new Set([...device.kept.passed, screen.id])],
  });
  goOn(next);
}

async function submit(): Promise<void> {
  busy(words.sending);
  const flushed = await server.flush();
  const answer = flushed ? await attempt<Ended>('POST', 'submit', {}) : undefined;
  busy();
  if (!answer) return;
  if (!answer.ok) return refused(answer.refusal.screen ?? now.id, answer.refusal);
  const { id, token } = device.kept;
  device.keep({ ended: answer.body, answers: {}, passed: [], saves: [], ...(id && token && { id, token }) });
  showEnding(answer.body);
  history.replaceState({ ended: true }, '', location.pathname + location.search);
  if (answer.body.ending.redirect) location.assign(answer.body.ending.redirect);
}

async function attempt<T>(method: string, what: string, body: unknown) {
  try {
    return await server.call<T>(method, `submissions/${device.kept.id}/${what}`, body, uuid());
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    status(navigator.onLine ? 'trouble' : 'offline');
    return undefined;
  }
}

function showEnding({ reference, ending }: Ended): void {
  form.hidden = true;
  const section = byId('ending') as HTMLElement;
  section.hidden = false;
  const set = (name: string, text: string) => {
    const place = section.querySelector<HTMLElement>(`[data-ending="${name}"]`);
    if (place) place.textContent = text;
  };
  set('title', ending.title);
  set('text', ending.text ?? '');
  set('reference', reference);
  status();
  focusHeading(section);
}

/** Marks the errors on the current screen; the title tells them to whoever hears the page. */
function refuse(errors: Record<string, string>): void {
  document.title = words.error + title;
  showErrors(sectionOf(now.id), errors, words);
}

function refused(id: string, refusal: Refusal): void {
  if (refusal.code === 'already_submitted') return void submit();
  const target = screenOf(refusal.next?.screen ?? id);
  if (refusal.code === 'wink_required') return wink?.refused();
  if (!target) return note(refusal.message || words.trouble);
  if (refusal.fields) {
    device.keep({ passed: device.kept.passed.filter((one) => one !== target.id) });
    if (target !== now) show(target);
    refuse(refusal.fields);
  } else if (target !== now) show(target);
  else note(refusal.message);
}

function note(text: string): void {
  const place = byId('status');
  if (place) place.textContent = text;
}

function status(state?: 'saving' | 'saved' | 'trouble' | 'offline'): void {
  note(state ? words[state] : '');
}

function busy(text = ''): void {
  note(text);
  form.ariaBusy = text ? 'true' : 'false';
  for (const button of form.querySelectorAll<HTMLButtonElement>('[data-next]')) button.disabled = Boolean(text);
}

/** Loads the part that runs a Wink screen when the person is on one, or the next one is. */
async function nearWink(): Promise<void> {
  const way = outlook();
  const near = [now.id, way[way.indexOf(now.id) + 1] ?? ''].some((id) => screenOf(id)?.wink);
  if (!near || wink || !data.wink) return;
  const { mount } = (await import(/* @vite-ignore */ data.wink.module)) as WinkModule;
  wink ??= mount({ data, server, device, sectionOf, leave: () => void leaveWink(), note });
  wink.show(now.id);
}

/** A link to go on elsewhere carries the submission in its fragment, which browsers never send. */
async function resume(): Promise<boolean> {
  const match = /^#resume=([\w-]+)\.([\w-]+)$/.exec(location.hash);
  if (!match) return false;
  history.replaceState(null, '', location.pathname + location.search);
  device.forget();
  device.keep({ id: match[1] ?? '', token: match[2] ?? '' });
  const answer = await server.call<{ version: string; answers: Answers; passed: string[]; ended?: Ended }>(
    'GET',
    `submissions/${match[1]}/answers`,
    undefined,
  );
  if (answer.ok) device.keep(answer.body);
  else device.forget();
  return true;
}

function begin(): void {
  const { kept } = device;
  if (kept.ended) return showEnding(kept.ended);
  if (kept.id && kept.version !== data.version) {
    // A submission keeps the version it was filled in on.
    return location.replace(`${location.pathname}?version=${kept.version}${location.hash}`);
  }
  if (kept.version !== data.version) device.keep({ version: data.version, passed: [], saves: [] });
  const prefilled = Object.fromEntries(
    [...query].filter(([name]) => data.screens.some(({ fields }) => fields.some(({ id }) => id === name))),
  );
  writeAnswers(form, { ...prefilled, ...kept.answers });
  const { path } = reached();
  const asked = location.hash.slice(1);
  const screen = screenOf(path.includes(asked) ? asked : (path.at(-1) ?? '')) ?? data.screens[0];
  if (screen) show(screen, 'replace');
  void server.flush();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  leave();
});
form.addEventListener('input', showConditional);
form.addEventListener('click', (event) => {
  if ((event.target as HTMLElement).closest('[data-back]')) history.back();
});
addEventListener('popstate', (event) => {
  const { path } = reached();
  const wanted = (event.state as { screen?: string } | null)?.screen ?? location.hash.slice(1);
  const screen = screenOf(path.includes(wanted) ? wanted : (path.at(-1) ?? ''));
  if (device.kept.ended) showEnding(device.kept.ended);
  else if (screen) show(screen, 'back');
});
byId('ending')?.addEventListener('click', (event) => {
  const pressed = (event.target as HTMLElement).closest<HTMLElement>('[data-do]');
  if (pressed?.dataset['do'] === 'copy') {
    void navigator.clipboard
      .writeText(device.kept.ended?.reference ?? '')
      .then(() => (pressed.textContent = words.copied));
  }
  if (pressed?.dataset['do'] === 'again') {
    device.forget();
    location.assign(location.pathname);
  }
});

resolveDates(form);
void resume()
  .catch(() => false)
  .then(begin)
  .then(() => (form.dataset['ready'] = ''));
