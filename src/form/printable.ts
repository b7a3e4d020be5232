/**
 * `text` as a terminal may print it. A terminal obeys control characters, which the text of a form and the answer of another
 * server can have.
 */
export const printable = (text: string): string => text.replace(/[^\P{Cc}\n\t]/gu, '\ufffd');
