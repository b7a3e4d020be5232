/** Counts of the visitors of campaign links, by hour, kind of visitor, device and website. Nothing about a person is stored. */
import type { Database } from '../db/database.ts';
import { addCounts } from '../results/waiting-counts.ts';

/**
 * `person`: counted once per link and day. `repeat`: the same person again. `preview`: a network that shows a card of the
 * link, or a browser that loads it before anyone chooses it. `robot`: a program. `member`: a person who uses the dashboard.
 */
export const VISITOR_CLASSES = ['person', 'repeat', 'preview', 'robot', 'member'] as const;
export type VisitorClass = (typeof VISITOR_CLASSES)[number];

export const DEVICE_CLASSES = ['phone', 'tablet', 'desktop', 'unknown'] as const;
export type DeviceClass = (typeof DEVICE_CLASSES)[number];

/** The name under which websites are counted that are one too many for one link and day. */
export const OTHER_HOSTS = 'other';

/** How many visitors a link had in an hour, of one class, on one kind of device, from one website. */
export interface Clicks {
  form: string;
  link: string;
  /** In UTC, such as `2026-12-01T09`. */
  hour: string;
  class: VisitorClass;
  device: DeviceClass;
  /** The host of the website that the visitor came from. Empty if unknown. */
  host: string;
  clicks: number;
}

/**
 * Adds counts to those that are stored.
 * @param shard a number of this server. Servers with different ones don't wait for each other
 */
export const addClicks = (db: Database, counts: readonly Clicks[], shard: number): Promise<void> =>
  addCounts(
    db,
    'link_clicks',
    'clicks',
    counts.map((one) => ({ ...one, shard })),
  );

/** The part of a time that counts are kept by. @returns such as `2026-12-01T09` */
export function hourOf(time: Date): string {
  const hour = Math.floor(time.getTime() / HOUR_MS);
  // Each click asks, and an hour has many.
  if (hour !== last.hour) last = { hour, name: time.toISOString().slice(0, 13) };
  return last.name;
}

const HOUR_MS = 3_600_000;
let last = { hour: Number.NaN, name: '' };

export interface ClicksQuery {
  form: string;
  /** One link. Without it, all of the form. */
  link?: string | undefined;
  /** The first hour, and the hour after the last one. Without them, all. */
  from?: Date | undefined;
  to?: Date | undefined;
}

/** Links whose rows one query sums, while no other query of SQLite runs: some thousands of rows each. */
const LINKS_AT_ONCE = 20;

/** Visitors by link and class, of the whole hours that begin in a span of time. */
export async function linkClicks(db: Database, query: ClicksQuery): Promise<Map<string, Record<VisitorClass, number>>> {
  const byLink = new Map<string, Record<VisitorClass, number>>();
  for (let after = ''; ;) {
    const links = await selectClicks(db, query)
      .select('link')
      .distinct()
      .where('link', '>', after)
      .orderBy('link')
      .limit(LINKS_AT_ONCE)
      .execute();
    const last = links.at(-1)?.link;
    if (last === undefined) return byLink;
    const rows = await selectClicks(db, query)
      .select(({ fn }) => ['link', 'class', fn.sum<number>('clicks').as('clicks')])
      .where('link', '>', after)
      .where('link', '<=', last)
      .groupBy(['link', 'class'])
      .execute();
    for (const { link, class: kind, clicks } of rows) {
      const counts = byLink.get(link) ?? noClicks();
      counts[kind as VisitorClass] += Number(clicks);
      byLink.set(link, counts);
    }
    after = last;
    await new Promise((turn) => setImmediate(turn));
  }
}

/** Zero for each class of visitor. */
export const noClicks = (): Record<VisitorClass, number> =>
  Object.fromEntries(VISITOR_CLASSES.map((name) => [name, 0])) as Record<VisitorClass, number>;

/** Persons by day in UTC (`2026-12-01`), device class or website. */
export async function clicksBy(
  db: Database,
  by: 'day' | 'device' | 'host',
  query: ClicksQuery,
): Promise<Map<string, number>> {
  const rows = await selectClicks(db, query)
    .where('class', '=', 'person')
    .select(({ fn }) => [by === 'day' ? ('hour' as const) : by, fn.sum<number>('clicks').as('clicks')])
    .groupBy(by === 'day' ? 'hour' : by)
    .execute();
  const counts = new Map<string, number>();
  for (const row of rows as { hour?: string; device?: string; host?: string; clicks: number }[]) {
    const name = row.hour?.slice(0, 10) ?? row.device ?? row.host ?? '';
    counts.set(name, (counts.get(name) ?? 0) + Number(row.clicks));
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const selectClicks = (db: Database, { form, link, from, to }: ClicksQuery) =>
  db.query
    .selectFrom('link_clicks')
    .where('form', '=', form)
    .$if(link !== undefined, (one) => one.where('link', '=', link ?? ''))
    .$if(from !== undefined, (one) => one.where('hour', '>=', hourOf(from ?? new Date(0))))
    .$if(to !== undefined, (one) => one.where('hour', '<', hourOf(to ?? new Date(0))));
