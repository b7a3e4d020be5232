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

/** The names of countries are in `language`. Other labels have all their languages. */
function choicesOf(field: Field, language: Language) {
  const control = typeOf(field).control(field, language);
  return control.kind === 'choices' || control.kind === 'select' ? control.choices : [];
}

interface KnownChoices {
  values: ReadonlySet<string>;
  /** By the value and by each label, folded. The first choice that has it. */
  byName: ReadonlyMap<string, string>;
}

/** Folding the labels of hundreds of choices for each cell would keep everyone else waiting. */
const known = new WeakMap<Field, WeakMap<readonly Language[], KnownChoices>>();

function knownChoices(field: Field, languages: readonly Language[]): KnownChoices {
  const ofField = known.get(field) ?? new WeakMap<readonly Language[], KnownChoices>();
  known.set(field, ofField);
  const before = ofField.get(languages);
  if (before) return before;
  const byName = new Map<string, string>();
  for (const language of [...languages, 'en'] as const) {
    for (const { value, label } of choicesOf(field, language)) {
      for (const folded of [value, localize(label, language)].map(fold))
        if (!byName.has(folded)) byName.set(folded, value);
    }
  }
  const found = { values: new Set(choicesOf(field, 'en').map(({ value }) => value)), byName };
  ofField.set(languages, found);
  return found;
}

/**
 * @returns the value for `cell`, which may also be a label in English or in one of `languages`, such as Yes for true
 */
export function coerceCell(field: Field, cell: string, languages: readonly Language[]): string {
  // Spreadsheets write 9:00.
  if (isTime(field)) return cell.replace(/^\d:/, '0$&');
  const { values, byName } = knownChoices(field, languages);
  if (values.has(cell) || cell.length > MAX_LABEL) return cell;
  return byName.get(fold(cell)) ?? cell;
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
  const values = kind === 'boolean' ? [] : choicesOf(field, 'en').map(({ value }) => value);
  if (!values.length) return '';
  if (values.length > MAX_CHOICES_LISTED)
    return ` Write one of ${values.length}, such as ${values.slice(0, 3).join(', ')}.`;
  return ` Write ${[values.slice(0, -1).join(', '), values.at(-1)].filter(Boolean).join(' or ')}.`;
}
