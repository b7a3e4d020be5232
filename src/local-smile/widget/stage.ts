import { linkApi, type LinkAnswer, type LinkApi, type WidgetSession } from './api.ts';
import { choices, type Choices, type CloseReason, type EventName, type Options, type UIEvent } from './options.ts';
import { readToken } from './token.ts';
import { expired, unreachable } from './trouble-screens.ts';
import { openWidgetView, type WidgetScreen } from './view.ts';

/** Shows the screens of one widget, calls its API and reports to the page. */
export interface Stage {
  readonly options: Options;
  /** Valid once the widget is open. */
  readonly session: WidgetSession;
  readonly choices: Choices;
  readonly userId: string;
  /** Undefined until the token was read. */
  readonly api: LinkApi | undefined;
  show(screen: WidgetScreen): void;
  /** @returns a function that tells whether the current screen is still shown, so that late answers are ignored */
  isCurrent(): () => boolean;
  /** Calls the Link API. On a failure it shows the right screen. @returns undefined after a failure or a late answer */
  ask<T>(request: (link: LinkApi) => Promise<LinkAnswer<T>>, again: () => void): Promise<T | undefined>;
  /** Reports to the page that a screen was shown. */
  ui(eventName: EventName, about?: Partial<Pick<UIEvent, 'account' | 'archive'>>): void;
  /** Calls a callback of the page. Its errors do not affect the widget. */
  callPage(callback: (options: Options) => void): void;
  unreachable(again: () => void): void;
  expired(): void;
  /** The token no longer expires: the flow is complete. */
  keepOpen(): void;
  finish(reason: CloseReason): void;
}

/** Opens the dialog, and shows `opening` while a token is checked. `onOpen` runs after one is accepted. */
export function openStage(
  options: Options,
  widget: { widgetId: string; scriptUrl: string; opening: () => WidgetScreen; onOpen: () => void; onGone: () => void },
): Stage {
  let api: LinkApi | undefined;
  let user = { userId: '', mode: 'SANDBOX' };
  let session: WidgetSession | undefined;
  let chosen = choices(options, null);
  let expiry: ReturnType<typeof setTimeout> | undefined;
  /** Increases with every screen. */
  let screenNumber = 0;

  const view = openWidgetView(() => stage.finish('close'));
  const stage: Stage = {
    options,
    get session() {
      if (!session) throw new Error('The widget is not open yet.');
      return session;
    },
    get choices() {
      return chosen;
    },
    get userId() {
      return user.userId;
    },
    get api() {
      return api;
    },
    show(screen) {
      screenNumber += 1;
      view.show(screen);
    },
    isCurrent() {
      const mine = screenNumber;
      return () => mine === screenNumber;
    },
    async ask(request, again) {
      const here = stage.isCurrent();
      const answer = api && (await request(api));
      if (!answer || !here()) return undefined;
      if (answer.ok) return answer.data;
      if (answer.why === 'expired') stage.expired();
      else stage.unreachable(again);
      return undefined;
    },
    ui(eventName, { account = null, archive = null } = {}) {
      const event = { eventName, eventTime: new Date().toISOString(), ...user, account, archive };
      stage.callPage((page) => page.onUIEvent?.(event));
    },
    callPage(callback) {
      try {
        callback(options);
      } catch (error) {
        reportError(error);
      }
    },
    unreachable(again) {
      stage.show(unreachable(again, () => stage.finish('error')));
    },
    expired() {
      clearTimeout(expiry);
      stage.show(expired());
      stage.callPage((page) => page.onTokenExpired?.(start));
    },
    keepOpen: () => clearTimeout(expiry),
    finish(reason) {
      screenNumber += 1;
      clearTimeout(expiry);
      view.remove();
      api?.closed();
      widget.onGone();
      stage.callPage((page) => page.onClose?.({ reason }));
    },
  };
  // After the caller has the stage: a callback may open or close the widget.
  queueMicrotask(() => start(options.userToken));
  return stage;

  function start(token: string) {
    const claims = readToken(token);
    const base = claims && URL.parse(claims.iss, widget.scriptUrl || undefined)?.href.replace(/\/+$/, '');
    if (!claims || !base) return stage.expired();
    user = { userId: claims.userId, mode: claims.mode };
    api = linkApi(base, token, widget.widgetId);
    void open();
  }

  async function open() {
    stage.show(widget.opening());
    const answer = await stage.ask((link) => link.open(options.templateId), open);
    if (!answer) return;
    session = answer;
    chosen = choices(options, answer.template);
    if (options.templateId && !answer.template) {
      console.warn(`Local Smile has no Wink template ${options.templateId}; the widget shows its defaults.`);
    }
    if (chosen.primaryColor) view.paint(chosen.primaryColor);
    clearTimeout(expiry);
    expiry = setTimeout(stage.expired, answer.expiresInMs);
    widget.onOpen();
  }
}
