/**
 * Converts a cell of a CSV file to the value of a field: people write the labels of the page, not the stored values.
 */
import type { Problem } from '../form/fields/field-type.ts';
import { typeOf, type Field } from '../form/fields/fields.ts';
import { localize } from '../form/runtime/text.ts';
import type { Language } from '../form/wording/wording.ts';

/** Without capitals and accents, which people leave out. */
const fold = (text: string): string => text.trim().normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

function isTime(field: Field): boolean {
  const control = typeOf(field).control(field, 'en');
  return control.kind === 'input' && control.attributes['type'] === 'time';
}

/** People write shorter labels. Folding takes minutes for some longer texts. */
const MAX_LABEL = 1_000;

function choicesOf(field: Field) {
  const control = typeOf(field).control(field, 'en');
  return control.kind === 'choices' || control.kind === 'select' ? control.choices : [];
}

/**
 * @returns the value for `cell`, which may also be a label in English or in one of `languages`, such as Yes for true
 */
export function coerceCell(field: Field, cell: string, languages: readonly Language[]): string {
  // Spreadsheets write 9:00.
  if (isTime(field)) return cell.replace(/^\d:/, '0$&');
  const choices = choicesOf(field);
  if (choices.some(({ value }) => value === cell) || cell.length > MAX_LABEL) return cell;
  const target = fold(cell);
  const labels = (label: (typeof choices)[number]['label']) => languages.map((language) => localize(label, language));
  const match = choices.find(
    ({ value, label }) => fold(value) === target || [...labels(label), localize(label, 'en')].some((language) => fold(language) === target), // prettier-ignore
  );
  return match?.value ?? cell;
}

const MAX_CHOICES_LISTED = 8;

/** @returns a sentence that says how to write the value; empty if the problem already says it */
export function hintFor(field: Field, problem: Problem): string {
  if (problem !== 'type' && problem !== 'choice') return '';
  const { kind } = typeOf(field);
  if (kind === 'date') return ' Write it like 1990-12-31.';
  if (isTime(field)) return ' Write it like 18:30.';
  // A rating is a number, too, but has few answers.
  if (kind === 'number' && problem === 'type') return ' Write it like 12000 or 12000.50.';
  const values = kind === 'boolean' ? [] : choicesOf(field).map(({ value }) => value);
  if (!values.length) return '';
  if (values.length > MAX_CHOICES_LISTED)
    return ` Write one of ${values.length}, such as ${values.slice(0, 3).join(', ')}.`;
  return ` Write ${[values.slice(0, -1).join(', '), values.at(-1)].filter(Boolean).join(' or ')}.`;
}
