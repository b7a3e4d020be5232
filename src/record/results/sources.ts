/** The people of a form by where they came from, besides its campaign links. */

/** In place of a link, for people whose address had `utm_` values but no campaign link. No id of a link looks like this. */
export const OTHER_SOURCES = 'utm_*';

/** The link that Results count a person under. @param params the values of the address that are stored */
export const countedLink = (link: string | null | undefined, params: Readonly<Record<string, string>>): string =>
  link ?? (Object.keys(params).some((name) => name.startsWith('utm_')) ? OTHER_SOURCES : '');
