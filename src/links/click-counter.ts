/** Counts the visitors of links in memory, and adds the counts to the store every few seconds. */
import { addClicks, countedDay, OTHER_HOSTS, type DailyClicks } from '../record/links/clicks.ts';
import type { Database } from '../record/db/database.ts';
import { SHARED_ROW, rowsOfDay, type MayAddRow } from '../record/results/rows-of-day.ts';
import { bufferedCounts } from '../record/results/buffered-counts.ts';
import { asJob } from '../site-limits/counting/current-client.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

const { linkHosts, clickRowsInMemory, clickDetailsPerDay } = SITE_LIMITS;

/** A crash loses at most the clicks of this time. */
const FLUSH_MS = 3_000;

const DAY_MS = 86_400_000;

/** Each server on one database picks a shard at random. Two servers with the same shard only wait for each other. */
const SHARDS = 64;

export type Click = Omit<DailyClicks, 'hour' | 'clicks'>;

type Row = Click & { hour: string; count: number };

export interface ClickCounter {
  /** Counts a click. If it may add no row, it counts in one that many clicks share. */
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
  const counts = bufferedCounts<Row>({
    nameOf,
    // People keep their link, as members have made a limited number of links.
    sharedRow: (row) => ({ ...row, ...(!isByPerson(row) && { link: SHARED_ROW }), device: 'unknown', host: '' }),
    max: clickRowsInMemory.value,
  });
  const hosts = knownHosts();
  const hasDetails = rowsOfDay(clickDetailsPerDay.value);
  const counted: Record<string, number> = {};
  let flushing: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const store = (rows: Row[]) => addClicks(db, rows.map(({ count, ...row }) => ({ ...row, clicks: count })), shard); // prettier-ignore
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    flushing = asJob(() => flushing.then(() => counts.flush(store).catch(onError)));
    return flushing;
  };
  const schedule = () => void (timer ??= setTimeout(() => void flush().then(() => counts.size() && schedule()), flushMs).unref()); // prettier-ignore

  return {
    count({ form, link, class: kind, device, host }, now, mayAddRow) {
      counted[kind] = (counted[kind] ?? 0) + 1;
      const hour = countedDay(now);
      const row: Row = { form, link, hour, class: kind, device: 'unknown', host: '', count: 1 };
      // Only persons are shown by device and website.
      if (kind === 'person') {
        const apart = { ...row, device, host: hosts(link, host, now) };
        Object.assign(row, hasDetails(hour, nameOf(apart)) ? apart : { host: apart.host && OTHER_HOSTS });
      }
      counts.add(row, mayAddRow);
      schedule();
    },
    counted: () => counted,
    flush,
    close: flush,
  };
}

const isByPerson = (row: Row): boolean => row.class === 'person' || row.class === 'repeat';

const nameOf = ({ form, link, hour, class: kind, device, host }: Row): string =>
  `${link}\n${hour}\n${kind}\n${device}\n${host}\n${form}`;

/**
 * @returns the name under which a website is counted: its own, or that of the rest once a link has enough of them today
 */
function knownHosts(): (link: string, host: string, now: Date) => string {
  let day = NaN;
  const byLink = new Map<string, Set<string>>();
  return (link, host, now) => {
    if (!host) return host;
    const today = Math.floor(now.getTime() / DAY_MS);
    if (today !== day) byLink.clear();
    day = today;
    const known = byLink.get(link) ?? new Set();
    if (!known.size) byLink.set(link, known);
    if (known.has(host)) return host;
    if (known.size >= linkHosts.value) return OTHER_HOSTS;
    known.add(host);
    return host;
  };
}
