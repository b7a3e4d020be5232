/** Starts a site whose disk is full: stored data can be read, and forms are published once there is space. */
import type { Logger } from 'pino';
import { StoreFault } from '../record/db/fault.ts';

/** How often it tries again. */
const RETRY_MS = 5_000;

export interface DiskStart<T> {
  /** The result of `start`; undefined if the disk is full. */
  result: T | undefined;
  /** The problem that `start` waits for; undefined once it has succeeded. */
  problem(): string | undefined;
  /** Stops trying. */
  close(): void;
}

/** Runs `start`, which writes. If the disk is full, logs it and runs `start` again until it succeeds. */
export async function startOnFullDisk<T>(start: () => Promise<T>, log: Logger): Promise<DiskStart<T>> {
  let problem: string | undefined;
  try {
    return { result: await start(), problem: () => undefined, close: () => undefined };
  } catch (error) {
    if (!isFull(error)) throw error;
    problem = error.message;
    log.error(
      { err: error },
      'The disk is full. Flipsite publishes the forms once there is space; stored data stays readable',
    );
  }
  let timer: NodeJS.Timeout;
  const retry = () => {
    timer = setTimeout(() => {
      start().then(
        () => {
          problem = undefined;
          log.info('The disk has space again, and the forms are published. Restart the site, so that backups and the doctor can read the database'); // prettier-ignore
        },
        (error: unknown) => {
          if (!isFull(error)) log.error({ err: error }, 'Could not publish the forms');
          retry();
        },
      );
    }, RETRY_MS).unref();
  };
  retry();
  return { result: undefined, problem: () => problem, close: () => clearTimeout(timer) };
}

const isFull = (error: unknown): error is StoreFault => error instanceof StoreFault && error.kind === 'full';
