/** A Wink screen: opens Smile's widget with a new link token per launch, and tells the server all it says. */
import { fill } from '../form/text.ts';
import { mayLeave } from '../form/wink.ts';
import type { PageData } from '../publish/page-data.ts';
import type { Device } from './device.ts';
import { element } from './errors.ts';
import { NoAnswer, type Server } from './server.ts';

/* The widget's constructor, as Smile documents it in Account Linking. */
interface SmileLinkModal {
  open(): void;
}
declare global {
  interface Window {
    SmileLinkModal?: new (options: Record<string, unknown>) => SmileLinkModal;
  }
}

interface Around {
  data: PageData;
  server: Server;
  device: Device;
  sectionOf(id: string): HTMLElement;
  leave(): void;
  note(text: string): void;
}

export interface WinkPart {
  show(screen: string): void;
  /** The server does not let the person go on yet. */
  refused(): void;
}

export interface WinkModule {
  mount(around: Around): WinkPart;
}

type View = 'before' | 'opening' | 'open' | 'connected' | 'failed' | 'closed' | 'unavailable' | 'blocked' | 'required';

interface LinkToken {
  accessToken: string;
  templateId?: string;
}

/** What the widget has said of accounts on one screen: its last word on each. */
type Accounts = Record<string, { status: 'created' | 'connected' | 'failed'; error?: string }>;

/** A token lives for hours. One that has expired again and again is a fault, or a clock, that no further token mends. */
const MOST_RENEWALS = 3;

