/**
 * A Wink screen: opens Smile's widgets, one at a time with a new link token each, and reports their callbacks to the
 * server.
 */
import { countsAsConnected, isMet, mayLeave } from '../../../form/runtime/wink.ts';
import type { LinkToken } from '../../../contract/api.ts';
import type { PageScreen, PageWidget } from '../../../contract/page.ts';
import type { DeviceAccount } from '../../device.ts';
import { button, element } from '../../element.ts';
import type { PageContext, Chunks } from '../../page-context.ts';
import { load as loadLaunch } from 'chunk:launch';
import { load as loadLinked } from 'chunk:linked';
import { load as loadTrouble } from 'chunk:link-errors';
import { linking as words, page as pageWords } from 'virtual:words';
import { accountsOn, hasShared, stateOn, widgetState } from './accounts.ts';
import type { Watch } from './linked.ts';
import type { LaunchFailure } from './widget.ts';
import { BROKEN, describeView, panelFor, type LaunchState, type WinkPanelView } from './wink-panel.ts';

/**
 * A token is valid for hours. If tokens keep expiring, a bug or a wrong clock is the cause, and more tokens do not
 * help.
 */
const MAX_RENEWALS = 3;

/** The Smile status that a view shows. */
const STATUS: Partial<Record<WinkPanelView, string>> = { failed: 'ERROR', code: 'AWAITING_MFA', checking: 'PENDING' };

