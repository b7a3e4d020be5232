/** Keeps the numbers of Results up to date while the site runs. */
import { performance } from 'node:perf_hooks';
import type { Database } from '../db/database.ts';
import { countChanges } from './count-changes.ts';
import { countOpenings, type Openings } from './openings.ts';
import type { ResultFilter } from './read-counts.ts';

export interface ResultCounting {
  openings: Pick<Openings, 'add'>;
  /** How many test answers people gave in previews. They are no results. */
  countTests(filter: ResultFilter): Promise<number>;
  /**
   * Counts everything that has happened, for at most half a second. On a full disk it counts nothing, so that pages can be
   * read.
   * @returns whether nothing is left
   */
  countWaiting(): Promise<boolean>;
  close(): Promise<void>;
}

/** Between two turns. A page that shows numbers counts them first, so this only keeps its work small. */
const TURN_MS = 2_000;
const TURN_BUDGET_MS = 1_000;
/** While the server is busy with people, only a part is counted. The rest follows when it is not. */
const BUSY_BUDGET_MS = 20;
const BUSY_FROM = 0.6;
const PAGE_BUDGET_MS = 500;

/**
 * @param flushClicks stores the clicks of campaign links that wait in memory
 * @param logError is called when counts can't be stored. They are tried again
 */
export function openResultCounting(
  db: Database,
  {
    countTests,
    flushClicks,
    logError,
  }: Pick<ResultCounting, 'countTests'> & { flushClicks(): Promise<void>; logError(error: unknown): void },
): ResultCounting {
  const openings = countOpenings();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();
  let isClosed = false;
  let used = performance.eventLoopUtilization();

  async function turn(): Promise<void> {
    try {
      await openings.flush(db);
      const { utilization } = performance.eventLoopUtilization(used);
      await countChanges(db, utilization >= BUSY_FROM ? BUSY_BUDGET_MS : TURN_BUDGET_MS);
    } catch (error) {
      logError(error);
    }
    used = performance.eventLoopUtilization();
    schedule();
  }
  function schedule(): void {
    if (!isClosed) timer = setTimeout(() => (running = turn()), TURN_MS).unref();
  }

  schedule();
  return {
    openings,
    countTests,
    async countWaiting() {
      try {
        await flushClicks();
        await openings.flush(db);
        return await countChanges(db, PAGE_BUDGET_MS);
      } catch (error) {
        logError(error);
        return false;
      }
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await running;
      await openings.flush(db).catch(logError);
    },
  };
}
