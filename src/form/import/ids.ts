/** Ids for the parts of an imported form. */
import { idOfOther, MAX_ID_CHARACTERS, RESERVED_IDS } from '../id.ts';

/** Ids use at most this much of a title, in characters. A suffix may follow to make them unique. */
const MAX_READABLE = 40;

/** `First name` and `firstName` become first_name. Empty if no character of `name` can be in an id. */
function idFrom(name: string): string {
  const words = name.slice(0, 500).replace(/([a-z0-9])([A-Z])/g, '$1_$2').normalize('NFD').replace(/\p{M}/gu, ''); // prettier-ignore
  const id = words.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, ''); // prettier-ignore
  const cut = id.length > MAX_READABLE ? id.slice(0, MAX_READABLE).replace(/_[^_]*$/, '') : id;
  return /^\d/.test(cut) ? `q_${cut}` : cut;
}

export interface Ids {
  /** An id like `name` that no other part of the form has. It uses `otherwise` if `name` has no letter for an id. */
  take(name: string, otherwise: string): string;
}

/** Makes ids: each is valid, not reserved, and new. */
export function startIds(): Ids {
  // A field with the key `other` also takes its id with `_other`.
  const taken = new Set<string>([...RESERVED_IDS, 'review']);
  const next = new Map<string, number>();
  const isFree = (id: string) => ![id, id.replace(/_other$/, ''), idOfOther(id)].some((one) => taken.has(one));
  return {
    take(name, otherwise) {
      const base = (idFrom(name) || otherwise).slice(0, MAX_ID_CHARACTERS - 12);
      let id = base;
      for (let number = next.get(base) ?? 2; !isFree(id); number++) {
        id = `${base}_${number}`;
        next.set(base, number + 1);
      }
      taken.add(id);
      return id;
    },
  };
}
