/** A text of a receiver in one line, without characters that a database refuses, or that hide or turn text. */
export const inOneLine = (text: string): string => text.replace(/[\p{C}\s]+/gu, ' ').trim();
