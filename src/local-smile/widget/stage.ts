import { linkApi, type LinkAnswer, type LinkApi, type WidgetSession } from './api.ts';
import { choices, type Choices, type CloseReason, type EventName, type Options, type UIEvent } from './options.ts';
import { readToken } from './token.ts';
import { expired, unreachable } from './trouble-screens.ts';
import { openWidgetView, type WidgetScreen } from './view.ts';

/** Where the screens of one widget follow each other: what they show, ask and tell. */
export interface Stage {
  readonly options: Options;
  /** Valid once the widget is open. */
  readonly session: WidgetSession;
  readonly choices: Choices;
  readonly userId: string;
  /** Undefined until the token has been read. */
  readonly api: LinkApi | undefined;
  show(screen: WidgetScreen): void;
  /** Whether the screen that is shown now will still be the one: an answer that comes too late changes nothing. */
  stillHere(): () => boolean;
  /** Asks the Link API; leads to the right screen and answers undefined when that fails or comes too late. */
  ask<T>(request: (link: LinkApi) => Promise<LinkAnswer<T>>, again: () => void): Promise<T | undefined>;
  /** Tells the page that a screen has been shown. */
  ui(eventName: EventName, about?: Partial<Pick<UIEvent, 'account' | 'archive'>>): void;
  /** Calls the page back. What it throws is its own trouble, not the widget's. */
  tell(callback: (options: Options) => void): void;
  unreachable(again: () => void): void;
  expired(): void;
  /** Lets the token expire no more: all is done. */
  keep(): void;
  finish(reason: CloseReason): void;
}

/** Opens the dialog, which shows `opening` while a token is being looked at; `onOpen` runs once one is accepted. */
export function openStage(
  options: Options,
  given: { widgetId: string; scriptUrl: string; opening: () => WidgetScreen; onOpen: () => void; onGone: () => void },
): Stage {
  let api: LinkApi | undefined;
  let user = { userId: '', mode: 'SANDBOX' };
  let session: WidgetSession | undefined;
  let chosen = choices(options, null);
  let expiry: ReturnType<typeof setTimeout> | undefined;
  /** Grows with every screen. */
  let turn = 0;

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
      turn += 1;
      view.show(screen);
    },
    stillHere() {
      const mine = turn;
      return () => mine === turn;
    },
    async ask(request, again) {
      const here = stage.stillHere();
      const answer = api && (await request(api));
      if (!answer || !here()) return undefined;
      if (answer.ok) return answer.data;
      if (answer.why === 'expired') stage.expired();
      else stage.unreachable(again);
      return undefined;
    },
    ui(eventName, { account = null, archive = null } = {}) {
      const event = { eventName, eventTime: new Date().toISOString(), ...user, account, archive };
      stage.tell((page) => page.onUIEvent?.(event));
    },
    tell(callback) {
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
      stage.tell((page) => page.onTokenExpired?.(start));
    },
    keep: () => clearTimeout(expiry),
    finish(reason) {
      turn += 1;
      clearTimeout(expiry);
      view.remove();
      api?.closed();
      given.onGone();
      stage.tell((page) => page.onClose?.({ reason }));
    },
  };
  // Only once the caller holds the stage: a callback may well open or close the widget.
  queueMicrotask(() => start(options.userToken));
  return stage;

  function start(token: string) {
    const claims = readToken(token);
    const base = claims && URL.parse(claims.iss, given.scriptUrl || undefined)?.href.replace(/\/+$/, '');
    if (!claims || !base) return stage.expired();
    user = { userId: claims.userId, mode: claims.mode };
    api = linkApi(base, token, given.widgetId);
    void open();
  }

  async function open() {
    stage.show(given.opening());
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
    given.onOpen();
  }
}
