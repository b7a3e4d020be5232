/** Links as the forms of the Share page post them, and as a CSV file lists them. */
import { CsvError, parse } from 'csv-parse/sync';
import { fillableIds } from '../../form/inspect/link-values.ts';
import { fieldsOf, type Form } from '../../form/schema.ts';
import { coerceCell } from '../../invite/csv-value.ts';
import { delimiterOf } from '../../invite/people.ts';
import type { LinkInput, NewLink } from '../../links/make-links.ts';
import { isPlace, PLACE_NAMES, utmOf } from '../../links/places.ts';

/** A value that a link can fill in: a param, or a field. */
export interface Fillable {
  id: string;
  /** The text of the field; of a param, its name. */
  label: string;
  /** Whether links often fill it in: a param, or one of the first choices. Others are folded away. */
  isUsual: boolean;
  /** Of a field with a few possible answers. */
  options?: { value: string; label: string }[];
}

/** The names of inputs for prefilled values begin so. */
export const FILL = 'fill.';

/** The fields of the form that makes or changes a link. Empty inputs mean nothing, or null with `nulls`. */
export function readPostedLink(posted: URLSearchParams, nulls = false): { input: LinkInput; place: string } {
  const value = (name: string) => posted.get(name)?.trim() || (nulls ? null : undefined);
  const name = value('name');
  const place = value('place') ?? '';
  const params = [...posted].filter(([key, text]) => key.startsWith(FILL) && text.trim()).map(([key, text]) => [key.slice(FILL.length), text.trim()]); // prettier-ignore
  const max = value('max');
  const input: LinkInput = {
    name,
    ...(isPlace(place) && { utm: utmOf(place, name ?? '') }),
    params: params.length ? Object.fromEntries(params) : nulls ? null : undefined,
    language: value('language'),
    closes: value('closes'),
    max: typeof max === 'string' ? wholeNumber(max) : max,
    ending: value('closes') || max ? value('ending') : nulls ? null : undefined,
  };
  return { input: Object.fromEntries(Object.entries(input).filter(([, one]) => one !== undefined)), place };
}

/** Digits, or groups of three with one sign between them, as in 1,000 or 1.000. @returns NaN for all else */
const wholeNumber = (text: string): number =>
  /^\d+$|^\d{1,3}([., ])\d{3}(\1\d{3})*$/.test(text) ? Number(text.replaceAll(/\D/g, '')) : Number.NaN;

/** Largest file of links. A row is about 100 bytes. */
export const MAX_SERIES_BYTES = 200_000;

/** The text of such a file, as a browser sends it back: with longer line ends, and with the other fields. */
export const MAX_SERIES_FORM_BYTES = 2 * MAX_SERIES_BYTES;
const MAX_ROWS = 1_000;

/** Columns of a file that are no values to fill in. */
const OWN_COLUMNS = ['name', 'id', 'place', 'language', 'closes', 'max'];

/** The columns that a file can have. */
export const seriesColumns = (form: Form): string[] => [...OWN_COLUMNS, ...form.params, ...fillableIds(form)];

/** Reads a CSV file with one link a row. @param place for rows without one @returns a sentence where it can't be read */
export function readSeries(form: Form, text: string, place: string): { links: NewLink[] } | { problem: string } {
  let table: { record: string[]; info: { lines: number } }[];
  try {
    // The types of the library leave out the option `info`.
    table = parse(text, { bom: true, delimiter: delimiterOf(text), trim: true, skip_empty_lines: true, relax_column_count: true, info: true }) as unknown[] as typeof table; // prettier-ignore
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { problem: 'The file is not a CSV file. A quotation mark may be in the wrong place.' };
  }
  // A spreadsheet can leave empty cells at the end of a line.
  const lines = table.map(({ record, info }) => ({ cells: record.slice(0, record.findLastIndex(Boolean) + 1), line: info.lines })); // prettier-ignore
  const columns = lines[0]?.cells.map((name) => name.toLowerCase()) ?? [];
  const entries = lines.slice(1).filter(({ cells }) => cells.length > 0);
  const known = seriesColumns(form);
  const unknown = columns.find((name) => !known.includes(name));
  const double = columns.find((name, index) => columns.indexOf(name) < index);
  const wide = entries.find(({ cells }) => cells.length > columns.length);
  if (!entries.length) return { problem: 'The file has no links. Its first line names the columns, and each further line is a link.' }; // prettier-ignore
  if (!columns.includes('name')) return { problem: 'The file has no column called “name”. The columns that it can have are listed below.' }; // prettier-ignore
  if (double !== undefined) return { problem: `The column “${double.slice(0, 60)}” is there more than once.` };
  if (unknown !== undefined) return { problem: `The form has nothing called “${unknown.slice(0, 60)}”. The columns that the file can have are listed below.` }; // prettier-ignore
  if (wide) return { problem: `Line ${wide.line} of the file has more cells than the first line. Put a text with a comma in quotation marks.` }; // prettier-ignore
  const fields = new Map(fieldsOf(form).map((field) => [field.id, field]));
  // People write the labels of the page, as in a file of invitations.
  const read = (name: string, cell: string) => {
    const field = OWN_COLUMNS.includes(name) || form.params.includes(name) ? undefined : fields.get(name);
    return field && cell ? coerceCell(field, cell, form.languages) : cell;
  };
  const rows = entries.map(({ cells }) =>
    Object.fromEntries(columns.map((name, at) => [name, read(name, cells[at] ?? '')])),
  );
  if (rows.length > MAX_ROWS) return { problem: `The file has ${rows.length.toLocaleString('en-GB')} links. Split it: one file can have ${MAX_ROWS.toLocaleString('en-GB')}.` }; // prettier-ignore
  const nameless = rows.findIndex(({ name }) => !name);
  if (nameless >= 0) return { problem: `Link ${nameless + 1} of the file has no name.` };
  return { links: rows.map((row) => linkOfRow(row, place)) };
}

function linkOfRow(row: Record<string, string>, place: string): NewLink {
  const posted = new URLSearchParams(
    Object.entries(row).map(([name, value]): [string, string] => [OWN_COLUMNS.includes(name) ? name : `${FILL}${name}`, value]), // prettier-ignore
  );
  const written = (row['place'] ?? '').toLowerCase();
  posted.set('place', PLACE_NAMES.find((name) => name === written) ?? (written || place));
  const { input, place: where } = readPostedLink(posted);
  return { input: { ...input, ...(row['id'] && { id: row['id'] }) }, place: where };
}
