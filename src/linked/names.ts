/** Compares names of people as a reviewer would: case, accents and order make no difference. */
import { withoutAccents } from '../form/runtime/accents.ts';
import type { MatchComparison } from './match-result.ts';

/** Words that some documents add to a name and others leave out. */
const PARTICLES = new Set(
  'de del dela delas delos la las los da das do dos di du van von der den ter y e i bin binti bte ibn al el san santa st sta'.split(
    ' ',
  ),
);
const TITLES = new Set('mr mrs ms miss mx dr dra sr sra srta engr atty prof hon sir lic ing'.split(' '));
const SUFFIXES = new Set('jr ii iii iv junior senior'.split(' '));

/** Common short forms and spellings of given names. */
const SPELLINGS = new Map(
  Object.entries({
    ma: 'maria', mohd: 'muhammad', md: 'muhammad', mohammad: 'muhammad', mohammed: 'muhammad', mohamed: 'muhammad', muhamad: 'muhammad', muh: 'muhammad', fco: 'francisco', gpe: 'guadalupe',
  }),
); // prettier-ignore

/** Letters that Unicode does not decompose. */
const LETTERS: Record<string, string> = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', æ: 'ae', œ: 'oe', þ: 'th', ı: 'i' };

/** The words of a name, lower case without accents. Apostrophes join words, other signs separate them. */
export function nameWords(text: string): string[] {
  return withoutAccents(text)
    .toLowerCase()
    .replace(/[ßøłđðæœþı]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/['’ʼ`´]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** The words that tell people apart. */
function distinctiveWords(text: string): string[] {
  // In "Palomero, George" the comma can go, since order makes no difference below.
  const words = nameWords(text).map((word) => SPELLINGS.get(word) ?? word);
  const distinctive = words.filter((word) => !PARTICLES.has(word) && !TITLES.has(word) && !SUFFIXES.has(word));
  return (distinctive.length ? distinctive : words).map(withoutParticle).map(soundKey);
}

/** "delacruz" and "de la Cruz" are one name. */
const withoutParticle = (word: string): string => /^(?:delos|delas|dela|del)(?=.{4})(.+)$/.exec(word)?.[1] ?? word;

/** Spellings that sound the same: Gonzalez and Gonzales, Reyez and Reyes, Sofia and Sophia, Anna and Ana. */
const soundKey = (word: string): string =>
  word
    .replace(/ph/g, 'f')
    .replace(/z/g, 's')
    .replace(/(.)\1+/g, '$1');

/** Whether two words can be the same. An initial matches any word that begins with it. */
const canMatch = (a: string, b: string): boolean =>
  a === b || (a.length === 1 && b.startsWith(a)) || (b.length === 1 && a.startsWith(b));

/** How many words of `shorter` match a word of their own in `longer`; exact matches before initials. */
function countMatches(shorter: string[], longer: string[]): number {
  const unmatched = [...longer];
  const takeMatch = (word: string, matches: (a: string, b: string) => boolean): boolean => {
    const at = unmatched.findIndex((other) => matches(word, other));
    if (at >= 0) unmatched.splice(at, 1);
    return at >= 0;
  };
  const withoutExact = shorter.filter((word) => !takeMatch(word, (a, b) => a === b));
  return shorter.length - withoutExact.filter((word) => !takeMatch(word, canMatch)).length;
}

const scriptOf = (text: string): string | undefined =>
  ['Latin', 'Han', 'Arabic', 'Cyrillic', 'Thai', 'Hangul'].find((name) => new RegExp(`\\p{Script=${name}}`, 'u').test(text)); // prettier-ignore

/**
 * Agrees if all words of the shorter name are in the longer one, at least two: middle names and second surnames are
 * often left out. One word of several, or two words with others on both sides, is too little to decide.
 */
export function compareNames(declared: string, linked: string): MatchComparison {
  if (scriptOf(declared) !== scriptOf(linked)) return { verdict: 'unknown', why: 'The names are in different scripts' };
  const [declaredWords, linkedWords] = [distinctiveWords(declared), distinctiveWords(linked)];
  if (!declaredWords.length || !linkedWords.length) return { verdict: 'unknown', why: 'There is no name to compare' };
  // For names with different spaces: 王小明 and 王 小明, Mary Ann and Maryann.
  if ([...declaredWords].sort().join('') === [...linkedWords].sort().join('') || declaredWords.join('') === linkedWords.join('')) return { verdict: 'agree' }; // prettier-ignore
  const [shorter, longer] =
    declaredWords.length <= linkedWords.length ? [declaredWords, linkedWords] : [linkedWords, declaredWords];
  const matches = countMatches(shorter, longer);
  if (matches === shorter.length && shorter.filter((word) => word.length > 1).length >= 2) return { verdict: 'agree' };
  if (matches === shorter.length) return { verdict: 'unknown', why: 'Only a part of the name is the same' };
  if (matches >= 2) return { verdict: 'unknown', why: 'Some names are the same, but each person has other names too' };
  return { verdict: 'differs' };
}
