/** What stands in a cell of a file, for a field: people write what they read on the page, not what is stored. */
import type { Problem } from '../form/fields/field-type.ts';
import { typeOf, type Field } from '../form/fields/fields.ts';
import { localize } from '../form/runtime/text.ts';
import type { Language } from '../form/wording/wording.ts';

/** Without capitals and accents, which people leave out. */
const folded = (text: string): string => text.trim().normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

function choicesOf(field: Field) {
  const control = typeOf(field).control(field, 'en');
  return control.kind === 'choices' || control.kind === 'select' ? control.choices : [];
}

/** `cell` as the field's value: a label in English or one of `languages` stands for its value, such as Yes for true. */
export function coerceCell(field: Field, cell: string, languages: readonly Language[]): string {
  const choices = choicesOf(field);
  if (choices.some(({ value }) => value === cell)) return cell;
  const wanted = folded(cell);
  const labels = (label: (typeof choices)[number]['label']) => languages.map((one) => localize(label, one));
  const meant = choices.find(
    ({ value, label }) => folded(value) === wanted || [...labels(label), localize(label, 'en')].some((one) => folded(one) === wanted), // prettier-ignore
  );
  return meant?.value ?? cell;
}

const MOST_CHOICES = 8;

/** What to write instead, as a sentence; empty where what is wrong with it says so. */
export function hintFor(field: Field, problem: Problem): string {
  if (problem !== 'type' && problem !== 'choice') return '';
  const { kind } = typeOf(field);
  if (kind === 'date') return ' Write it like 1990-12-31.';
  if (kind === 'number') return ' Write it like 12000 or 12000.50.';
  const written = kind === 'boolean' ? [] : choicesOf(field).map(({ value }) => value);
  if (!written.length) return '';
  if (written.length > MOST_CHOICES)
    return ` Write one of ${written.length}, such as ${written.slice(0, 3).join(', ')}.`;
  return ` Write ${[written.slice(0, -1).join(', '), written.at(-1)].filter(Boolean).join(' or ')}.`;
}
