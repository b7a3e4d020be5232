/** Likely answers of people who do not exist. The same number is always the same person. */
import type { Answer, Answers } from '../../form/runtime/condition.ts';
import type { Field } from '../../form/fields/fields.ts';
import type { Screen } from '../../form/schema.ts';

/** Numbers from 0 to 1 that follow from `seed` alone (Mulberry32). */
export function chances(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

// prettier-ignore
const FIRST = ['Ana', 'José', 'Maria', 'Budi', 'Lucía', 'Li', 'Omar', 'Carlo', 'Nena', 'Ben', 'Liza', 'Jun', 'Siti', 'Diego', 'Layla', 'Wei'];
// prettier-ignore
const LAST = ['Reyes', 'Cruz', 'Santos', 'Hartono', 'Gómez', 'Wang', 'Haddad', 'Peña', 'Bautista', 'Ramos', 'Flores', 'Putri', 'Torres', 'Aquino', 'Chen', 'Salazar', 'Navarro', 'Lim', 'Wijaya', 'Mendoza'];

export function answersTo(screens: Screen[], number: number): Answers {
  const entries = screens
    .flatMap(({ fields }) => fields)
    .map((field): [string, Answer | undefined] => [field.id, answerTo(field, number)]);
  return Object.fromEntries(entries.filter((one): one is [string, Answer] => one[1] !== undefined));
}

/** None for what takes a file or is made from others. */
function answerTo(field: Field, number: number): Answer | undefined {
  switch (field.type) {
    case 'text':
    case 'textarea':
      return `${FIRST[number % FIRST.length]} ${LAST[Math.floor(number / 7) % LAST.length]}`;
    case 'email':
      return `person-${number}@example.com`;
    case 'phone':
      return `+63917${String(number % 10_000_000).padStart(7, '0')}`;
    case 'number':
    case 'money':
      return 1_000 + (number % 500) * 10;
    case 'date':
      return `19${60 + (number % 40)}-0${1 + (number % 9)}-15`;
    case 'radio':
    case 'select':
      return field.options[number % field.options.length]?.value;
    case 'checkboxes':
      return field.options.slice(0, 1 + (number % field.options.length)).map(({ value }) => value);
    case 'yes_no':
      return number % 2 === 0;
    case 'consent':
      return true;
    case 'country':
      return ['PH', 'MX', 'ID'][number % 3];
    default:
      return undefined;
  }
}
