/** The ids of screens, fields, endings and params. It imports nothing, so that the browser can use it. */

export const ID = /^[a-z][a-z0-9_]*$/;
export const MAX_ID_CHARACTERS = 60;

/** The id of the text field that the key `other` of the field `id` adds. */
export const idOfOther = (id: string): string => `${id}_other`;

/** The name of an input that people cannot see. Programs fill it in. */
export const TRAP = 'website_url_2';

/** Ids that pipes, conditions and the page use for something else, and names that every object has. */
export const RESERVED_IDS: readonly string[] = [
  'reference',
  'any',
  'all',
  'none',
  TRAP,
  ...Object.getOwnPropertyNames(Object.prototype),
];
