/** The time at which a member wants a form to be published. */
import { Temporal } from 'temporal-polyfill';
import { isTimeZone } from '../../form/settings/limits.ts';

/** People plan within a year. */
const MAX_DAYS = 366;

/**
 * Reads a time as a browser sends it, such as `2026-12-24T09:00`, in a time zone.
 * @returns the time, or a sentence that says why it can't be used
 */
export function readScheduledTime(text: string, zone: string, now: Date): Date | string {
  if (!isTimeZone(zone)) return 'Enter a time zone, such as Asia/Manila.';
  let time: number;
  try {
    time = Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
  } catch {
    return 'Enter a date and a time.';
  }
  if (time <= now.getTime()) return 'This time has passed. Enter a later one.';
  return time > now.getTime() + MAX_DAYS * 86_400_000 ? 'Enter a time within a year.' : new Date(time);
}
