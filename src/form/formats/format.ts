/** What a format of text is: a number or code that people have from an authority, and how it is recognised. */
import type { Language } from '../wording/wording.ts';

export interface Format {
  /** The signs that it is made of, as they stand between `[` and `]` in a regular expression. */
  signs: string;
  /** How many signs there can be. */
  lengths: number[];
  /** Whether `code` (in capitals, nothing between its signs) is one, as far as that can be told without asking anybody. */
  isValid(code: string): boolean;
  /** How a code is printed: a regular expression with its groups of signs, and what stands between them. */
  groups: string;
  between: string;
  /** An example that belongs to no known person, as it is printed. */
  example: string;
  /** What to enter, with `{example}`. */
  sentence: Record<Language, string>;
}

/** Whether there is such a day in a year that ends so: `610229` is one in 2061 or 1961, or is none in both. */
export function isDay(year: string, month: string, day: string, centuries: number[] = [1900, 2000]): boolean {
  return centuries.some((century) => {
    const date = new Date(Date.UTC(century + Number(year), Number(month) - 1, Number(day)));
    return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  });
}
