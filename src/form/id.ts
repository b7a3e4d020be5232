/** The ids of screens, fields, endings and params, and slugs. It imports nothing, so that the browser can use it. */

export const ID = /^[a-z][a-z0-9_]*$/;
export const MAX_ID_CHARACTERS = 60;

/** The longest slug of a form, in characters. */
export const MAX_SLUG_CHARACTERS = 60;
export const SLUG = /^[a-z0-9][a-z0-9-]{0,59}$/;

/**
 * A part of an address that is made of a name: its letters without accents and its digits, with `-` between words.
 * @returns for example `christmas-drivers`; empty where `name` has no letter from a to z and no digit
 */
export const slugFrom = (name: string, maxCharacters: number): string =>
  // Only the beginning counts, and `normalize` takes minutes for some texts of a member.
  name.slice(0, 1_000).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-/, '').slice(0, maxCharacters).replace(/-$/, ''); // prettier-ignore

/** The id of the text field that the key `other` of the field `id` adds. */
export const idOfOther = (id: string): string => `${id}_other`;

/** The name of an input that people cannot see. Programs fill it in. */
export const TRAP = 'website_url_2';

/** The name of an input with the version of the page. No field can have it. */
export const PAGE_VERSION = '@version';

/** Names in the address of a page that Flipsite writes itself: the campaign link, and the version of the form. */
export const ADDRESS_NAMES: readonly string[] = ['link', 'version'];

/** Ids that pipes, conditions and the page use for something else, and names that every object has. */
export const RESERVED_IDS: readonly string[] = [
  'reference',
  'any',
  'all',
  'none',
  TRAP,
  ...Object.getOwnPropertyNames(Object.prototype),
];