export function mount(page: PageContext): Chunks['wink'] {
  const { data, device, navigation, view } = page;
  /** The last launch of each widget. */
  const launches: Record<string, LaunchState | undefined> = {};
  /** The place of the widget that was launched last. */
  let launched = '';
  let screenId = '';
  let renewals = 0;
  /** Increases with every launch, so that late results are ignored. */
  let launchNumber = 0;
  let removeWidget: (() => boolean) | undefined;
  let linked: Watch | undefined;
  let linkErrors: typeof import('./link-errors.ts') | undefined;
  /** The places of widgets that had an account or a document when they were last drawn. */
  const done = new Set<string>();
  /** The markup last drawn, by place: unchanged elements keep their focus. */
  const drawn = new Map<Element, string>();

  /** The server may have lost the submission with its accounts, before the press or at it. Then the screen shows that. */
  function leave({ target }: Event): void {
    draw();
    if ((target as Element).isConnected) void page.leave().then(draw);
  }
  const place = (at: number) => `${screenId}/${at}`;
  const isBroken = (at: number) => BROKEN.includes(launches[place(at)] ?? '');
  const isOpen = () => Object.values(launches).includes('open');

  function draw(): void {
    const screen = navigation.screen(screenId);
    if (!screen?.wink) return;
    screen.wink.forEach((widget, at) => drawWidget(screen, widget, at));
    drawLeave(screen, screen.wink);
  }

  function drawWidget(screen: PageScreen, { require }: PageWidget, at: number): void {
    const state = viewOf(screen, at);
    const own = accountsOn(device, screenId).flatMap(([, one]) => (one.widget === at ? [one] : []));
    const explains = (one: DeviceAccount) => (state === 'connected' ? countsAsConnected(one) : one.status === STATUS[state]); // prettier-ignore
    const last = own.filter(explains).at(-1) ?? own.at(-1);
    const upload = require === 'uploaded';
    const box = panelFor(state, last, upload, linkErrors, !device.state.saves[0], hasShared(device));
    const list = linked?.list(screenId, at);
    const isDone = state === 'connected' || state === 'uploaded';
    if (isDone && list) box?.append(list);
    const isNew = state === 'before' || state === 'opening';
    const nodes: Element[] = isNew ? [] : [box, isDone ? undefined : list].filter((node) => node !== undefined);
    if (isDone) {
      // The person has connected an account since a launch failed, such as on another device.
      if (!done.has(place(at))) delete launches[place(at)];
      done.add(place(at));
      // The window for a further account did not open.
      const reason = isBroken(at) && describeView(launches[place(at)] as LaunchState, undefined, linkErrors);
      nodes.push(button(upload ? words.anotherUpload : words.another, () => void launch(at), 'quiet'));
      if (reason) nodes.push(element('p', { textContent: reason, role: 'alert' }));
    } else {
      // A window that opens for a further account changes nothing.
      if (!/^open/.test(state)) done.delete(place(at));
      const connects = isNew || state === 'required';
      const name = connects ? (upload ? words.upload : words.connect) : words.retry;
      const launchButton = button(name, () => void launch(at), state === 'open' ? 'button' : 'button go');
      launchButton.disabled = state === 'opening';
      nodes.push(launchButton);
      // Progress is shown below the button, so that the button does not move.
      if (isNew) nodes.push(box ?? element('p', { className: 'dim', textContent: upload ? words.takesUpload : words.takes }), ...(list ? [list] : [])); // prettier-ignore
    }
    const target = view.sectionOf(screenId).querySelector(`[data-wink="${at}"]`);
    // With several widgets, the labels of buttons name the widget.
    const title = target?.parentElement?.querySelector('h2')?.textContent ?? (at && at + 1);
    for (const node of nodes)
      if (title && node.matches('button')) node.setAttribute('aria-label', `${node.textContent} ${title}`);
    if (!target || !replace(target, nodes) || !isBroken(at)) return;
    // The last node: the first may be a button that was kept.
    const add = (links: Node[]) => nodes.at(-1)?.isConnected && target.append(...links);
    void linkErrors?.alternatives(page).then(add, () => undefined);
  }

  function viewOf(screen: PageScreen, at: number): WinkPanelView {
    const launchState = launches[place(at)];
    if (launchState && /^open/.test(launchState)) return launchState;
    const own = accountsOn(device, screenId).filter(([, { widget }]) => widget === at);
    const state = widgetState(device, screen, at, false);
    if (state === 'connected' || state === 'uploaded') return state;
    // Known from another device or an earlier visit.
    const { answers, passed } = device.state;
    if (screen.wink?.length === 1 && !own.length && answers[screenId] === 'connected' && passed.includes(screenId)) return 'connected'; // prettier-ignore
    if (isBroken(at) || launchState === 'required') return launchState as WinkPanelView;
    if (own.some(([, { status }]) => status === 'AWAITING_MFA')) return 'code';
    if (own.some(([, { status }]) => status === 'PENDING')) return 'checking';
    if (state === 'failed') return 'failed';
    // After a disconnection, "nothing connected" would be wrong.
    return own.some(([, { status }]) => status === 'DISCONNECTED') ? 'before' : (launchState ?? 'before');
  }

  /**
   * The ways to leave the screen: a main button if its requirements are met, a quiet one if a rule of the form allows
   * it.
   */
  function drawLeave(screen: PageScreen, widgets: PageWidget[]): void {
    const views = widgets.map((_, at) => viewOf(screen, at));
    const hasResult = views.some((one) => one === 'connected' || one === 'uploaded');
    const state = hasResult && views.length === 1 ? (views[0] as string) : stateOn(device, screen, isBroken);
    const canLeave = mayLeave(screen, { ...device.state.answers, [screenId]: state });
    const nodes: Element[] = [];
    if (canLeave && hasResult) nodes.push(button(pageWords.next, leave, 'button go'));
    else if (canLeave && views.every((one) => one === 'before')) nodes.push(button(words.cannot, leave, 'quiet'));
    else if (canLeave && !views.includes('opening')) nodes.push(button(words.without, leave));
    const target = view.sectionOf(screenId).querySelector('[data-wink-leave]');
    if (target) replace(target, nodes);
  }

  /** @returns whether anything was replaced */
  function replace(target: Element, nodes: Element[]): boolean {
    const markup = nodes.map((node) => node.outerHTML).join('');
    if (drawn.get(target) === markup) return false;
    drawn.set(target, markup);
    const focused = target.contains(document.activeElement);
    // An unchanged button stays in the document: replacing it during a press would lose the press.
    const first = target.firstElementChild;
    if (first?.matches('button') && first.isEqualNode(nodes[0] as Node)) {
      while (first.nextSibling) first.nextSibling.remove();
      target.append(...nodes.slice(1));
    } else target.replaceChildren(...nodes);
    if (focused) (target.querySelector<HTMLElement>('.panel') ?? target.querySelector('button'))?.focus();
    return true;
  }

  /** Forgets launches whose state matches `pattern`. */
  function dropLaunches(pattern: RegExp): void {
    for (const key in launches) if (pattern.test(launches[key] ?? '')) delete launches[key];
  }

  function set(key: string, launchState: LaunchState | undefined): void {
    launches[key] = launchState;
    draw();
  }

  /** Opens widget `at`, and closes any other: there is one launch at a time. */
  async function launch(at: number): Promise<void> {
    const screen = screenId;
    const widget = navigation.screen(screen)?.wink?.[at];
    if (!widget) return;
    const key = (launched = place(at));
    const ownNumber = ++launchNumber;
    removeWidget?.();
    removeWidget = undefined;
    dropLaunches(/^open/);
    if (!navigator.onLine) return launchFailed(screen, at, 'offline');
    set(key, 'opening');
    void loadLater();
    const script = scriptOf(widget);
    const [token, launcher] = await Promise.all([newToken(screen, at, ownNumber), loadLauncher(widget)]);
    if (ownNumber !== launchNumber) return;
    if (screen !== screenId || token === 'gone') return set(key, undefined);
    if (!token || !launcher) return launchFailed(screen, at, 'unavailable');
    const { start } = device.state;
    const report = (name: string, detail: Record<string, unknown>) => {
      // Otherwise the submission of this window is gone. Another one has begun, which does not have the account.
      if (start === device.state.start) {
        page.record(name, { ...detail, screen, ...(at && { widget: at }) });
        launcher.applyCallback(device, screen, at, name, detail);
      }
      linked?.poll();
      // Callbacks of a replaced widget are stored, but not shown.
      if (ownNumber === launchNumber) afterCallback(screen, at, name);
    };
    const fail = (reason: LaunchFailure) => ownNumber === launchNumber && launchFailed(screen, at, reason);
    const pattern = { script, userToken: token.accessToken, templateId: token.templateId };
    try {
      const remove = await launcher.run(widget.frame && data.frame, words.opened, pattern, report, fail);
      // A widget may close, or its token expire, while it opens.
      if (ownNumber !== launchNumber) return void remove();
      removeWidget = remove;
      if (launches[key] === 'opening') set(key, 'open');
      linked?.poll();
    } catch (reason) {
      fail(reason as LaunchFailure);
    }
  }

  const scriptOf = ({ sdk }: PageWidget) => new URL(data.scripts?.[sdk] ?? '', location.href).href;

  /** Loads the launcher of `widget`, and its script if it runs in this page. */
  async function loadLauncher(widget: PageWidget) {
    const launcher = await loadLaunch().catch(() => undefined);
    if (!widget.frame) void launcher?.loadScript(scriptOf(widget));
    return launcher;
  }

  async function newToken(
    screen: string,
    widget: number,
    ownNumber: number,
    retry = true,
  ): Promise<LinkToken | 'gone' | undefined> {
    const submission = await page.chunk('submission');
    if (!(await submission.flush())) return undefined;
    await submission.start();
    // The server treats the last requested widget as the open one.
    if (ownNumber !== launchNumber) return undefined;
    const body = { screen, ...(widget && { widget }) };
    const answer = await submission.ask<LinkToken>(
      'accessToken',
      'POST',
      `submissions/${device.state.id}/link-token`,
      body,
    );
    if (answer?.ok) return answer.body;
    // The server no longer knew the submission, and it was started again.
    if (retry && answer?.refusal.code === 'unknown_submission') return newToken(screen, widget, ownNumber, false);
    // The form was submitted or is closed, or its answers lead elsewhere: the page shows it.
    if (!answer || (answer.refusal.status !== 409 && answer.refusal.code !== 'form_closed')) return undefined;
    if (answer.refusal.code !== 'already_submitted') submission.refused(screen, answer.refusal);
    return 'gone';
  }

  function launchFailed(screen: string, at: number, reason: LaunchState): void {
    page.record('widgetBlocked', { screen, ...(at && { widget: at }), why: reason });
    set(`${screen}/${at}`, reason);
  }

  function afterCallback(screen: string, at: number, name: string): void {
    const key = `${screen}/${at}`;
    if (name === 'onTokenExpired') {
      // Smile documents no way to renew a widget's token: the widget is removed, and a new one opens.
      removeWidget?.();
      removeWidget = undefined;
      if (renewals++ < MAX_RENEWALS && screen === screenId) return void launch(at);
      launchNumber++;
      return set(key, 'unavailable');
    }
    if (name === 'onClose') {
      renewals = 0;
      removeWidget = undefined;
      if (!isBroken(at)) launches[key] = 'closed';
      draw();
      // It may have shown accounts as connected that now count to this screen.
      linked?.poll();
      if (screen === screenId) view.sectionOf(screen).querySelector<HTMLElement>(`[data-wink="${at}"] .panel`)?.focus();
    } else draw();
  }

  /** Loads the code for results and errors while the person reads. */
  async function loadLater(): Promise<void> {
    try {
      linkErrors ??= await loadTrouble();
      const { openLinked } = await loadLinked();
      linked ??= openLinked(page, draw, isOpen);
    } catch {
      // Without them the page shows simpler messages, and the server decides when the person leaves.
    }
    draw();
  }

  addEventListener('online', () => {
    dropLaunches(/^offline/);
    draw();
  });

  // The phone's Back closes the window, as it closes others, and the person stays on the screen or returns to the review.
  // A window that opens later would cover another screen.
  addEventListener('popstate', ({ state }: { state: { screen?: string } | null }) => {
    const launchState = launches[launched] ?? '';
    if (!(removeWidget || launchState === 'opening') || !state || state.screen === screenId) return;
    launchNumber++;
    // It may have come late, or have stayed where the browser has blocked a pop-up of it.
    const wasShown = removeWidget?.();
    removeWidget = undefined;
    if (!BROKEN.includes(launchState)) launches[launched] = wasShown ? 'closed' : undefined;
    if (wasShown && state.screen) history.forward();
  });

  // Another tab may have changed the accounts. The device has read them before this runs.
  addEventListener('storage', draw);

  return {
    show(screen) {
      screenId = screen;
      const widgets = navigation.screen(screen)?.wink;
      if (!widgets) return;
      draw();
      for (const widget of widgets) void loadLauncher(widget);
      // The person may have continued on another device meanwhile.
      void loadLater().then(() => device.state.id && linked?.poll());
    },
    refused() {
      const screen = navigation.screen(screenId);
      const isUnmet = ({ require }: PageWidget, at: number) =>
        !isMet(require, widgetState(device, screen as PageScreen, at, false));
      const at = screen?.wink?.findIndex(isUnmet) ?? 0;
      set(place(Math.max(at, 0)), 'required');
      linked?.poll();
      view.note('');
    },
  };
}
