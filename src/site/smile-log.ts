/** Logs requests to Smile. */
import type { Logger } from 'pino';
import { boundLines } from '../site-limits/log-lines.ts';
import type { SmileExchange } from '../smile/client.ts';

/** Of the failed requests, and of those whose answer lacks a documented field, only some have a line. */
export function smileLog(log: Pick<Logger, 'warn' | 'debug'>, now: () => Date): (exchange: SmileExchange) => void {
  const mayLog = boundLines(now);
  return (exchange) => {
    const cause = exchange.failure ?? (exchange.missing.length > 0 ? 'missing' : undefined);
    if (cause === undefined) log.debug(exchange, CALLED);
    else if (mayLog(cause)) log.warn(exchange, CALLED);
  };
}

const CALLED = 'Called Smile';
