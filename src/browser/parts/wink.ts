/** A Wink screen: opens Smile's widget with a new link token per launch, and tells the server all it says. */
import { mayLeave } from '../../form/wink.ts';
import { button, element } from '../element.ts';
import type { Page, Parts } from '../parts.ts';
import { page as pageWords, wink as words } from 'virtual:words';
import { loadScript } from './load-script.ts';
import { panelFor, type View } from './wink-panel.ts';

declare global {
  interface Window {
    /** The widget's constructor (Smile, Account Linking). */
    SmileLinkModal?: new (options: Record<string, unknown>) => { open(): void };
  }
}

interface LinkToken {
  accessToken: string;
  templateId?: string;
}

/** A token lives for hours. One that has expired again and again is a fault, or a clock, that no further token mends. */
const MOST_RENEWALS = 3;

export function mount(page: Page): Parts['wink'] {
  const { data, device, way, view } = page;
  const views: Record<string, View> = {};
  let now = '';
  let renewals = 0;

  const leave = () => void page.leave();
  const accountsOf = (screen: string) => device.kept.accounts[screen] ?? {};

  function draw(state: View): void {
    views[now] = state;
    const screen = way.screen(now);
    const place = view.sectionOf(now).querySelector('[data-wink]');
    if (!screen?.wink || !place) return;
    const failed = ['failed', 'unavailable', 'blocked'].includes(state);
    const unmet = mayLeave(screen, { ...device.kept.answers, [now]: failed ? 'failed' : 'skipped' });
    const box = panelFor(state, accountsOf(now));
    const parts: Node[] = box ? [box] : [];
    if (state === 'connected') parts.push(button(pageWords.next, leave, 'button go'), button(words.another, launch));
    else if (state === 'open') parts.push(button(words.retry, launch));
    else if (state === 'before' || state === 'opening') {
      const connect = button(words.connect, launch, 'button go');
      connect.disabled = state === 'opening';
      parts.push(connect);
      parts.push(element('p', { className: 'dim', textContent: words.takes }));
    } else parts.push(button(state === 'required' ? words.connect : words.retry, launch, 'button go'));
    if (unmet && state === 'before') parts.push(button(words.cannot, leave, 'quiet'));
    else if (unmet && state !== 'connected' && state !== 'opening') parts.push(button(words.without, leave));
    place.replaceChildren(...parts);
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
    const keep = await page.part('keep');
    if (!(await keep.flush())) return undefined;
    await keep.start();
    const answer = await keep.ask<LinkToken>('POST', `submissions/${device.kept.id}/link-token`, { screen });
    return answer?.ok ? answer.body : undefined;
  }

  const scriptOf = (screen: string): string => data.scripts?.[way.screen(screen)?.wink?.[0]?.sdk ?? 'v2'] ?? '';

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
      page.record(name, { ...said, screen });
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
        view.sectionOf(screen).querySelector<HTMLElement>('[data-wink] .panel')?.focus();
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
      if (!way.screen(screen)?.wink) return;
      void loadScript(scriptOf(screen));
      const known = settled(screen);
      draw(known === 'closed' ? (views[screen] ?? 'before') : known);
    },
    refused() {
      draw('required');
      view.note('');
    },
  };
}
