/** Bounds the lines of the log that one cause can write, such as a full disk. */
import { createBudget } from './counting/budget.ts';
import { SITE_LIMITS } from './site-limits.ts';

const MINUTE_MS = 60_000;

/** @returns whether the log may have one more line about `cause` now. If so, the line is counted */
export function boundLines(now: () => Date): (cause: string) => boolean {
  const lines = createBudget(SITE_LIMITS.failedRequestsInLogPerMinute.value, MINUTE_MS);
  return (cause) => lines.consume(cause, now()) === 0;
}

interface Warnings {
  warn(about: Record<string, unknown>, message: string): void;
}

/** A log of warnings that requests cause. Of those with the same message, only some have a line. */
export function boundWarnings(log: Warnings, now: () => Date): Warnings {
  const mayLog = boundLines(now);
  return {
    warn(about, message) {
      if (mayLog(message)) log.warn(about, message);
    },
  };
}
