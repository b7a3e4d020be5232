/** The script `text` without its comments and indents, as pages have it. */
export const withoutComments = (text: string): string => text.replace(/^ *(\/\/.*\n)?/gm, '');
