/** The code in `typed` as it is stored: in capitals, and without the spaces, dots and dashes that people put between its signs. */
export const codeIn = (typed: string): string => typed.replace(/[\s.\p{Pd}]/gu, '').toUpperCase();

/** `code` as it is printed; one that does not have these groups, as it is. */
export const grouped = (code: string, groups: string, between: string): string =>
  new RegExp(`^${groups}$`).exec(code)?.slice(1).filter(Boolean).join(between) ?? code;
