/** Whether two names are of the same person, as a reviewer would see it at a glance: case, accents and order say nothing. */
import type { MatchComparison } from './match-result.ts';

/** Words of a name that come and go with the form it was written on. */
const PARTICLES = new Set(
  'de del dela delas delos la las los da das do dos di du van von der den ter y e i bin binti bte ibn al el san santa st sta'.split(
    ' ',
  ),
);
const TITLES = new Set('mr mrs ms miss mx dr dra sr sra srta engr atty prof hon sir lic ing'.split(' '));
const SUFFIXES = new Set('jr ii iii iv junior senior'.split(' '));

/** How some given names are usually shortened or spelt. */
const SPELLINGS = new Map(
  Object.entries({
    ma: 'maria', mohd: 'muhammad', md: 'muhammad', mohammad: 'muhammad', mohammed: 'muhammad', mohamed: 'muhammad', muhamad: 'muhammad', muh: 'muhammad', fco: 'francisco', gpe: 'guadalupe',
  }),
); // prettier-ignore

/** Letters that no decomposition turns into plain ones. */
const LETTERS: Record<string, string> = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', æ: 'ae', œ: 'oe', þ: 'th', ı: 'i' };

/** Small letters without accents, in words. Apostrophes join what they stand between, all other signs part it. */
export function nameWords(text: string): string[] {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[ßøłđðæœþı]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/['’ʼ`´]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** The words of a name that tell people apart. */
function tellingWords(text: string): string[] {
  // "Palomero, George" is written as it is filed; order says nothing below, so the comma may go.
  const words = nameWords(text).map((word) => SPELLINGS.get(word) ?? word);
  const telling = words.filter((word) => !PARTICLES.has(word) && !TITLES.has(word) && !SUFFIXES.has(word));
  return (telling.length ? telling : words).map(withoutParticle).map(asSpoken);
}

/** "delacruz" and "de la Cruz" are one name. */
const withoutParticle = (word: string): string => /^(?:delos|delas|dela|del)(?=.{4})(.+)$/.exec(word)?.[1] ?? word;

/** Spellings that sound the same: Gonzalez and Gonzales, Reyez and Reyes, Sofia and Sophia, Anna and Ana. */
const asSpoken = (word: string): string =>
  word
    .replace(/ph/g, 'f')
    .replace(/z/g, 's')
    .replace(/(.)\1+/g, '$1');

/** Whether two words can be the same one: an initial stands for any word that begins with it. */
const fits = (a: string, b: string): boolean =>
  a === b || (a.length === 1 && b.startsWith(a)) || (b.length === 1 && a.startsWith(b));

/** How many words of `few` find one of their own in `many`; whole words choose before initials. */
function found(few: string[], many: string[]): number {
  const left = [...many];
  const take = (word: string, same: (a: string, b: string) => boolean): boolean => {
    const at = left.findIndex((other) => same(word, other));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  };
  const rest = few.filter((word) => !take(word, (a, b) => a === b));
  return few.length - rest.filter((word) => !take(word, fits)).length;
}

const scriptOf = (text: string): string | undefined =>
  ['Latin', 'Han', 'Arabic', 'Cyrillic', 'Thai', 'Hangul'].find((name) => new RegExp(`\\p{Script=${name}}`, 'u').test(text)); // prettier-ignore

/**
 * Agrees when all words of the shorter name are in the longer one, and they are at least two: middle names and second
 * surnames come and go. One word of several, or two of which each has more, is too little to tell.
 */
export function compareNames(declared: string, linked: string): MatchComparison {
  if (scriptOf(declared) !== scriptOf(linked)) return { verdict: 'unknown', why: 'They are in different scripts' };
  const [mine, theirs] = [tellingWords(declared), tellingWords(linked)];
  if (!mine.length || !theirs.length) return { verdict: 'unknown', why: 'There is no name to compare' };
  // Where names are written without spaces, or with others: 王小明 and 王 小明, Mary Ann and Maryann.
  if ([...mine].sort().join('') === [...theirs].sort().join('') || mine.join('') === theirs.join('')) return { verdict: 'agree' }; // prettier-ignore
  const [few, many] = mine.length <= theirs.length ? [mine, theirs] : [theirs, mine];
  const same = found(few, many);
  if (same === few.length && few.filter((word) => word.length > 1).length >= 2) return { verdict: 'agree' };
  if (same === few.length) return { verdict: 'unknown', why: 'Only a part of the name is there' };
  if (same >= 2) return { verdict: 'unknown', why: 'Some of the names are the same, and each has others' };
  return { verdict: 'differs' };
}
