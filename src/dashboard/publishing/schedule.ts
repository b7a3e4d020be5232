/** The time at which a member wants a form to be published. */
import { isTimeZone } from '../../form/settings/limits.ts';
import { readTimeIn } from '../display/times.ts';

/** People plan within a year. */
const MAX_DAYS = 366;

/** A sentence that says why a time can't be used, and the input that it is about. */
export type ScheduleFault = { input: 'at' | 'zone'; text: string };

/** Reads a time as a browser sends it, such as `2026-12-24T09:00`, in a time zone. */
export function readScheduledTime(text: string, zone: string, now: Date): Date | ScheduleFault {
  if (!isTimeZone(zone)) return { input: 'zone', text: 'Enter a time zone, such as Asia/Manila.' };
  const time = readTimeIn(text, zone);
  if (!time) return { input: 'at', text: 'Enter a date and a time.' };
  if (time <= now) return { input: 'at', text: 'This time has passed. Enter a later one.' };
  if (time.getTime() > now.getTime() + MAX_DAYS * 86_400_000)
    return { input: 'at', text: 'Enter a time within a year.' };
  return time;
}
