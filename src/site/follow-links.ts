/**
 * Keeps the links up to date with other servers on the same database, and with the number of people who came by them.
 */
import type { Logger } from 'pino';
import type { Links } from '../links/registry.ts';

/** How soon a server sees a link that another one made, and that a link is full. */
const FOLLOW_MS = 1_000;

/** Reads the links again and again, until `close`. A reading that fails is logged, and tried again. */
export function followLinks(links: Links, log: Logger): { close(): void } {
  let isReading = false;
  const timer = setInterval(() => {
    if (isReading) return;
    isReading = true;
    links
      .refresh()
      .catch((error: unknown) => log.warn({ err: error }, 'Could not read the campaign links'))
      .finally(() => (isReading = false));
  }, FOLLOW_MS).unref();
  return { close: () => clearInterval(timer) };
}
