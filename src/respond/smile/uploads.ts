/** Documents that the widget says were uploaded. Pure: it counts in the events it is given, in their order. */

interface Said {
  name: string;
  data: unknown;
}

/** What an upload without an id is counted as. */
const UNNAMED = '';

/**
 * How many documents stand: those that the widget told of, without those it told were removed. What is told of another
 * user of Smile's than `userId` is not this person's. Smile documents no shape for `uploads`: an array of objects with
 * an `id` is taken apart; of anything else the last word counts.
 */
export function uploadsStanding(events: Said[], userId: string | null): number {
  const standing = new Set<string>();
  for (const { name, data } of events) {
    if (name !== 'onUploadsCreated' && name !== 'onUploadsRemoved') continue;
    const said = typeof data === 'object' && data !== null ? (data as { uploads?: unknown; userId?: unknown }) : {};
    if (typeof said.userId === 'string' && said.userId !== userId) continue;
    const ids = idsOf(said.uploads);
    if (name === 'onUploadsCreated') for (const id of ids.length ? ids : [UNNAMED]) standing.add(id);
    else if (ids.length) for (const id of ids) standing.delete(id);
    else standing.clear();
  }
  return standing.size;
}

function idsOf(uploads: unknown): string[] {
  const list: unknown[] = Array.isArray(uploads) ? uploads : [uploads];
  return list.flatMap((one) => {
    const id: unknown = typeof one === 'object' && one !== null && 'id' in one ? one.id : one;
    return typeof id === 'string' && id ? [id] : [];
  });
}
