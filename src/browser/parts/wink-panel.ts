/** What a Wink screen says of how linking goes: one box with a sign, a heading, and what to do. */
import { fill } from '../../form/text.ts';
import type { Accounts } from '../device.ts';
import { element } from '../element.ts';
import { wink as words } from 'virtual:words';

export type View =
  'before' | 'opening' | 'open' | 'connected' | 'failed' | 'closed' | 'unavailable' | 'blocked' | 'required';

/** The box for `view`, or nothing before anything has happened. */
export function panelFor(view: View, accounts: Accounts): HTMLElement | undefined {
  if (view === 'before') return undefined;
  const waiting = view === 'opening' || view === 'open';
  const good = view === 'connected';
  const box = element('div', { className: 'panel near', role: good || waiting ? 'status' : 'alert', tabIndex: -1 });
  const line = element('p', { className: `note ${good ? 'ok' : waiting ? '' : 'no'}` });
  line.innerHTML = `<svg aria-hidden="true" class="${waiting ? 'spin' : ''}"><use href="#i-${good ? 'ok' : waiting ? 'spin' : 'warn'}"/></svg>`;
  line.append(element('b', { textContent: heading(view) }));
  box.append(line);
  const text =
    view === 'failed' ? failure(accounts) : view === 'open' ? words.wait : good || waiting ? '' : words[view];
  if (text) box.append(element('p', { textContent: text }));
  if (view === 'failed') box.append(element('p', { className: 'dim', textContent: words.advice }));
  return box;
}

function heading(view: View): string {
  if (view === 'opening') return words.opening;
  if (view === 'open') return words.opened;
  return view === 'connected' ? words.connected : words.failed;
}

/** The last error that the widget told, in words (the codes: Smile, Account Linking). */
function failure(accounts: Accounts): string {
  const code = Object.values(accounts).findLast(({ error }) => error)?.error ?? '';
  const sentence =
    /^(INVALID_CREDENTIALS|EXPIRED_CREDENTIALS|AUTH_REQUIRED)$/.test(code) ? words.refused
    : code === 'INVALID_MFA' ? words.wrongCode
    : code === 'MFA_TIMEOUT' ? words.late
    : /^ACCOUNT_/.test(code) ? words.locked
    : code === 'SERVICE_UNAVAILABLE' ? words.down
    : words.other; // prettier-ignore
  return fill(sentence, { provider: words.provider });
}
