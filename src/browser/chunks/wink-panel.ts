/** What a Wink screen says of how linking goes: one box with a sign, a heading, and what to do. */
import type { DeviceAccount } from '../device.ts';
import { element, icon } from '../element.ts';
import { linking as words } from 'virtual:words';
import type { LaunchFailure } from './widget.ts';

/** What has become of the last try to open a widget. */
export type LaunchState = 'opening' | 'open' | 'closed' | 'unavailable' | 'offline' | 'required' | LaunchFailure;

/** What is shown of a widget. */
export type WinkPanelView = LaunchState | 'before' | 'checking' | 'code' | 'connected' | 'uploaded' | 'failed';

/** The tries after which nothing was opened, or nothing came of it. */
export const BROKEN: readonly string[] = ['unavailable', 'offline', 'blocked', 'slow', 'broken', 'silent', 'popup'];

type Trouble = typeof import('./link-errors.ts');

/** The box for `view`, or nothing before anything has happened. `last`: the account that was told of last. */
export function panelFor(
  view: WinkPanelView,
  last: DeviceAccount | undefined,
  upload: boolean,
  trouble: Trouble | undefined,
) {
  if (view === 'before') return undefined;
  const waiting = ['opening', 'open', 'checking', 'code'].includes(view);
  const good = view === 'connected' || view === 'uploaded';
  const box = element('div', { className: 'panel near', role: good || waiting ? 'status' : 'alert', tabIndex: -1 });
  const line = element('p', { className: `note ${good ? 'ok' : waiting ? '' : 'no'}` });
  const mark = icon(good ? 'ok' : waiting ? 'spin' : 'warn');
  if (waiting) (mark.firstChild as Element).classList.add('spin');
  const title = view === 'required' ? (upload ? words.requiredUpload : words.required) : heading(view);
  line.append(mark, element('b', { textContent: title }));
  box.append(line);
  const text = sentence(view, last, trouble);
  if (text) box.append(element('p', { textContent: text }));
  if (!good && !waiting) box.append(element('p', { className: 'dim', textContent: view === 'failed' ? words.safe : words.saved })); // prettier-ignore
  return box;
}

function heading(view: WinkPanelView): string {
  if (view === 'opening') return words.opening;
  if (view === 'open') return words.opened;
  if (view === 'checking' || view === 'code') return words.unfinished;
  if (view === 'connected' || view === 'uploaded') return words[view];
  return words.failed;
}

function sentence(view: WinkPanelView, last: DeviceAccount | undefined, trouble: Trouble | undefined): string {
  const now = view === 'open' ? last?.status : view;
  if (now === 'PENDING' || now === 'checking') return trouble?.waitInWords('checking', last?.name) ?? words.wait;
  if (now === 'AWAITING_MFA' || now === 'code') return trouble?.waitInWords('code', last?.name) ?? words.wait;
  if (now === 'ERROR' || now === 'failed') return trouble?.errorInWords(last?.error, last?.name) ?? words.other;
  if (view === 'open') return words.wait;
  if (view === 'closed' || view === 'unavailable' || view === 'offline') return words[view];
  return BROKEN.includes(view) ? (trouble?.reasonInWords(view) ?? words.unavailable) : '';
}
