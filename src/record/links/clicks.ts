/** Counts of the visitors of campaign links, by day, kind of visitor, device and website. Nothing about a person is stored. */
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { addCounts } from '../results/buffered-counts.ts';

/**
 * `person`: counted once per link and day. `repeat`: the same address and browser again. `preview`: a network that shows a
 * card of the link, or a browser that loads it before anyone chooses it. `robot`: a program. `member`: a person who uses the
 * dashboard.
 */
export const VISITOR_CLASSES = ['person', 'repeat', 'preview', 'robot', 'member'] as const;
export type VisitorClass = (typeof VISITOR_CLASSES)[number];

export const DEVICE_CLASSES = ['phone', 'tablet', 'desktop', 'unknown'] as const;
export type DeviceClass = (typeof DEVICE_CLASSES)[number];

/** The name for all further websites, after one link has had too many in a day. */
export const OTHER_HOSTS = 'other';

/** How many visitors a link had in a day, of one class, on one kind of device, from one website. */
export interface DailyClicks {
  form: string;
  link: string;
  /** The day in UTC, such as `2026-12-01`. Earlier versions stored hours, such as `2026-12-01T09`. */
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
export const addClicks = (db: Database, counts: readonly DailyClicks[], shard: number): Promise<void> =>
  addCounts(
    db,
    'link_clicks',
    'clicks',
    counts.map((one) => ({ ...one, shard })),
  );

/** The day in UTC, by which counts are kept. No page shows hours. @returns such as `2026-12-01` */
export const countedDay = (time: Date): string => hourOf(time).slice(0, 10);

/** The hour in UTC. @returns such as `2026-12-01T09` */
export function hourOf(time: Date): string {
  const hour = Math.floor(time.getTime() / HOUR_MS);
  // Each click asks, and an hour has many.
  if (hour !== last.hour) last = { hour, name: time.toISOString().slice(0, 13) };
  return last.name;
}

const HOUR_MS = 3_600_000;
let last = { hour: Number.NaN, name: '' };

/** How many links one query sums. */
const LINKS_AT_ONCE = 20;

/** Rows that one query sums before the server answers other requests: some milliseconds. */
const ROWS_AT_ONCE = 5_000;

/** All visitors by link and class. @param links only these */
export async function linkClicks(
  db: Database,
  { form, links }: { form: string; links?: readonly string[] },
): Promise<Map<string, Record<VisitorClass, number>>> {
  const byLink = new Map<string, Record<VisitorClass, number>>();
  async function add(some: readonly string[]): Promise<void> {
    for await (const { link, name, clicks } of sumsBy(db, 'class', { form, links: some })) {
      const counts = byLink.get(link) ?? noClicks();
      counts[name as VisitorClass] += clicks;
      byLink.set(link, counts);
    }
  }
  if (links) for (let at = 0; at < links.length; at += LINKS_AT_ONCE) await add(links.slice(at, at + LINKS_AT_ONCE));
  else for await (const some of clickedLinks(db, form)) await add(some);
  return byLink;
}

type Sum = { link: string; name: string; clicks: number };

/**
 * Sums of clicks by link and class, or of people by link and website. With many rows, there are several sums of the same
 * name. On SQLite, no other query runs meanwhile, and anyone can add a thousand rows a day.
 */
async function* sumsBy(
  db: Database,
  column: 'class' | 'host',
  { form, links }: { form: string; links: readonly string[] },
): AsyncGenerator<Sum> {
  const rows = db.query
    .selectFrom('link_clicks')
    .where('form', '=', form)
    .$if(column === 'host', (query) => query.where('class', '=', 'person'));
  async function* sums(some: typeof rows): AsyncGenerator<Sum> {
    const found = await some
      .select(({ fn }) => ['link', `${column} as name`, fn.sum<number>('clicks').as('clicks')])
      .groupBy(['link', column])
      .execute();
    yield* found.map(({ link, name, clicks }) => ({ link, name, clicks: Number(clicks) }));
    await new Promise((turn) => setImmediate(turn));
  }
  const ofAll = rows.where('link', 'in', links);
  const isMany = await ofAll.select('hour').limit(1).offset(ROWS_AT_ONCE).executeTakeFirst();
  if (!isMany) return yield* sums(ofAll);
  for (const link of links) {
    const ofLink = rows.where('link', '=', link);
    for (let after = ''; ;) {
      const later = ofLink.where('hour', '>', after);
      const end = await later.select('hour').orderBy('hour').limit(1).offset(ROWS_AT_ONCE).executeTakeFirst();
      yield* sums(end ? later.where('hour', '<=', end.hour) : later);
      if (!end) break;
      after = end.hour;
    }
  }
}

/** Names of websites that a page has room for. */
const MAX_HOSTS = 10;

/** The websites from which most people clicked a link, the most first. An empty host stands for people without one. */
export async function clickHosts(
  db: Database,
  form: string,
  link: string,
): Promise<Pick<DailyClicks, 'host' | 'clicks'>[]> {
  const byHost = new Map<string, number>();
  for await (const { name, clicks } of sumsBy(db, 'host', { form, links: [link] }))
    byHost.set(name, (byHost.get(name) ?? 0) + clicks);
  const named = [...byHost]
    .map(([host, clicks]) => ({ host, clicks }))
    .sort((a, b) => b.clicks - a.clicks || (a.host < b.host ? -1 : 1));
  const shown = named.filter(({ host }) => host !== OTHER_HOSTS).slice(0, MAX_HOSTS);
  const others = sum(named) - sum(shown);
  return others ? [...shown, { host: OTHER_HOSTS, clicks: others }] : shown;
}

const sum = (rows: { clicks: number }[]): number => rows.reduce((all, { clicks }) => all + clicks, 0);

/** The ids of the links of a form that were clicked, some at a time. */
export async function* clickedLinks(db: Database, form: string): AsyncGenerator<string[]> {
  for (let last: string | undefined = ''; last !== undefined;) {
    // The index finds each next one, because `distinct` would read all rows of a link.
    const { rows } = await sql<{ link: string }>`
      with recursive next (link, number) as (
        select min(link), 1 from link_clicks where form = ${form} and link > ${last}
        union all
        select (select min(link) from link_clicks where form = ${form} and link > next.link), number + 1
          from next where next.link is not null and number < ${sql.lit(LINKS_AT_ONCE)}
      ) select link from next where link is not null`.execute(db.query);
    if (rows.length) yield rows.map(({ link }) => link);
    last = rows.at(-1)?.link;
  }
}

/** Zero for each class of visitor. */
export const noClicks = (): Record<VisitorClass, number> =>
  Object.fromEntries(VISITOR_CLASSES.map((name) => [name, 0])) as Record<VisitorClass, number>;
