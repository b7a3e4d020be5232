/** Whether two names are of the same company: its legal form, its country and its short name say nothing. */
import { nameWords } from './names.ts';
import type { MatchComparison } from './match-result.ts';

/** Legal forms, as single words; their dots are gone by then: S.A. de C.V., Inc., Pte. Ltd., PT … Tbk. */
const FORMS = new Set(
  'inc incorporated corp corporation co company ltd limited llc llp lp plc sa sas sapi sab srl rl cv gmbh ag kg bv nv oy ab spa sarl pt tbk cv ud sdn bhd pte pty opc'.split(
    ' ',
  ),
);
const COUNTRIES = new Set('philippines phils pilipinas ph mexico mx indonesia malaysia singapore india vietnam thailand colombia international global'.split(' ')); // prettier-ignore
const SMALL = new Set('the of and de del la el los las y e for'.split(' '));

/** Words of half of all companies; alone they name none. */
const COMMON = new Set('bank group holdings services service solutions store shop express transport transportes tienda hotel restaurant food foods logistics trading enterprises grupo banco'.split(' ')); // prettier-ignore

function telling(text: string): string[] {
  // "S.A. de C.V." is parted at its dots; letters that stand alone belong together.
  const words = nameWords(text.replace(/\b(\p{L})\.\s*(?=\p{L}\b)/gu, '$1'));
  const bare = words.filter((word) => !FORMS.has(word) && !SMALL.has(word));
  const kept = bare.filter((word) => !COUNTRIES.has(word));
  return kept.length ? kept : bare.length ? bare : words;
}

/** Agrees when the names are the same but for what says nothing, when one begins with the other, or is its short form. */
export function compareEmployers(declared: string, linked: string): MatchComparison {
  const [mine, theirs] = [telling(declared), telling(linked)];
  if (!mine.length || !theirs.length) return { verdict: 'unknown', why: 'There is no employer to compare' };
  if (mine.join('') === theirs.join('') || isShort(declared, linked) || isShort(linked, declared)) return { verdict: 'agree' }; // prettier-ignore
  const [few, many] = mine.length <= theirs.length ? [mine, theirs] : [theirs, mine];
  const rare = few.filter((word) => !COMMON.has(word));
  if (few.every((word) => many.includes(word))) {
    return few[0] === many[0] && rare.length ? { verdict: 'agree' } : { verdict: 'unknown', why: 'Only a part of the name is the same' }; // prettier-ignore
  }
  return { verdict: 'differs' };
}

/** BPI for Bank of the Philippine Islands. Two letters could be anybody's. */
function isShort(short: string, long: string): boolean {
  const [letters, ...more] = nameWords(short).filter((word) => !FORMS.has(word));
  const words = nameWords(long).filter((word) => !FORMS.has(word));
  if (!letters || more.length || letters.length < 3 || words.length < 3) return false;
  const first = (list: string[]): string => list.map((word) => word[0]).join('');
  return [first(words), first(words.filter((word) => !SMALL.has(word)))].includes(letters);
}
