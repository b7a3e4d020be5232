/**
 * Documents that a person has given to Smile. The widget tells of them, and Smile is asked: what it says then takes the
 * place of all claims before. Pure: it counts in the events it is given, in their order.
 */

import { REVOKED } from '../../record/accounts/archives.ts';
import type { RecordedEvent } from '../../record/events.ts';

type Said = Pick<RecordedEvent, 'name' | 'source' | 'data'>;

/** What an upload without an id is counted as. */
const UNNAMED = '';

/** Recorded when Smile has said something new of the documents of one widget: `uploads`, with their ids and status. */
export const CHECKED = 'uploadsChecked';

/** The events that tell of uploads. */
export const UPLOAD_EVENTS = ['onUploadsCreated', 'onUploadsRemoved', CHECKED];

/**
 * The ids of the documents that stand: those that were told of, without those that were removed. What the widget tells of
 * another user of Smile's than `userId` is not this person's. Smile documents no shape for `uploads`: an array of objects
 * with an `id` is taken apart; of anything else the last word counts.
 */
export function currentUploads(events: Said[], userId: string | null): Set<string> {
  let standing = new Set<string>();
  for (const { name, source, data } of events) {
    if (!tells({ name, source })) continue;
    const said = typeof data === 'object' && data !== null ? (data as { uploads?: unknown; userId?: unknown }) : {};
    if (typeof said.userId === 'string' && said.userId !== userId) continue;
    const ids = idsOf(said.uploads);
    if (name === CHECKED) standing = new Set(standingOf(said.uploads));
    else if (name === 'onUploadsCreated') for (const id of ids.length ? ids : [UNNAMED]) standing.add(id);
    else if (ids.length) for (const id of ids) standing.delete(id);
    else standing.clear();
  }
  return standing;
}

/** A page may send events of any name; of documents only the widget and this server tell. */
const tells = ({ name, source }: Pick<Said, 'name' | 'source'>): boolean =>
  name === CHECKED ? source === 'server' : source === 'widget' && UPLOAD_EVENTS.includes(name);

/** Whether anything stands that Smile has not confirmed. */
export function hasUnconfirmed(events: Said[], userId: string | null): boolean {
  const last = events.findLast((event) => event.name === CHECKED && tells(event))?.data as
    { uploads?: unknown } | undefined;
  const confirmed = standingOf(last?.uploads);
  return [...currentUploads(events, userId)].some((id) => !confirmed.includes(id));
}

/** The ids that an `onUploadsCreated` names. */
export function idsOf(uploads: unknown): string[] {
  const list: unknown[] = Array.isArray(uploads) ? uploads : [uploads];
  return list.flatMap((one) => {
    const id: unknown = typeof one === 'object' && one !== null && 'id' in one ? one.id : one;
    return typeof id === 'string' && id ? [id] : [];
  });
}

const standingOf = (uploads: unknown): string[] =>
  Array.isArray(uploads) ? idsOf(uploads.filter((one: { status?: unknown } | null) => one?.status !== REVOKED)) : [];
