/** Repairs broken percent-encoding before anything decodes it. */

/** A percent sign that belongs to no encoded byte. */
const LONE_PERCENT = /%(?![\da-f]{2})/gi;

/** A percent-encoded character of UTF-8 beyond ASCII, or as the group 1 an encoded byte that belongs to none. */
const ENCODED =
  /%(?:c[2-9a-f]|d[\da-f])%[89ab][\da-f]|%(?:e0%[ab]|e[1-9a-cef]%[89ab]|ed%[89])[\da-f]%[89ab][\da-f]|%(?:f0%[9ab]|f[1-3]%[89ab]|f4%8)[\da-f](?:%[89ab][\da-f]){2}|(%[89a-f][\da-f])/gi;

/** U+FFFD, which stands for bytes that are no character. */
const NO_CHARACTER = '%EF%BF%BD';

/**
 * Returns an address or a posted form in which everything can be decoded. Parsers of URLs read the same from it. They throw
 * and catch an error inside for each name, value or part of a path that can't be decoded, which takes 7 microseconds. An
 * address has room for 4,000 of them, and a posted form for more.
 */
export function repairEncoding(text: string): string {
  if (canDecode(text)) return text;
  // A posted form may be 250,000 percent signs, and a function that is called for each of them takes 50 ms.
  return text
    .replace(LONE_PERCENT, '%25')
    .replace(ENCODED, (found, broken?: string) => (broken === undefined ? found : NO_CHARACTER));
}

export function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
