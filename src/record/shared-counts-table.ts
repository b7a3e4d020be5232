/** Passes the counts of this server on to the other servers on the same PostgreSQL database, and reads theirs. */
import { randomUUID } from 'node:crypto';
import type { CountExchange } from '../site-limits/counting/count-exchange.ts';
import type { Database } from './db/database.ts';

/** The time between two exchanges. In this time, all servers together may exceed a limit by as much as they count. */
const EXCHANGE_MS = 1_000;

/** How long a server leaves its rows to the others. A server that needs longer for an exchange misses some. */
const CLEANUP_MS = 10_000;

/** Age of the rows of a server that has ended. It is more than the clocks of servers may differ by. */
const LEFT_BEHIND_MS = 300_000;

export interface CountSharing {
  /** Resolves once the running exchange has ended. */
  close(): Promise<void>;
}

interface CountSharingOptions {
  now(): Date;
  everyMs?: number;
  /** Gets no name and no count. */
  log: { warn(about: Record<string, unknown>, message: string): void };
}

/** Exchanges counts again and again, until `close`. While the database can't be reached, this server counts alone. */
export function shareCounts(
  db: Database,
  exchange: Pick<CountExchange, 'drain' | 'add'>,
  { now, log, everyMs = EXCHANGE_MS }: CountSharingOptions,
): CountSharing {
  const server = randomUUID();
  /** The last row that was read of each other server. */
  const read = new Map<string, { number: number; at: number }>();
  let written = 0;
  let writtenAtCleanup = 0;
  let cleanedAt = 0;
  let isAway = false;
  let closing = false;
  let endWait = () => {};

  async function exchangeOnce(): Promise<void> {
    const time = now().getTime();
    // First the part that fails without a loss.
    const rows = await db.query
      .selectFrom('shared_counts')
      .select(['server', 'number', 'counts'])
      .where('server', '!=', server)
      .where((is) =>
        is.and([...read].map(([other, { number }]) => is.or([is('server', '!=', other), is('number', '>', number)]))),
      )
      .orderBy('number')
      .execute();
    for (const row of rows) {
      exchange.add(row.counts);
      read.set(row.server, { number: row.number, at: time });
    }
    const counts = exchange.drain();
    if (counts !== undefined) {
      const row = { server, number: ++written, at: new Date(time).toISOString(), counts };
      await db.query.insertInto('shared_counts').values(row).execute();
    }
    if (Math.abs(time - cleanedAt) >= CLEANUP_MS) await cleanUp(time);
  }

  async function cleanUp(time: number): Promise<void> {
    const old = new Date(time - LEFT_BEHIND_MS).toISOString();
    await db.query
      .deleteFrom('shared_counts')
      .where((is) =>
        is.or([is.and([is('server', '=', server), is('number', '<=', writtenAtCleanup)]), is('at', '<', old)]),
      )
      .execute();
    for (const [other, { at }] of read) if (time - at > 2 * LEFT_BEHIND_MS) read.delete(other);
    writtenAtCleanup = written;
    cleanedAt = time;
  }

  const ended = (async () => {
    while (!closing) {
      try {
        await exchangeOnce();
        isAway = false;
      } catch (error) {
        if (!isAway) log.warn({ err: error }, 'Could not exchange counts with other servers. This server counts alone');
        isAway = true;
      }
      if (closing) break;
      await new Promise<void>((go) => {
        const timer = setTimeout(go, everyMs).unref();
        endWait = () => (clearTimeout(timer), go());
      });
    }
  })();

  return {
    close() {
      closing = true;
      endWait();
      return ended;
    },
  };
}
