/** The code that proves, when nobody is a member yet, that who sets up the dashboard also runs the server. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readableCode } from '../record/ids.ts';

/** `generated` codes are to be printed once; a given one never. */
export type SetupCode = { code: string; generated: boolean };

/** The code from the environment (`SETUP_CODE`), or a new one such as `KP4T-W7HX-CDF2` (55 bits). */
export function setupCode(given: string | undefined): SetupCode {
  if (given && plain(given)) return { code: given, generated: false };
  return { code: [readableCode(4), readableCode(4), readableCode(4)].join('-'), generated: true };
}

/** Whether `attempt` is the code; spaces, hyphens and case do not matter. Takes the same time for every attempt. */
export function matches({ code }: SetupCode, attempt: string): boolean {
  return timingSafeEqual(digest(plain(code)), digest(plain(attempt)));
}

const plain = (text: string): string => text.replace(/[\s-]/g, '').toUpperCase();
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
