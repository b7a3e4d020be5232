/** The definition of a format of text: a number or code that people have from an authority, and its check. */
import type { Language } from '../wording/wording.ts';

export interface Format {
  /** Its characters, as a part of a regular expression between `[` and `]`. */
  signs: string;
  /** Its possible lengths, in characters. */
  lengths: number[];
  /** Whether `code` (in capitals, with nothing between its characters) is valid, as far as it shows by itself. */
  isValid(code: string): boolean;
  /** The printed form of a code: a regular expression with its groups, and the signs between them. */
  groups: string;
  between: string;
  /** An example that belongs to no known person, in its printed form. */
  example: string;
  /** A hint for people, with `{example}`. */
  sentence: Record<Language, string>;
}

/** Whether a day exists in a year that ends so: `610229` can be in 2061 or 1961, and exists in neither. */
export function isDay(year: string, month: string, day: string, centuries: number[] = [1900, 2000]): boolean {
  return centuries.some((century) => {
    const date = new Date(Date.UTC(century + Number(year), Number(month) - 1, Number(day)));
    return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  });
}
