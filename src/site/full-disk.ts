/** Starts a site whose disk is full: what is stored can be read, and the rest goes on once there is room. */
import type { Logger } from 'pino';
import { StoreFault } from '../record/db/fault.ts';

/** How soon it is seen that there is room. */
const AGAIN_MS = 5_000;

export interface Beginning<T> {
  /** What `begin` came to; undefined where the disk is full. */
  result: T | undefined;
  /** What `begin` waits for, in words; undefined once it has succeeded. */
  trouble(): string | undefined;
  /** Tries no more. */
  close(): void;
}

/** Runs `begin`, which writes. Where the disk is full, says so in the log, and runs it again until it succeeds. */
export async function beginOnFullDisk<T>(begin: () => Promise<T>, log: Logger): Promise<Beginning<T>> {
  let trouble: string | undefined;
  try {
    return { result: await begin(), trouble: () => undefined, close: () => undefined };
  } catch (error) {
    if (!isFull(error)) throw error;
    trouble = error.message;
    log.error(
      { err: error },
      'The disk is full. Flipsite publishes the forms once there is space; stored data stays readable',
    );
  }
  let timer: NodeJS.Timeout;
  const again = () => {
    timer = setTimeout(() => {
      begin().then(
        () => {
          trouble = undefined;
          log.info('The disk has space again, and the forms are published. Restart the site, so that backups and the doctor can read the database'); // prettier-ignore
        },
        (error: unknown) => {
          if (!isFull(error)) log.error({ err: error }, 'Could not publish the forms');
          again();
        },
      );
    }, AGAIN_MS).unref();
  };
  again();
  return { result: undefined, trouble: () => trouble, close: () => clearTimeout(timer) };
}

const isFull = (error: unknown): error is StoreFault => error instanceof StoreFault && error.kind === 'full';
