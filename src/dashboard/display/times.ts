/** Times as the server writes them, in UTC, and as a browser sends them. Only the browser knows the reader's time zone. */
import { Temporal } from 'temporal-polyfill';
import { isTimeZone } from '../../form/settings/limits.ts';

/** Made once: a timeline can have 4,000 times, and making a format takes longer than all else about one. */
const dayFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** `24 Nov 2026, 14:06 UTC`; with `seconds`, `24 Nov 2026, 14:06:20 UTC`. */
export function inUtc(iso: string, seconds = false): string {
  const date = new Date(iso);
  return `${dayFormat.format(date)}, ${date.toISOString().slice(11, seconds ? 19 : 16)} UTC`;
}

/** Reads a time as a browser sends it, such as `2026-12-24T09:00`, in a time zone. Undefined if one of them is invalid. */
export function readTimeIn(text: string, zone: string): Date | undefined {
  if (!isTimeZone(zone)) return undefined;
  try {
    return new Date(Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds);
  } catch {
    return undefined;
  }
}