export function mount({ data, server, device, sectionOf, leave, note }: Around): WinkPart {
  const words = data.wink?.words as NonNullable<PageData['wink']>['words'];
  const accounts: Record<string, Accounts> = {};
  const views: Record<string, View> = {};
  let now = '';
  let renewals = 0;

  function draw(view: View): void {
    views[now] = view;
    const screen = data.screens.find(({ id }) => id === now);
    const place = sectionOf(now).querySelector('[data-wink]');
    if (!screen?.wink || !place) return;
    const without = {
      ...device.kept.answers,
      [now]: ['failed', 'unavailable', 'blocked'].includes(view) ? 'failed' : 'skipped',
    };
    const parts: Node[] = [];
    const message = messageOf(view);
    if (message) parts.push(panel(view, message));
    if (view === 'connected') parts.push(button(data.words.next, leave, 'button go'), button(words.another, launch));
    else if (view === 'before')
      parts.push(
        button(words.connect, launch, 'button go'),
        element('p', { className: 'dim', textContent: words.takes }),
      );
    else if (view === 'opening') parts.push(button(words.connect, launch, 'button go', true));
    else if (view === 'open') parts.push(button(words.retry, launch));
    else parts.push(button(view === 'required' ? words.connect : words.retry, launch, 'button go'));
    if (view !== 'connected' && view !== 'opening' && mayLeave(screen, without)) {
      parts.push(
        button(view === 'before' ? words.cannot : words.without, leave, view === 'before' ? 'quiet' : 'button'),
      );
    }
    place.replaceChildren(...parts);
  }

  function messageOf(view: View): { title: string; text?: string } | undefined {
    if (view === 'before') return undefined;
    if (view === 'opening') return { title: words.opening };
    if (view === 'open') return { title: words.opened, text: words.wait };
    if (view === 'connected') return { title: words.connected };
    if (view === 'failed') return { title: words.failed, text: failure() };
    return { title: words.failed, text: words[view] };
  }

  /** The widget's last error on this screen, in words. */
  function failure(): string {
    const code = Object.values(accounts[now] ?? {}).findLast(({ error }) => error)?.error ?? '';
    const sentence =
      /^INVALID_CREDENTIALS|^EXPIRED_CREDENTIALS|^AUTH_REQUIRED/.test(code) ? words.refused
      : code === 'INVALID_MFA' ? words.wrongCode
      : code === 'MFA_TIMEOUT' ? words.late
      : /^ACCOUNT_/.test(code) ? words.locked
      : code === 'SERVICE_UNAVAILABLE' ? words.down
      : words.other; // prettier-ignore
    return fill(sentence, { provider: words.provider });
  }

  function panel(view: View, { title, text }: { title: string; text?: string }): HTMLElement {
    const good = view === 'connected';
    const waiting = view === 'opening' || view === 'open';
    const box = element('div', { className: 'panel near', role: good || waiting ? 'status' : 'alert', tabIndex: -1 });
    const sign = `<svg aria-hidden="true"><use href="#i-${good ? 'ok' : waiting ? 'spin' : 'warn'}"/></svg>`;
    const line = element('p', { className: `note ${good ? 'ok' : waiting ? '' : 'no'}` });
    line.innerHTML = sign;
    if (waiting) line.firstElementChild?.classList.add('spin');
    line.append(element('b', { textContent: title }));
    box.append(line);
    if (text) box.append(element('p', { textContent: text }));
    if (view === 'failed') box.append(element('p', { className: 'dim', textContent: words.advice }));
    return box;
  }

  function button(text: string, press: () => void, className = 'button', disabled = false): HTMLButtonElement {
    const made = element('button', { type: 'button', className, textContent: text, disabled });
    made.addEventListener('click', press);
    return made;
  }

  async function launch(): Promise<void> {
    const screen = now;
    draw('opening');
    const token = await newToken(screen);
    if (screen !== now) return;
    if (!token) return draw('unavailable');
    const loaded = await loadScript(scriptOf(screen));
    if (screen !== now) return;
    if (!loaded || !window.SmileLinkModal) return draw('blocked');
    open(screen, token);
  }

  async function newToken(screen: string): Promise<LinkToken | undefined> {
    try {
      await server.flush();
      await server.start();
      const answer = await server.call<LinkToken>('POST', `submissions/${device.kept.id}/link-token`, { screen });
      return answer.ok ? answer.body : undefined;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      return undefined;
    }
  }

  const scriptOf = (screen: string) =>
    data.wink?.scripts[data.screens.find(({ id }) => id === screen)?.wink?.sdk ?? 'v2'] ?? '';

  function open(screen: string, token: LinkToken): void {
    const before = new Set(document.body.children);
    const tell = (name: string) => (detail?: unknown) => {
      const said = typeof detail === 'object' && detail !== null ? (detail as Record<string, unknown>) : {};
      server.record(name, { ...said, screen });
      heard(screen, name, said);
      return said;
    };
    const Modal = window.SmileLinkModal as NonNullable<Window['SmileLinkModal']>;
    draw('open');
    new Modal({
      userToken: token.accessToken,
      ...(token.templateId && { templateId: token.templateId }),
      onAccountCreated: tell('onAccountCreated'),
      onAccountConnected: tell('onAccountConnected'),
      onAccountRemoved: tell('onAccountRemoved'),
      onAccountError: tell('onAccountError'),
      onUploadsCreated: tell('onUploadsCreated'),
      onUploadsRemoved: tell('onUploadsRemoved'),
      onUIEvent: tell('onUIEvent'),
      onTokenExpired: () => {
        tell('onTokenExpired')();
        // Smile documents no way to close a widget, nor to give it another token: what it added goes, and a new one opens.
        for (const added of document.body.children) if (!before.has(added)) added.remove();
        if (renewals++ < MOST_RENEWALS) void launch();
        else draw('unavailable');
      },
      onClose: (detail: unknown) => {
        tell('onClose')(detail);
        settle(screen);
      },
    }).open();
  }

  function heard(screen: string, name: string, said: Record<string, unknown>): void {
    const id = typeof said['accountId'] === 'string' ? said['accountId'] : undefined;
    if (!id) return;
    const known = (accounts[screen] ??= {});
    if (name === 'onAccountCreated') known[id] ??= { status: 'created' };
    if (name === 'onAccountConnected') known[id] = { status: 'connected' };
    if (name === 'onAccountError') known[id] = { status: 'failed', error: String(said['errorCode'] ?? '') };
    if (name === 'onAccountRemoved') Reflect.deleteProperty(known, id);
  }

  /** What the screen says once the widget has closed. */
  function settle(screen: string): void {
    const said = Object.values(accounts[screen] ?? {}).map(({ status }) => status);
    if (screen !== now) return;
    draw(said.includes('connected') ? 'connected' : said.includes('failed') ? 'failed' : 'closed');
    sectionOf(screen).querySelector<HTMLElement>('[data-wink] .panel')?.focus();
  }

  return {
    show(screen) {
      now = screen;
      if (!data.screens.find(({ id }) => id === screen)?.wink) return;
      void loadScript(scriptOf(screen));
      draw(device.kept.answers[screen] === 'connected' ? 'connected' : (views[screen] ?? 'before'));
    },
    refused() {
      draw('required');
      note('');
    },
  };
}

const scripts = new Map<string, Promise<boolean>>();

/** Adds the widget's script once; a failed try is forgotten, so that the next one may succeed. */
function loadScript(src: string): Promise<boolean> {
  const known = scripts.get(src);
  if (known) return known;
  const loading = new Promise<boolean>((done) => {
    const script = element('script', { src, async: true });
    script.addEventListener('load', () => done(true));
    script.addEventListener('error', () => {
      scripts.delete(src);
      script.remove();
      done(false);
    });
    document.head.append(script);
  });
  scripts.set(src, loading);
  return loading;
}
