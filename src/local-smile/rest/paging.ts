import type { Context } from 'hono';
import { z } from 'zod';
import { EnvelopeError } from '../http/envelope.ts';
import { checked } from '../http/requests.ts';

const day = z.iso.date();
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'Write a month as YYYY-MM.');
const size = z.coerce
  .number('size must be a number.')
  .int('size must be a whole number.')
  .min(1, 'size must be at least 1.')
  .max(150, 'size must be at most 150.');

/** The filters of a list: keys that must equal a query parameter, and one date. */
export interface ListFilters<T> {
  equal?: Record<string, (item: T) => string>;
  date?: (item: T) => string;
  month?: (item: T) => string;
}

/**
 * One page of a collection in Smile's list shape: newest first, `size` 1 to 150 (default 10), an opaque `cursor`. Date
 * ranges include both ends, in UTC days.
 * @param oldestFirst the collection
 */
export function pageOf<T extends { id: string }>(c: Context, oldestFirst: Iterable<T>, filters: ListFilters<T> = {}) {
  const limit = checked(size, c.req.query('size') ?? 10);
  const inRange = (format: z.ZodType<string>, from: string, to: string, read: ((item: T) => string) | undefined) => {
    const [first, last] = [from, to].map((name) => {
      const raw = c.req.query(name);
      return raw === undefined || raw === '' ? undefined : checked(format, raw);
    });
    const length = format === month ? 7 : 10;
    return (item: T) => {
      if (!read) return true;
      const value = read(item).slice(0, length);
      return (first === undefined || value >= first) && (last === undefined || value <= last);
    };
  };
  const byDate = inRange(day, 'startDate', 'endDate', filters.date);
  const byMonth = inRange(month, 'startMonth', 'endMonth', filters.month);
  const equal = Object.entries(filters.equal ?? {}).filter(([name]) => c.req.query(name));

  const all = [...oldestFirst]
    .reverse()
    .filter((item) => byDate(item) && byMonth(item) && equal.every(([name, read]) => read(item) === c.req.query(name)));
  return slice(all, limit, c.req.query('cursor'));
}

function slice<T extends { id: string }>(all: T[], limit: number, cursor: string | undefined) {
  const before = cursor ? all.findIndex((item) => encode(item.id) === cursor) : -1;
  if (cursor && before === -1) {
    throw new EnvelopeError('INVALID_PARAMETERS', 'cursor is not one that this list has given.');
  }
  const items = all.slice(before + 1, before + 1 + limit);
  const last = items.at(-1);
  const more = before + 1 + limit < all.length;
  return { nextCursor: more && last ? encode(last.id) : null, items };
}

function encode(id: string) {
  return Buffer.from(id).toString('base64url');
}
