/** A person's accounts on a Wink screen: asked for while they change, listed, and cut off after one question. */
import type { LinkedAccounts } from '../../contract/api.ts';
import { fillPipes } from '../../form/runtime/text.ts';
import type { DeviceAccount } from '../device.ts';
import { button, element, icon } from '../element.ts';
import type { Result, PageContext } from '../page-context.ts';
import { linked as words } from 'virtual:words';
import { accountsOn } from './accounts.ts';

/** Pauses between questions, in ms: after news the shortest, then longer and longer. */
const SHORTEST = 1_500;
const LONGEST = 20_000;
/** Questions without news after which nobody asks any more, until something happens here. */
const MOST = 25;

/** Questions after which a provider may stay without its name, which Smile is asked for apart. */
const FOR_NAMES = 5;

/** Statuses that do not last. */
const WAITING = /^(PENDING|AWAITING_MFA)$/;

export interface Watch {
  /** Something has happened here: asks soon, and goes on while anything may still change. */
  stir(): void;
  /** The accounts of a widget, each with its status and a way to disconnect it; nothing where there are none. */
  list(screen: string, widget: number): HTMLElement | undefined;
}

/** @param changed called when what is known of the accounts has changed; @param busy whether a widget is open */
export function openLinked(page: PageContext, changed: () => void, busy: () => boolean): Watch {
  const { device } = page;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  let pause = SHORTEST;
  /** The account that the person is asked about, and what came of it. */
  let question: { account: string; said: 'sure' | 'busy' | 'failed' } | undefined;

  const path = () => `submissions/${device.state.id}/accounts`;

  function stir(): void {
    asked = 0;
    pause = SHORTEST;
    later();
  }

  function later(): void {
    clearTimeout(timer);
    if (!document.hidden && asked < MOST) timer = setTimeout(() => void ask(), pause);
  }

  /** Asks the server what Smile has told it since. */
  async function ask(): Promise<void> {
    if (!device.state.id || !page.currentScreen().wink || document.hidden) return;
    asked++;
    pause = Math.min(pause * 1.5, LONGEST);
    const keep = await page.chunk('submission');
    // What was said here is on its way first, or the answer would be older than what the person has seen.
    await keep.told();
    take(await keep.ask<LinkedAccounts>('GET', path(), undefined));
    if (busy() || !settled()) later();
  }

  const settled = () =>
    accountsOn(device, page.currentScreen().id).every(
      ([, { status, confirmed, name }]) => confirmed && !WAITING.test(status) && (name || asked > FOR_NAMES),
    );

  function take(answer: Result<LinkedAccounts> | undefined): boolean {
    if (!answer?.ok) return false;
    if (device.state.events.length) return true;
    const before = JSON.stringify([device.state.accounts, device.state.uploads]);
    const accounts: Record<string, Record<string, DeviceAccount>> = {};
    for (const { accountId, providerId, provider, screen, errorCode, ...rest } of answer.body.accounts)
      (accounts[screen] ??= {})[accountId] = {
        ...rest,
        // Smile sends no event for it, so that only this device has seen it.
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
    asked = 0;
    pause = SHORTEST;
    changed();
    return true;
  }

  async function disconnect(id: string): Promise<void> {
    question = { account: id, said: 'busy' };
    changed();
    const keep = await page.chunk('submission');
    const gone = take(await keep.ask<LinkedAccounts>('DELETE', `${path()}/${encodeURIComponent(id)}`, undefined));
    question = gone ? undefined : { account: id, said: 'failed' };
    changed();
    focusOn(id);
  }

  const focusOn = (id: string) => document.querySelector<HTMLElement>(`[data-account="${CSS.escape(id)}"]`)?.focus();

  function row(id: string, { status, name: given }: DeviceAccount): HTMLElement {
    const name = given || words.account;
    const good = status === 'CONNECTED';
    const waits = WAITING.test(status);
    const said = (words as Record<string, string>)[status] ?? status;
    const sign = good || waits ? [icon(good ? 'ok' : 'spin')] : [];
    if (waits) (sign[0]?.firstChild as Element).classList.add('spin');
    const line = element(
      'div',
      { className: `head ${good ? 'ok' : 'dim'}` },
      ...sign,
      element('span', {}, element('b', {}, element('bdi', { textContent: name })), element('span', { className: 'dim', textContent: said })),
    ); // prettier-ignore
    const box = element('li', { className: 'near', tabIndex: -1 }, line);
    box.dataset['account'] = id;
    const asking = question?.account === id ? question.said : undefined;
    if (good && !asking) {
      const cut = button(words.disconnect, () => sure(id), 'quiet');
      cut.append(element('span', { className: 'hide', textContent: ` ${name}` }));
      line.append(cut);
    }
    if (good && asking) {
      const text = asking === 'busy' ? words.cutting : fillPipes(asking === 'failed' ? words.cutFailed : words.sure, { provider: name }); // prettier-ignore
      const yes = button(words.yes, () => void disconnect(id));
      const no = button(words.no, () => sure(undefined), 'quiet');
      yes.disabled = no.disabled = asking === 'busy';
      box.append(element('p', { textContent: text, role: asking === 'sure' ? 'note' : 'status' }), yes, no);
    }
    return box;
  }

  function sure(id: string | undefined): void {
    const before = question?.account;
    question = id ? { account: id, said: 'sure' } : undefined;
    changed();
    focusOn(id ?? before ?? '');
  }

  document.addEventListener('visibilitychange', () => document.hidden || stir());

  return {
    stir,
    list(screen, widget) {
      const own = accountsOn(device, screen).filter(([, one]) => one.widget === widget && one.status !== 'ERROR');
      return own.length ? element('ul', { className: 'linked' }, ...own.map(([id, one]) => row(id, one))) : undefined;
    },
  };
}
