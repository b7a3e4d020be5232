/** The panel of a Wink screen: an icon, a heading, and instructions. */
import type { DeviceAccount } from '../../device.ts';
import { element, icon } from '../../element.ts';
import { linking as words } from 'virtual:words';
import type { LaunchFailure } from './widget.ts';

/** The state of the last launch of a widget. */
export type LaunchState = 'opening' | 'open' | 'closed' | 'unavailable' | 'offline' | 'required' | LaunchFailure;

/** The state shown for a widget. */
export type WinkPanelView = LaunchState | 'before' | 'checking' | 'code' | 'connected' | 'uploaded' | 'failed';

/** Launches that opened nothing, or failed. */
export const BROKEN: readonly string[] = ['unavailable', 'offline', 'blocked', 'slow', 'broken', 'silent', 'popup'];

type LinkErrors = typeof import('./link-errors.ts');

/**
 * The panel for `view`; undefined before the first launch. `last`: the latest account that explains the view. `isSaved`:
 * whether the server has all answers of earlier screens. `isShared`: whether the person has shared an account before.
 */
export function panelFor(
  view: WinkPanelView,
  last: DeviceAccount | undefined,
  upload: boolean,
  linkErrors: LinkErrors | undefined,
  isSaved: boolean,
  isShared: boolean,
) {
  if (view === 'before') return undefined;
  const isWaiting = ['opening', 'open', 'checking', 'code'].includes(view);
  const isDone = view === 'connected' || view === 'uploaded';
  const box = element('div', { className: 'panel near', role: isDone || isWaiting ? 'status' : 'alert', tabIndex: -1 });
  const line = element('p', { className: `note ${isDone ? 'ok' : isWaiting ? '' : 'no'}` });
  const mark = icon(isDone ? 'ok' : isWaiting ? 'spin' : 'warn');
  if (isWaiting) (mark.firstChild as Element).classList.add('spin');
  const title = view === 'required' ? (upload ? words.requiredUpload : words.required) : heading(view, last, upload);
  line.append(mark, element('b', { textContent: title }));
  box.append(line);
  // A person who sends a document has no account that did not connect.
  const text = view === 'closed' && upload ? '' : describeView(view, last, linkErrors);
  if (text) box.append(element('p', { textContent: text }));
  if (!isDone && !isWaiting && isSaved) box.append(element('p', { className: 'dim', textContent: view === 'failed' && !isShared ? words.safe : words.saved })); // prettier-ignore
  return box;
}

function heading(view: WinkPanelView, last: DeviceAccount | undefined, upload: boolean): string {
  if (view === 'opening') return words.opening;
  if (view === 'open') return words.opened;
  if (view === 'checking' || view === 'code') return words.unfinished;
  if (view === 'connected' && last?.status === 'DISCONNECTED') return words.wasConnected;
  if (view === 'connected') return words.connected;
  if (view === 'uploaded') return words.uploaded;
  return upload && view !== 'failed' ? words.upload : words.failed;
}

/** The instructions for `view`; empty where its heading says all. `last`: as for `panelFor`. */
export function describeView(
  view: WinkPanelView,
  last: DeviceAccount | undefined,
  linkErrors: LinkErrors | undefined,
): string {
  const state = view === 'open' ? last?.status : view;
  if (state === 'PENDING' || state === 'checking')
    return linkErrors?.describeWait('checking', last?.name) ?? words.wait;
  if (state === 'AWAITING_MFA' || state === 'code') return linkErrors?.describeWait('code', last?.name) ?? words.wait;
  if (state === 'ERROR' || state === 'failed') return linkErrors?.describeError(last?.error, last?.name) ?? words.other;
  if (view === 'open') return words.wait;
  if (view === 'closed') return words.closed;
  if (view === 'unavailable') return words.unavailable;
  if (view === 'offline') return words.offline;
  return BROKEN.includes(view) ? (linkErrors?.describeReason(view) ?? words.unavailable) : '';
}
