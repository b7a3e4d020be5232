/** Counts the visitors of links in memory, and adds the counts to the store every few seconds. */
import { addClicks, hourOf, OTHER_HOSTS, type Clicks } from '../record/links/clicks.ts';
import type { Database } from '../record/db/database.ts';
import { NOT_APART, rowsOfHour, type MayAddRow } from '../record/results/rows-of-hour.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

const { linkHosts, clickRowsInMemory, clickDetailsPerHour } = SITE_LIMITS;

/** A crash loses at most the clicks of this time. */
const FLUSH_MS = 3_000;

/** Servers on one database have different shards, as far as chance goes. Equal ones wait for each other, no more. */
const SHARDS = 64;

export type Click = Omit<Clicks, 'hour' | 'clicks'>;

export interface ClickCounter {
  /** Counts a click, without its link where it may add no row. */
  count(click: Click, now: Date, mayAddRow?: MayAddRow): void;
  /** The visitors that were counted since the start, by class. */
  counted(): Record<string, number>;
  /** Stores all counts. Counts that can't be stored stay in memory. */
  flush(): Promise<void>;
  /** Stores all counts, and ends. */
  close(): Promise<void>;
}

/** @param onError is called when counts can't be stored. They are tried again */
export function openClickCounter(
  db: Database,
  onError: (error: unknown) => void = () => undefined,
  flushMs = FLUSH_MS,
): ClickCounter {
  // SQLite has one server.
  const shard = db.engine.kind === 'sqlite' ? 0 : Math.floor(Math.random() * SHARDS);
  let counts = new Map<string, Clicks>();
  const hosts = knownHosts();
  const hasDetails = rowsOfHour(clickDetailsPerHour.value);
  const hasRow = rowsOfHour();
  const counted: Record<string, number> = {};
  let flushing: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function add(one: Clicks): void {
    const key = keyOf(one);
    const known = counts.get(key);
    if (known) known.clicks += one.clicks;
    else if (counts.size < clickRowsInMemory.value) counts.set(key, one);
  }

  async function store(): Promise<void> {
    const stored = counts;
    counts = new Map();
    try {
      await addClicks(db, [...stored.values()], shard);
    } catch (error) {
      for (const one of stored.values()) add(one);
      onError(error);
    }
  }

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    flushing = flushing.then(() => (counts.size ? store() : undefined));
    return flushing;
  };
  const schedule = () => void (timer ??= setTimeout(() => void flush().then(() => counts.size && schedule()), flushMs).unref()); // prettier-ignore

  return {
    count(click, now, mayAddRow) {
      counted[click.class] = (counted[click.class] ?? 0) + 1;
      // Only persons are shown by device and website.
      const isPerson = click.class === 'person';
      const { form, link, class: kind } = click;
      const hour = hourOf(now);
      const device = isPerson ? click.device : 'unknown';
      const host = isPerson ? hosts(link, click.host, now) : '';
      const seen: Clicks = { form, link, hour, class: kind, device, host, clicks: 1 };
      const row = !isPerson || hasDetails(hour, keyOf(seen)) ? seen : { ...seen, device: 'unknown' as const, host: host && OTHER_HOSTS }; // prettier-ignore
      add(hasRow(hour, keyOf(row), mayAddRow) ? row : { ...row, link: NOT_APART, device: 'unknown', host: '' });
      schedule();
    },
    counted: () => counted,
    flush,
    close: flush,
  };
}

const keyOf = (one: Clicks): string =>
  `${one.link}\n${one.hour}\n${one.class}\n${one.device}\n${one.host}\n${one.form}`;

/** @returns the name under which a website is counted: its own, or that of the rest once a link has enough of them today */
function knownHosts(): (link: string, host: string, now: Date) => string {
  let day = '';
  const byLink = new Map<string, Set<string>>();
  return (link, host, now) => {
    const today = hourOf(now).slice(0, 10);
    if (today !== day) byLink.clear();
    day = today;
    if (!host) return host;
    const known = byLink.get(link) ?? new Set();
    byLink.set(link, known);
    if (known.has(host)) return host;
    if (known.size >= linkHosts.value) return OTHER_HOSTS;
    known.add(host);
    return host;
  };
}
