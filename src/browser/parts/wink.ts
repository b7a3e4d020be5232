/** A Wink screen: opens Smile's widget with a new link token per launch, and tells the server all it says. */
import { mayLeave } from '../form/wink.ts';
import type { PageData } from '../publish/page-data.ts';
import type { Device } from './device.ts';
import { element } from './errors.ts';
import { loadScript } from './load-script.ts';
import { NoAnswer } from './queue.ts';
import type { Server } from './server.ts';
import { panelFor, type View } from './wink-panel.ts';

declare global {
  interface Window {
    /** The widget's constructor (Smile, Account Linking). */
    SmileLinkModal?: new (options: Record<string, unknown>) => { open(): void };
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

interface LinkToken {
  accessToken: string;
  templateId?: string;
}

/** A token lives for hours. One that has expired again and again is a fault, or a clock, that no further token mends. */
const MOST_RENEWALS = 3;

export function mount({ data, server, device, sectionOf, leave, note }: Around): WinkPart {
  const words = data.wink?.words as NonNullable<PageData['wink']>['words'];
  const views: Record<string, View> = {};
  let now = '';
  let renewals = 0;

  const screenOf = (id: string) => data.screens.find((screen) => screen.id === id);
  const accountsOf = (screen: string) => device.kept.accounts[screen] ?? {};

  function draw(view: View): void {
    views[now] = view;
    const screen = screenOf(now);
    const place = sectionOf(now).querySelector('[data-wink]');
    if (!screen?.wink || !place) return;
    const failed = ['failed', 'unavailable', 'blocked'].includes(view);
    const unmet = mayLeave(screen, { ...device.kept.answers, [now]: failed ? 'failed' : 'skipped' });
    const box = panelFor(view, accountsOf(now), words);
    const parts: Node[] = box ? [box] : [];
    if (view === 'connected') parts.push(button(data.words.next, leave, 'button go'), button(words.another, launch));
    else if (view === 'open') parts.push(button(words.retry, launch));
    else if (view === 'before' || view === 'opening') {
      parts.push(button(words.connect, launch, 'button go', view === 'opening'));
      parts.push(element('p', { className: 'dim', textContent: words.takes }));
    } else parts.push(button(view === 'required' ? words.connect : words.retry, launch, 'button go'));
    if (unmet && view === 'before') parts.push(button(words.cannot, leave, 'quiet'));
    else if (unmet && view !== 'connected' && view !== 'opening') parts.push(button(words.without, leave));
    place.replaceChildren(...parts);
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
    open(screen, token, window.SmileLinkModal);
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

  const scriptOf = (screen: string): string => data.wink?.scripts[screenOf(screen)?.wink?.sdk ?? 'v2'] ?? '';

  function open(screen: string, token: LinkToken, Modal: NonNullable<Window['SmileLinkModal']>): void {
    const before = new Set(document.body.children);
    const tell = (name: string) => (detail?: unknown) => {
      // One of Smile's samples hands over a bare reason.
      const said =
        typeof detail === 'object' && detail !== null
          ? (detail as Record<string, unknown>)
          : detail === undefined
            ? {}
            : { reason: detail };
      server.record(name, { ...said, screen });
      heard(screen, name, said);
    };
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
        if (screen !== now) return;
        draw(settled(screen));
        sectionOf(screen).querySelector<HTMLElement>('[data-wink] .panel')?.focus();
      },
    }).open();
  }

  /** Keeps the widget's last word on each account on the device: a reload must not forget it. */
  function heard(screen: string, name: string, said: Record<string, unknown>): void {
    const id = typeof said['accountId'] === 'string' ? said['accountId'] : undefined;
    if (!id) return;
    const { [id]: known, ...others } = accountsOf(screen);
    const entry =
      name === 'onAccountConnected' ? { status: 'connected' as const }
      : name === 'onAccountError' ? { status: 'failed' as const, error: String(said['errorCode'] ?? '') }
      : name === 'onAccountCreated' ? (known ?? { status: 'created' as const })
      : undefined; // prettier-ignore
    const accounts = { ...others, ...(entry && { [id]: entry }) };
    device.keep({ accounts: { ...device.kept.accounts, [screen]: accounts } });
  }

  /** What came of the widget on `screen`, once it is closed. */
  function settled(screen: string): View {
    const said = Object.values(accountsOf(screen)).map(({ status }) => status);
    if (said.includes('connected') || device.kept.answers[screen] === 'connected') return 'connected';
    return said.includes('failed') ? 'failed' : 'closed';
  }

  return {
    show(screen) {
      now = screen;
      if (!screenOf(screen)?.wink) return;
      void loadScript(scriptOf(screen));
      const known = settled(screen);
      draw(known === 'closed' ? (views[screen] ?? 'before') : known);
    },
    refused() {
      draw('required');
      note('');
    },
  };
}
