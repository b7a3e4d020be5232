/** Finds names in the file of settings that look like a setting but are none. */
import { parseEnv } from 'node:util';
import { nearest } from '../form/faults/nearest.ts';

/** More would find the names of other programs, such as HOOK_SECRET for WEBHOOK_SECRET. */
const MAX_WRONG_LETTERS = 2;

/**
 * @param text the content of `.env`
 * @param known the names of all settings
 * @returns a sentence for each name that is close to a known one. Other names may belong to forms or to other programs
 */
export function findMisspelledSettings(text: string, known: readonly string[]): string[] {
  return Object.keys(parseEnv(text)).flatMap((name) => {
    // A name such as WEBHOOK_SECRET_2 is the secret of a form.
    const isOther = known.some(
      (one) => name === one || (name.startsWith(one) && /[_\d]/.test(name.charAt(one.length))),
    );
    const meant = isOther ? undefined : nearest(name, known, MAX_WRONG_LETTERS);
    return meant === undefined ? [] : [`.env has ${name}, which is no setting. Did you mean ${meant}?`];
  });
}
