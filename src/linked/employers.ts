/** Compares names of companies. Legal form, country and short name make no difference. */
import { nameWords } from './names.ts';
import type { MatchComparison } from './match-result.ts';

/** Legal forms as single words, without dots: S.A. de C.V., Inc., Pte. Ltd., PT … Tbk. */
const FORMS = new Set(
  'inc incorporated corp corporation co company ltd limited llc llp lp plc sa sas sapi sab srl rl cv gmbh ag kg bv nv oy ab spa sarl pt tbk cv ud sdn bhd pte pty opc'.split(
    ' ',
  ),
);
const COUNTRIES = new Set('philippines phils pilipinas ph mexico mx indonesia malaysia singapore india vietnam thailand colombia international global'.split(' ')); // prettier-ignore
const STOP_WORDS = new Set('the of and de del la el los las y e for'.split(' '));

/** Words in the names of many companies. Alone they identify none. */
const GENERIC_WORDS = new Set('bank group holdings services service solutions store shop express transport transportes tienda hotel restaurant food foods logistics trading enterprises grupo banco'.split(' ')); // prettier-ignore

function distinctiveWords(text: string): string[] {
  // Dots separate "S.A. de C.V.", but its single letters belong together.
  const words = nameWords(text.replace(/\b(\p{L})\.\s*(?=\p{L}\b)/gu, '$1'));
  const withoutForms = words.filter((word) => !FORMS.has(word) && !STOP_WORDS.has(word));
  const withoutCountries = withoutForms.filter((word) => !COUNTRIES.has(word));
  return withoutCountries.length ? withoutCountries : withoutForms.length ? withoutForms : words;
}

/** Agrees if the names are equal without such words, one begins with the other, or one is the other's short form. */
export function compareEmployers(declared: string, linked: string): MatchComparison {
  const [declaredWords, linkedWords] = [distinctiveWords(declared), distinctiveWords(linked)];
  if (!declaredWords.length || !linkedWords.length)
    return { verdict: 'unknown', why: 'There is no employer to compare' };
  if (declaredWords.join('') === linkedWords.join('') || isShort(declared, linked) || isShort(linked, declared)) return { verdict: 'agree' }; // prettier-ignore
  const [shorter, longer] =
    declaredWords.length <= linkedWords.length ? [declaredWords, linkedWords] : [linkedWords, declaredWords];
  const rare = shorter.filter((word) => !GENERIC_WORDS.has(word));
  if (shorter.every((word) => longer.includes(word))) {
    return shorter[0] === longer[0] && rare.length ? { verdict: 'agree' } : { verdict: 'unknown', why: 'Only a part of the name is the same' }; // prettier-ignore
  }
  return { verdict: 'differs' };
}

/** BPI for Bank of the Philippine Islands. Two letters would fit too many names. */
function isShort(short: string, long: string): boolean {
  const [letters, ...more] = nameWords(short).filter((word) => !FORMS.has(word));
  const words = nameWords(long).filter((word) => !FORMS.has(word));
  if (!letters || more.length || letters.length < 3 || words.length < 3) return false;
  const first = (list: string[]): string => list.map((word) => word[0]).join('');
  return [first(words), first(words.filter((word) => !STOP_WORDS.has(word)))].includes(letters);
}
