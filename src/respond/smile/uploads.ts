/**
 * The documents that a person uploaded to Smile. The widget reports them, then Smile is asked, and its answer replaces
 * all earlier claims. Pure: it reads the given events in order.
 */

import { REVOKED } from '../../record/accounts/archives.ts';
import type { RecordedEvent } from '../../record/events.ts';

type UploadEvent = Pick<RecordedEvent, 'name' | 'source' | 'data'>;

/** The id of an upload that has none. */
const UNNAMED = '';

/** Recorded when Smile's documents of one widget have changed: `uploads`, with their ids and status. */
export const CHECKED = 'uploadsChecked';

/** The events about uploads. */
export const UPLOAD_EVENTS = ['onUploadsCreated', 'onUploadsRemoved', CHECKED];

/**
 * The ids of current documents: the reported ones without those removed. Reports about another Smile user than `userId`
 * are ignored. Smile documents no format for `uploads`: an array of objects with an `id` is read; of anything else the
 * last event counts.
 */
export function currentUploads(events: UploadEvent[], userId: string | null): Set<string> {
  let current = new Set<string>();
  for (const { name, source, data } of events) {
    if (!isTrusted({ name, source })) continue;
    const payload = typeof data === 'object' && data !== null ? (data as { uploads?: unknown; userId?: unknown }) : {};
    if (typeof payload.userId === 'string' && payload.userId !== userId) continue;
    const ids = idsOf(payload.uploads);
    if (name === CHECKED) current = new Set(unrevokedIds(payload.uploads));
    else if (name === 'onUploadsCreated') for (const id of ids.length ? ids : [UNNAMED]) current.add(id);
    else if (ids.length) for (const id of ids) current.delete(id);
    else current.clear();
  }
  return current;
}

/** A page may send events of any name. Only the widget and the server report documents. */
const isTrusted = ({ name, source }: Pick<UploadEvent, 'name' | 'source'>): boolean =>
  name === CHECKED ? source === 'server' : source === 'widget' && UPLOAD_EVENTS.includes(name);

/** Whether a current document is not confirmed by Smile. */
export function hasUnconfirmed(events: UploadEvent[], userId: string | null): boolean {
  const last = events.findLast((event) => event.name === CHECKED && isTrusted(event))?.data as
    | { uploads?: unknown }
    | undefined;
  const confirmed = unrevokedIds(last?.uploads);
  return [...currentUploads(events, userId)].some((id) => !confirmed.includes(id));
}

/** The ids in an `onUploadsCreated`. */
export function idsOf(uploads: unknown): string[] {
  const list: unknown[] = Array.isArray(uploads) ? uploads : [uploads];
  return list.flatMap((one) => {
    const id: unknown = typeof one === 'object' && one !== null && 'id' in one ? one.id : one;
    return typeof id === 'string' && id ? [id] : [];
  });
}

const unrevokedIds = (uploads: unknown): string[] =>
  Array.isArray(uploads) ? idsOf(uploads.filter((one: { status?: unknown } | null) => one?.status !== REVOKED)) : [];
