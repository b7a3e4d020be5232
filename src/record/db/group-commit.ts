/** Grouped commits: all writes that wait share one durable transaction, and each succeeds or fails alone. */
import type { DatabaseSync } from 'node:sqlite';
import { createClientQueue } from '../../site-limits/counting/client-queue.ts';
import { currentClient } from '../../site-limits/counting/current-client.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { asFault, StoreFault } from './fault.ts';

/** Bounds how long the first of a group waits for the last. */
const MAX_GROUP_SIZE = 256;
/** After this time, in which everyone waits, a group takes no more. Most writes take a fraction of a millisecond. */
const MAX_GROUP_MS = 25;

/** Some tenths of a second of work. Further writes are refused as `busy` instead of waiting. */
const MAX_WAITING = SITE_LIMITS.writesWaitingOnSqlite.value;

/** How long another process may keep the database locked. */
const LOCKED_MS = 5_000;
const LOCKED_AGAIN_MS = 20;

export interface Group {
  /**
   * Runs `work` in turn, and resolves once its writes are on the disk. If `work` throws, none of its writes is stored. It may
   * run twice; only the last run counts. Throws a StoreFault if nothing can be stored.
   */
  run<R>(work: Work<R>): Promise<R>;
  /** Whether the connection has uncommitted writes. */
  hasUncommitted(): boolean;
  /** How many writes wait. */
  waiting(): number;
  /** Whether the disk was full for a write since the last call of `forgetFull`. */
  wasFull(): boolean;
  forgetFull(): void;
  /** Resolves once no write waits. */
  idle(): Promise<void>;
}

/** @param wrote call it before the first write */
export type Work<R> = (wrote: () => void) => Promise<R>;

interface QueuedWrite {
  work: Work<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Thrown when one work of a group failed after it wrote, so the whole group is rolled back. */
class GroupAborted extends Error {}

export function groupCommits(sqlite: DatabaseSync): Group {
  const begin = sqlite.prepare('begin immediate');
  const commit = sqlite.prepare('commit');
  const queue = createClientQueue<QueuedWrite>();
  let turning: Promise<void> | undefined;
  let open = false;
  let wasFull = false;

  function faultOf(error: unknown): unknown {
    const fault = asFault(error);
    wasFull ||= fault instanceof StoreFault && fault.kind === 'full';
    return fault;
  }

  async function commitAll(): Promise<void> {
    await gathered();
    while (queue.size() > 0) {
      await commitGroup();
      if (queue.size() > 0) await gathered();
    }
    turning = undefined;
  }

  /** Collects writes for as long as each turn of the event loop brings more. No timer is involved. */
  async function gathered(): Promise<void> {
    let before: number;
    do {
      before = queue.size();
      await new Promise((turn) => setImmediate(turn));
    } while (queue.size() > before && queue.size() < MAX_GROUP_SIZE);
  }

  async function commitGroup(): Promise<void> {
    const group: QueuedWrite[] = [];
    try {
      await opened();
    } catch (error) {
      for (let count = 0; count < MAX_GROUP_SIZE; count++) queue.next()?.reject(faultOf(error));
      return;
    }
    open = true;
    try {
      const reports = await runGroup(group);
      open = false;
      // Rejections wait for the commit too: they may depend on writes of this group.
      for (const report of reports) report();
    } catch (error) {
      if (sqlite.isTransaction) sqlite.exec('rollback');
      open = false;
      for (const { reject } of group) reject(faultOf(error));
    }
  }

  /** @param group gets the writes that belong to it */
  async function runGroup(group: QueuedWrite[]): Promise<(() => void)[]> {
    try {
      return await committed(taken(group), attempt);
    } catch (error) {
      if (!(error instanceof GroupAborted)) throw error;
      sqlite.exec('rollback');
      begin.run();
      return committed(group, attemptWithSavepoint);
    }
  }

  /** The writes that wait now, until there are enough for a group. */
  function* taken(group: QueuedWrite[]): Generator<QueuedWrite> {
    const end = performance.now() + MAX_GROUP_MS;
    for (let write = queue.next(); write; write = queue.next()) {
      group.push(write);
      yield write;
      if (group.length === MAX_GROUP_SIZE || performance.now() > end) return;
    }
  }

  async function committed(
    group: Iterable<QueuedWrite>,
    one: (write: QueuedWrite) => Promise<() => void>,
  ): Promise<(() => void)[]> {
    const reports: (() => void)[] = [];
    for (const write of group) reports.push(await one(write));
    commit.run();
    return reports;
  }

  /** Nearly all works succeed, or fail before they write. A savepoint for each would cost a third more. */
  async function attempt({ work, resolve, reject }: QueuedWrite): Promise<() => void> {
    let wrote = false;
    try {
      const value = await work(() => (wrote = true));
      return () => resolve(value);
    } catch (error) {
      if (!sqlite.isTransaction) throw error;
      if (wrote) throw new GroupAborted();
      return () => reject(faultOf(error));
    }
  }

  async function attemptWithSavepoint({ work, resolve, reject }: QueuedWrite): Promise<() => void> {
    sqlite.exec('savepoint job');
    try {
      const value = await work(() => undefined);
      sqlite.exec('release job');
      return () => resolve(value);
    } catch (error) {
      // A full disk rolls back the whole transaction, with the writes of the others.
      if (!sqlite.isTransaction) throw error;
      sqlite.exec('rollback to job; release job');
      return () => reject(faultOf(error));
    }
  }

  async function opened(): Promise<void> {
    const until = performance.now() + LOCKED_MS;
    for (;;) {
      try {
        begin.run();
        return;
      } catch (error) {
        const { errcode = 0 } = error as { errcode?: number };
        if ((errcode & 0xff) !== 5 || performance.now() > until) throw error;
        await new Promise((again) => setTimeout(again, LOCKED_AGAIN_MS));
      }
    }
  }

  return {
    run(work) {
      return new Promise((resolve, reject) => {
        const write = { work: work as Work<unknown>, resolve: resolve as QueuedWrite['resolve'], reject };
        queue.add(currentClient(), write, MAX_WAITING)?.reject(new StoreFault('busy'));
        turning ??= commitAll();
      });
    },
    wasFull: () => wasFull,
    forgetFull: () => void (wasFull = false),
    hasUncommitted: () => open,
    waiting: () => queue.size(),
    async idle() {
      while (turning) await turning;
    },
  };
}
