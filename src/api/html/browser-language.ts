/** The language that a browser asks for. */
import { parseAccept } from 'hono/utils/accept';
import type { Language } from '../../form/wording/wording.ts';

/** Phones that name a language by its code of before. */
const FORMER_CODES = new Map([
  ['tl', 'fil'],
  ['in', 'id'],
]);

/** Browsers send some hundred characters. A header may hold 16,000, which take milliseconds to read. */
const MAX_CHARACTERS = 1_000;

/**
 * @param header `Accept-Language`, such as `es-MX,es;q=0.9,en;q=0.8`
 * @returns the first of the `offered` languages that the browser prefers, in any region; undefined if it wants none of them
 */
export function browserLanguage(header: string | undefined, offered: readonly Language[]): Language | undefined {
  return parseAccept((header ?? '').slice(0, MAX_CHARACTERS))
    .filter(({ q }) => q > 0)
    .map(({ type }) => type.toLowerCase().split('-')[0] ?? '')
    .map((code) => offered.find((one) => one === (FORMER_CODES.get(code) ?? code)))
    .find((one) => one !== undefined);
}
