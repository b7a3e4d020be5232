/**
 * Makes few calls of the disk of files at once. Each keeps one of Node's four threads for as long as the disk takes. While a
 * network disk hangs, sign-ins, pages and the names of Smile and PostgreSQL need the others.
 */
import { createClientQueue } from '../../site-limits/counting/client-queue.ts';
import { currentClient } from '../../site-limits/counting/current-client.ts';

const CALLS_AT_ONCE = 2;

const waiting = createClientQueue<() => void>();
let running = 0;

/** Runs `call`, which must not wait for a client. Clients have their turns one after another. */
export async function onDisk<R>(call: () => Promise<R>): Promise<R> {
  if (running < CALLS_AT_ONCE) running += 1;
  else await new Promise<void>((begin) => void waiting.add(currentClient(), begin));
  try {
    return await call();
  } finally {
    const beginNext = waiting.next();
    if (beginNext) beginNext();
    else running -= 1;
  }
}
