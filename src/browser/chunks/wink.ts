/** A Wink screen: opens Smile's widgets, one at a time and each with a new link token, and tells the server all they say. */
import { isMet, mayLeave } from '../../form/runtime/wink.ts';
import type { LinkToken } from '../../contract/api.ts';
import type { PageScreen, PageWidget } from '../../contract/page.ts';
import { button, element } from '../element.ts';
import type { PageContext, Chunks } from '../page-context.ts';
import { load as loadLaunch } from 'chunk:launch';
import { load as loadLinked } from 'chunk:linked';
import { load as loadTrouble } from 'chunk:link-errors';
import { linking as words, page as pageWords } from 'virtual:words';
import { accountsOn, stateOn, widgetState } from './accounts.ts';
import type { Watch } from './linked.ts';
import type { LaunchFailure } from './widget.ts';
import { BROKEN, panelFor, type LaunchState, type WinkPanelView } from './wink-panel.ts';

/** A token lives for hours. One that has expired again and again is a fault, or a clock, that no further token mends. */
const MOST_RENEWALS = 3;

/** The status that a view is about, in Smile's words. */
const STATUS: Partial<Record<WinkPanelView, string>> = { failed: 'ERROR', code: 'AWAITING_MFA', checking: 'PENDING' };

export function mount(page: PageContext): Chunks['wink'] {
  const { data, device, navigation, view } = page;
  /** What came of the last try, by widget. */
  const tries: Record<string, LaunchState | undefined> = {};
  let now = '';
  let renewals = 0;
  /** Grows with every launch, so that what comes too late changes nothing. */
  let turn = 0;
  let takeAway: (() => void) | undefined;
  let linked: Watch | undefined;
  let trouble: typeof import('./link-errors.ts') | undefined;
  /** What was drawn last, by place: what has not changed keeps its focus. */
  const drawn = new Map<Element, string>();

  const leave = () => void page.leave();
  const place = (at: number) => `${now}/${at}`;
  const isBroken = (at: number) => BROKEN.includes(tries[place(at)] ?? '');
  const isOpen = () => Object.values(tries).includes('open');

  function draw(): void {
    const screen = navigation.screen(now);
    if (!screen?.wink) return;
    screen.wink.forEach((widget, at) => drawWidget(screen, widget, at));
    drawLeave(screen, screen.wink);
  }

  function drawWidget(screen: PageScreen, { require }: PageWidget, at: number): void {
    const state = viewOf(screen, at);
    const own = accountsOn(device, now).flatMap(([, one]) => (one.widget === at ? [one] : []));
    const last = own.findLast(({ status }) => status === STATUS[state]) ?? own.at(-1);
    const upload = require === 'uploaded';
    const box = panelFor(state, last, upload, trouble);
    const list = linked?.list(now, at);
    const good = state === 'connected' || state === 'uploaded';
    if (good && list) box?.append(list);
    const begins = state === 'before' || state === 'opening';
    const parts: Element[] = begins ? [] : [box, good ? undefined : list].filter((part) => part !== undefined);
    if (good) parts.push(button(upload ? words.anotherUpload : words.another, () => void launch(at), 'quiet'));
    else {
      const connects = begins || state === 'required';
      const name = connects ? (upload ? words.upload : words.connect) : words.retry;
      const press = button(name, () => void launch(at), state === 'open' ? 'button' : 'button go');
      press.disabled = state === 'opening';
      parts.push(press);
      // What happens is told below the button, which stays where it was pressed.
      if (begins) parts.push(box ?? element('p', { className: 'dim', textContent: upload ? words.takesUpload : words.takes }), ...(list ? [list] : [])); // prettier-ignore
    }
    const target = view.sectionOf(now).querySelector(`[data-wink="${at}"]`);
    // Buttons of several widgets say of which they are.
    const title = target?.parentElement?.querySelector('h2')?.textContent ?? (at && at + 1);
    for (const part of parts)
      if (title && part.matches('button')) part.setAttribute('aria-label', `${part.textContent} ${title}`);
    if (!target || !replace(target, parts) || !isBroken(at)) return;
    // The last one: the first may be a button that stood there before and was kept.
    const add = (ways: Node[]) => parts.at(-1)?.isConnected && target.append(...ways);
    void trouble?.waysOn(page).then(add, () => undefined);
  }

  function viewOf(screen: PageScreen, at: number): WinkPanelView {
    const tried = tries[place(at)];
    if (tried && /^open/.test(tried)) return tried;
    const own = accountsOn(device, now).filter(([, { widget }]) => widget === at);
    const state = widgetState(device, screen, at, false);
    if (state === 'connected' || state === 'uploaded') return state;
    // Known from another device, or from an earlier visit.
    if (screen.wink?.length === 1 && !own.length && device.state.answers[now] === 'connected') return 'connected';
    if (isBroken(at) || tried === 'required') return tried as WinkPanelView;
    if (own.some(([, { status }]) => status === 'AWAITING_MFA')) return 'code';
    if (own.some(([, { status }]) => status === 'PENDING')) return 'checking';
    if (state === 'failed') return 'failed';
    // Who disconnects is not told that nothing was connected.
    return own.some(([, { status }]) => status === 'DISCONNECTED') ? 'before' : (tried ?? 'before');
  }

  /** The ways on from the screen: a button where all is met, a quiet one where a rule of the form allows it. */
  function drawLeave(screen: PageScreen, widgets: PageWidget[]): void {
    const views = widgets.map((_, at) => viewOf(screen, at));
    const came = views.some((one) => one === 'connected' || one === 'uploaded');
    const state = came && views.length === 1 ? (views[0] as string) : stateOn(device, screen, isBroken);
    const may = mayLeave(screen, { ...device.state.answers, [now]: state });
    const parts: Element[] = [];
    if (may && came) parts.push(button(pageWords.next, leave, 'button go'));
    else if (may && views.every((one) => one === 'before')) parts.push(button(words.cannot, leave, 'quiet'));
    else if (may && !views.includes('opening')) parts.push(button(words.without, leave));
    const target = view.sectionOf(now).querySelector('[data-wink-leave]');
    if (target) replace(target, parts);
  }

  /** @returns whether anything was replaced */
  function replace(target: Element, parts: Element[]): boolean {
    const looks = parts.map((part) => part.outerHTML).join('');
    if (drawn.get(target) === looks) return false;
    drawn.set(target, looks);
    const focused = target.contains(document.activeElement);
    // A button that stays the same is not taken away under a finger: its press would be lost.
    const first = target.firstElementChild;
    if (first?.matches('button') && first.isEqualNode(parts[0] as Node)) {
      while (first.nextSibling) first.nextSibling.remove();
      target.append(...parts.slice(1));
    } else target.replaceChildren(...parts);
    if (focused) (target.querySelector<HTMLElement>('.panel') ?? target.querySelector('button'))?.focus();
    return true;
  }

  /** Forgets the tries that came to what is matched. */
  function drop(what: RegExp): void {
    for (const key in tries) if (what.test(tries[key] ?? '')) delete tries[key];
  }

  function set(key: string, tried: LaunchState | undefined): void {
    tries[key] = tried;
    draw();
  }

  /** Opens widget `at`. Another one that is open goes: there is one launch at a time. */
  async function launch(at: number): Promise<void> {
    const screen = now;
    const widget = navigation.screen(screen)?.wink?.[at];
    if (!widget) return;
    const key = place(at);
    const mine = ++turn;
    takeAway?.();
    takeAway = undefined;
    drop(/^open/);
    if (!navigator.onLine) return wentWrong(screen, at, 'offline');
    set(key, 'opening');
    void near();
    const script = scriptOf(widget);
    const [token, launcher] = await Promise.all([newToken(screen, at, mine), bring(widget)]);
    if (mine !== turn) return;
    if (screen !== now || token === 'gone') return set(key, undefined);
    if (!token || !launcher) return wentWrong(screen, at, 'unavailable');
    const tell = (name: string, said: Record<string, unknown>) => {
      page.record(name, { ...said, screen, ...(at && { widget: at }) });
      launcher.applyCallback(device, screen, at, name, said);
      linked?.stir();
      // One that was replaced is believed, but no longer shown.
      if (mine === turn) heard(screen, at, name);
    };
    const went = (why: LaunchFailure) => mine === turn && wentWrong(screen, at, why);
    const what = { script, userToken: token.accessToken, templateId: token.templateId };
    try {
      const remove = await launcher.run(widget.frame && data.frame, words.opened, what, tell, went);
      // A widget may close, or its token expire, while it opens.
      if (mine !== turn) return remove();
      takeAway = remove;
      if (tries[key] === 'opening') set(key, 'open');
      linked?.stir();
    } catch (why) {
      went(why as LaunchFailure);
    }
  }

  const scriptOf = ({ sdk }: PageWidget) => new URL(data.scripts?.[sdk] ?? '', location.href).href;

  /** Loads what runs `widget`, and the widget's script where it runs in this page. */
  async function bring(widget: PageWidget) {
    const launcher = await loadLaunch().catch(() => undefined);
    if (!widget.frame) void launcher?.loadScript(scriptOf(widget));
    return launcher;
  }

  async function newToken(
    screen: string,
    widget: number,
    mine: number,
    again = true,
  ): Promise<LinkToken | 'gone' | undefined> {
    const keep = await page.chunk('submission');
    if (!(await keep.flush())) return undefined;
    await keep.start();
    // The server takes the widget that it was asked for last to be the one that is open.
    if (mine !== turn) return undefined;
    const body = { screen, ...(widget && { widget }) };
    const answer = await keep.ask<LinkToken>('POST', `submissions/${device.state.id}/link-token`, body);
    if (answer?.ok) return answer.body;
    // One that the server no longer knows has been begun anew.
    if (again && answer?.refusal.code === 'unknown_submission') return newToken(screen, widget, mine, false);
    // It was sent meanwhile, or its answers lead elsewhere: the person is shown where they belong.
    if (answer?.refusal.status !== 409) return undefined;
    if (answer.refusal.code !== 'already_submitted') keep.refused(screen, answer.refusal);
    return 'gone';
  }

  function wentWrong(screen: string, at: number, why: LaunchState): void {
    page.record('widgetBlocked', { screen, ...(at && { widget: at }), why });
    set(`${screen}/${at}`, why);
  }

  function heard(screen: string, at: number, name: string): void {
    const key = `${screen}/${at}`;
    if (name === 'onTokenExpired') {
      // Smile documents no way to give a widget another token: what it added goes, and a new one opens.
      takeAway?.();
      takeAway = undefined;
      if (renewals++ < MOST_RENEWALS && screen === now) return void launch(at);
      turn++;
      return set(key, 'unavailable');
    }
    if (name === 'onClose') {
      renewals = 0;
      takeAway = undefined;
      if (!isBroken(at)) tries[key] = 'closed';
      draw();
      if (screen === now) view.sectionOf(screen).querySelector<HTMLElement>(`[data-wink="${at}"] .panel`)?.focus();
    } else draw();
  }

  /** Loads what is needed once something has happened, while the person reads. */
  async function near(): Promise<void> {
    try {
      trouble ??= await loadTrouble();
      const { openLinked } = await loadLinked();
      linked ??= openLinked(page, draw, isOpen);
    } catch {
      // Without them there are plainer words, and the server is asked when the screen is left.
    }
    draw();
  }

  addEventListener('online', () => {
    drop(/^offline/);
    draw();
  });

  return {
    show(screen) {
      now = screen;
      const widgets = navigation.screen(screen)?.wink;
      if (!widgets) return;
      draw();
      for (const widget of widgets) void bring(widget);
      // Another device may have gone on meanwhile.
      void near().then(() => device.state.id && linked?.stir());
    },
    refused() {
      const screen = navigation.screen(now);
      const lacks = ({ require }: PageWidget, at: number) =>
        !isMet(require, widgetState(device, screen as PageScreen, at, false));
      const at = screen?.wink?.findIndex(lacks) ?? 0;
      set(place(Math.max(at, 0)), 'required');
      linked?.stir();
      view.note('');
    },
  };
}
