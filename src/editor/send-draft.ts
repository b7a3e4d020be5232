/** Sends drafts to the server, and reads its answers. */
import type { ErrorDetails } from '../contract/api.ts';
import type { DraftConflict, DraftToSave, SavedDraft } from '../contract/editor.ts';
import type { SaveAnswer } from './model/autosave.ts';

const AWAY = 'Flipsite cannot be reached. Your text is kept on this device, and saved when the connection is back.';
const BUSY = 'Flipsite cannot save right now. Your text is kept on this device, and saved later.';
const TOO_LONG = 'This text is too long to save, and is kept on this device. Make it shorter.';
export const SIGNED_OUT =
  'You are signed out. Sign in in another tab, then come back. Your text is kept on this device.';

/** A request that takes longer is ended. In ms. */
const MAX_MS = 30_000;

/** @param address of the draft. It never rejects */
export async function sendDraft(address: string, draft: DraftToSave): Promise<SaveAnswer> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(draft),
    signal: AbortSignal.timeout(MAX_MS),
  }).catch(() => undefined);
  const body: unknown = await response?.json().catch(() => undefined);
  // A proxy in front of Flipsite may have a lower limit, and a page of its own.
  if (response?.status === 413 && body === undefined) return { is: 'refused', message: TOO_LONG };
  if (!response || body === undefined) return { is: 'away', message: response ? BUSY : AWAY };
  if (response.ok) return { is: 'saved', ...(body as SavedDraft) };
  const { draft: other } = body as Partial<DraftConflict>;
  if (response.status === 409 && other) return { is: 'conflict', other };
  if (response.status === 401) return { is: 'away', message: SIGNED_OUT };
  if (response.status >= 500 || response.status === 429 || response.status === 408) return { is: 'away', message: BUSY }; // prettier-ignore
  const { error } = body as { error?: ErrorDetails };
  return { is: 'refused', message: error?.message ?? BUSY };
}
