/**
 * A person's accounts on a Wink screen: polls them while they change, lists them, and disconnects one after a
 * confirmation.
 */
import type { LinkedAccounts } from '../../../contract/api.ts';
import { countsAsConnected } from '../../../form/runtime/wink.ts';
import { fillPipes } from '../../../form/runtime/text.ts';
import type { DeviceAccount } from '../../device.ts';
import { button, element, icon } from '../../element.ts';
import type { ServerResult, PageContext } from '../../page-context.ts';
import { linked as words } from 'virtual:words';
import { accountsOn } from './accounts.ts';

/** Waits between polls, in ms: the shortest after a change, then longer and longer. */
const MIN_PAUSE_MS = 1_500;
const MAX_PAUSE_MS = 20_000;
/** Polls without a change after which polling stops. */
const MAX_POLLS = 25;

/** Polls after which a provider may stay without its name, which Smile returns separately. */
const POLLS_FOR_NAMES = 5;

/** Statuses that do not last. */
const PENDING_STATUS = /^(PENDING|AWAITING_MFA)$/;

export interface Watch {
  /** Starts polling, while anything can change. */
  poll(): void;
  /** The accounts of a widget, with status and a button to disconnect; undefined if there are none. */
  list(screen: string, widget: number): HTMLElement | undefined;
}

/**
 * @param onChange called after the accounts have changed
 * @param isWidgetOpen whether a widget is open
 */
export function openLinked(page: PageContext, onChange: () => void, isWidgetOpen: () => boolean): Watch {
  const { device } = page;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let polls = 0;
  let pause = MIN_PAUSE_MS;
  /** The account to disconnect, and how far that is. */
  let question: { account: string; state: 'sure' | 'busy' | 'failed' } | undefined;

  const path = () => `submissions/${device.state.id}/accounts`;

  function poll(): void {
    polls = 0;
    pause = MIN_PAUSE_MS;
    schedule();
  }

  function schedule(): void {
    clearTimeout(timer);
    if (!document.hidden && polls < MAX_POLLS) timer = setTimeout(() => void pollOnce(), pause);
  }

  /** Asks the server for Smile's news. */
  async function pollOnce(): Promise<void> {
    if (!device.state.id || !page.currentScreen().wink || document.hidden) return;
    polls++;
    pause = Math.min(pause * 1.5, MAX_PAUSE_MS);
    const submission = await page.chunk('submission');
    // Events first, or the answer would be older than the page that the person sees.
    await submission.flushEvents();
    applyAnswer(await submission.ask<LinkedAccounts>('screens', 'GET', path()));
    if (isWidgetOpen() || !isSettled()) schedule();
  }

  const isSettled = () =>
    accountsOn(device, page.currentScreen().id).every(
      ([, { status, confirmed, name }]) =>
        confirmed && !PENDING_STATUS.test(status) && (name || polls > POLLS_FOR_NAMES),
    );

  function applyAnswer(answer: ServerResult<LinkedAccounts> | undefined): boolean {
    if (!answer?.ok) return false;
    if (device.state.events.length) return true;
    const before = JSON.stringify([device.state.accounts, device.state.uploads]);
    const accounts: Record<string, Record<string, DeviceAccount>> = {};
    for (const { accountId, providerId, provider, screen, errorCode, ...rest } of answer.body.accounts)
      (accounts[screen] ??= {})[accountId] = {
        ...rest,
        // Smile sends no event for this status, so only this device knows it.
        ...(rest.status === 'PENDING' &&
          device.state.accounts[screen]?.[accountId]?.status === 'AWAITING_MFA' && { status: 'AWAITING_MFA' }),
        provider: providerId,
        ...(provider && { name: provider }),
        ...(errorCode && { error: errorCode }),
      };
    const uploads: Record<string, boolean> = {};
    for (const [screen, { widgets }] of Object.entries(answer.body.screens))
      widgets.forEach(({ state }, at) => (uploads[`${screen}/${at}`] = state === 'uploaded'));
    device.update({ accounts, uploads });
    if (JSON.stringify([accounts, uploads]) === before) return true;
    polls = 0;
    pause = MIN_PAUSE_MS;
    onChange();
    return true;
  }

  async function disconnect(id: string): Promise<void> {
    question = { account: id, state: 'busy' };
    onChange();
    const submission = await page.chunk('submission');
    const isGone = applyAnswer(
      await submission.ask<LinkedAccounts>('screens', 'DELETE', `${path()}/${encodeURIComponent(id)}`),
    );
    question = isGone ? undefined : { account: id, state: 'failed' };
    onChange();
    // The answer may be lost, and the account disconnected.
    if (!isGone) poll();
    focusOn(id);
  }

  const focusOn = (id: string) => document.querySelector<HTMLElement>(`[data-account="${CSS.escape(id)}"]`)?.focus();

  function row(id: string, account: DeviceAccount): HTMLElement {
    const { status } = account;
    const name = account.name || words.account;
    const counts = countsAsConnected(account);
    // An account that Flipsite disconnects cannot be withdrawn here: its data is read.
    const isConnected = status === 'CONNECTED' && !account.revoked;
    const isWaiting = PENDING_STATUS.test(status);
    const isRead = counts && status !== 'CONNECTED';
    const state = isRead ? words.wasRead : ((words as Record<string, string>)[status] ?? status);
    const sign = counts || isWaiting ? [icon(counts ? 'ok' : 'spin')] : [];
    if (isWaiting) (sign[0]?.firstChild as Element).classList.add('spin');
    const line = element(
      'div',
      { className: `head ${counts ? 'ok' : 'dim'}` },
      ...sign,
      element('span', {}, element('b', {}, element('bdi', { textContent: name })), element('span', { className: 'dim', textContent: state })),
    ); // prettier-ignore
    const box = element('li', { className: 'near', tabIndex: -1 }, line);
    box.dataset['account'] = id;
    const confirmation = question?.account === id ? question.state : undefined;
    if (isConnected && !confirmation) {
      const disconnectButton = button(words.disconnect, () => askToConfirm(id), 'quiet');
      disconnectButton.append(element('span', { className: 'hide', textContent: ` ${name}` }));
      line.append(disconnectButton);
    }
    if (isConnected && confirmation) {
      const text = confirmation === 'busy' ? words.cutting : fillPipes(confirmation === 'failed' ? words.cutFailed : words.sure, { provider: name }); // prettier-ignore
      const yes = button(words.yes, () => void disconnect(id));
      const no = button(words.no, () => askToConfirm(undefined), 'quiet');
      yes.disabled = no.disabled = confirmation === 'busy';
      box.append(element('p', { textContent: text, role: confirmation === 'sure' ? 'note' : 'status' }), yes, no);
    }
    return box;
  }

  function askToConfirm(id: string | undefined): void {
    const before = question?.account;
    question = id ? { account: id, state: 'sure' } : undefined;
    onChange();
    focusOn(id ?? before ?? '');
  }

  document.addEventListener('visibilitychange', () => document.hidden || poll());

  return {
    poll,
    list(screen, widget) {
      const own = accountsOn(device, screen).filter(([, one]) => one.widget === widget && one.status !== 'ERROR');
      return own.length ? element('ul', { className: 'linked' }, ...own.map(([id, one]) => row(id, one))) : undefined;
    },
  };
}
