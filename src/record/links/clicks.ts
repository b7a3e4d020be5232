/** Counts of the visitors of campaign links, by hour, kind of visitor, device and website. Nothing about a person is stored. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { addCounts } from '../results/buffered-counts.ts';

/**
 * `person`: counted once per link and day. `repeat`: the same person again. `preview`: a network that shows a card of the
 * link, or a browser that loads it before anyone chooses it. `robot`: a program. `member`: a person who uses the dashboard.
 */
export const VISITOR_CLASSES = ['person', 'repeat', 'preview', 'robot', 'member'] as const;
export type VisitorClass = (typeof VISITOR_CLASSES)[number];

export const DEVICE_CLASSES = ['phone', 'tablet', 'desktop', 'unknown'] as const;
export type DeviceClass = (typeof DEVICE_CLASSES)[number];

/** The name for all further websites, after one link has had too many in a day. */
export const OTHER_HOSTS = 'other';

/** How many visitors a link had in an hour, of one class, on one kind of device, from one website. */
export interface HourlyClicks {
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
export const addClicks = (db: Database, counts: readonly HourlyClicks[], shard: number): Promise<void> =>
  addCounts(
    db,
    'link_clicks',
    'clicks',
    counts.map((one) => ({ ...one, shard })),
  );

/** The hour by which counts are stored. @returns such as `2026-12-01T09` */
export function hourOf(time: Date): string {
  const hour = Math.floor(time.getTime() / HOUR_MS);
  // Each click asks, and an hour has many.
  if (hour !== last.hour) last = { hour, name: time.toISOString().slice(0, 13) };
  return last.name;
}

const HOUR_MS = 3_600_000;
let last = { hour: Number.NaN, name: '' };

/** How many links one query sums, with some thousands of rows each. No other query of SQLite runs meanwhile. */
const LINKS_AT_ONCE = 20;

/** All visitors by link and class. @param links only these */
export async function linkClicks(
  db: Database,
  { form, links }: { form: string; links?: readonly string[] },
): Promise<Map<string, Record<VisitorClass, number>>> {
  const byLink = new Map<string, Record<VisitorClass, number>>();
  /** @returns the last of these links; undefined if none has a visitor */
  async function add(some: readonly string[] | ReturnType<typeof nextLinks>): Promise<string | undefined> {
    const rows = await db.query
      .selectFrom('link_clicks')
      .select(({ fn }) => ['link', 'class', fn.sum<number>('clicks').as('clicks')])
      .where('form', '=', form)
      .where('link', 'in', some)
      .groupBy(['link', 'class'])
      .orderBy('link')
      .execute();
    for (const { link: id, class: kind, clicks } of rows) {
      const counts = byLink.get(id) ?? noClicks();
      counts[kind as VisitorClass] += Number(clicks);
      byLink.set(id, counts);
    }
    await new Promise((turn) => setImmediate(turn));
    return rows.at(-1)?.link;
  }
  if (links) {
    for (let at = 0; at < links.length; at += LINKS_AT_ONCE) await add(links.slice(at, at + LINKS_AT_ONCE));
    return byLink;
  }
  for (let last: string | undefined = ''; last !== undefined;) last = await add(nextLinks(form, last));
  return byLink;
}

/** Names of websites that a page has room for. */
const MAX_HOSTS = 10;

/** The websites from which most people clicked a link, the most first. An empty host stands for people without one. */
export async function clickHosts(
  db: Database,
  form: string,
  link: string,
): Promise<Pick<HourlyClicks, 'host' | 'clicks'>[]> {
  const rows = await db.query
    .selectFrom('link_clicks')
    .select(({ fn }) => ['host', fn.sum<number>('clicks').as('clicks')])
    .where('form', '=', form)
    .where('link', '=', link)
    .where('class', '=', 'person')
    .groupBy('host')
    .orderBy('clicks', 'desc')
    .orderBy('host')
    .execute();
  const named = rows.map(({ host, clicks }) => ({ host, clicks: Number(clicks) }));
  const shown = named.filter(({ host }) => host !== OTHER_HOSTS).slice(0, MAX_HOSTS);
  const others = sum(named) - sum(shown);
  return others ? [...shown, { host: OTHER_HOSTS, clicks: others }] : shown;
}

const sum = (rows: { clicks: number }[]): number => rows.reduce((all, { clicks }) => all + clicks, 0);

/** Finds the next ids of links with the index, because `distinct` would read all rows of a link. */
const nextLinks = (form: string, after: string) => sql<string>`(
  with recursive next (link, number) as (
    select min(link), 1 from link_clicks where form = ${form} and link > ${after}
    union all
    select (select min(link) from link_clicks where form = ${form} and link > next.link), number + 1
      from next where next.link is not null and number < ${sql.lit(LINKS_AT_ONCE)}
  ) select link from next where link is not null)`;

/** Zero for each class of visitor. */
export const noClicks = (): Record<VisitorClass, number> =>
  Object.fromEntries(VISITOR_CLASSES.map((name) => [name, 0])) as Record<VisitorClass, number>;
