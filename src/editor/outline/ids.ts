/** Ids that are made from titles, so that authors never have to think of one. */
import { MAX_ID_CHARACTERS, RESERVED_IDS } from '../../form/id.ts';

/** Ids stay readable in rules and exports. */
const MAX_WORDS_CHARACTERS = 32;

/**
 * A free id for a part that is called `title`.
 * @param fallback the beginning of the id where the title has no letters from a to z, such as `question`
 * @param taken the ids that exist already
 */
export const idFor = (title: string, fallback: string, taken: ReadonlySet<string>): string =>
  freeId(slugOf(title) || fallback, taken);

/** `id`, or `id_2`, `id_3` where it is taken. */
export function freeId(id: string, taken: ReadonlySet<string>): string {
  const isFree = (one: string) => !taken.has(one) && !RESERVED_IDS.includes(one) && one !== 'review';
  if (isFree(id)) return id;
  const stem = id.replace(/_\d+$/, '').slice(0, MAX_ID_CHARACTERS - 5);
  for (let number = 2; ; number++) if (isFree(`${stem}_${number}`)) return `${stem}_${number}`;
}

/** The value of an option that is called `label`: in its own letters where it has none from a to z. */
export function valueFor(label: string, taken: ReadonlySet<string>): string {
  const value = slugOf(label, /^_+/) || label.trim().slice(0, 190) || 'option';
  if (!taken.has(value)) return value;
  for (let number = 2; ; number++) if (!taken.has(`${value}_${number}`)) return `${value}_${number}`;
}

/** Letters without accents and digits, with `_` between words. Empty where most of the title is in another script. */
function slugOf(title: string, front = /^[_0-9]+/): string {
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '').replace(/['’]/g, '').toLowerCase();
  const foreign = plain.match(/[^\p{Script=Latin}\P{L}]/gu)?.length ?? 0;
  const slug = plain.replace(/\{[a-z0-9_]*\}/g, ' ').replace(/[^a-z0-9]+/g, '_').replace(front, '').replace(/_+$/, ''); // prettier-ignore
  if (foreign > slug.length) return '';
  if (slug.length <= MAX_WORDS_CHARACTERS) return slug;
  const cut = slug.slice(0, MAX_WORDS_CHARACTERS + 1).replace(/_[^_]*$/, '');
  return cut.slice(0, MAX_WORDS_CHARACTERS).replace(/_+$/, '');
}
