/** Signs that people put between the characters, such as spaces, dots and dashes, and unseen signs that they copy. */
export const BETWEEN = /[\s.\p{Pd}\p{Cf}\u2212]/gu;

/** The code in `typed` as it is stored: in capitals, with nothing between its characters. */
export const codeIn = (typed: string): string => typed.replace(BETWEEN, '').toUpperCase();

/** `code` in its printed form. A code without these groups stays as it is. */
export const grouped = (code: string, groups: string, between: string): string =>
  new RegExp(`^${groups}$`).exec(code)?.slice(1).filter(Boolean).join(between) ?? code;
