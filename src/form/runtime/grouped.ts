/**
 * The code in `typed` as it is stored: in capitals, and without the spaces, dots and dashes that people add, and the unseen
 * signs that they copy.
 */
export const codeIn = (typed: string): string => typed.replace(/[\s.\p{Pd}\p{Cf}\u2212]/gu, '').toUpperCase();

/** `code` in its printed form. A code without these groups stays as it is. */
export const grouped = (code: string, groups: string, between: string): string =>
  new RegExp(`^${groups}$`).exec(code)?.slice(1).filter(Boolean).join(between) ?? code;
