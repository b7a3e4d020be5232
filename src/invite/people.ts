/** Reads the people to invite: one from a form of the dashboard, or many from a CSV file. */
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import type { Answer } from '../form/runtime/condition.ts';
import { todayAround } from '../form/fields/dates/date.ts';
import { canBeFilled, typeOf, type Field } from '../form/fields/fields.ts';
import { answerIn, parseAnswer } from '../form/fields/parse-answer.ts';
import { sentence } from '../form/fields/problem-sentences.ts';
import { LENGTHS, readTyped } from '../form/fields/text/typed.ts';
import { invitedFields } from '../form/inspect/invited-fields.ts';
import { oncePerForm } from '../form/inspect/once-per-form.ts';
import { fillPipes } from '../form/runtime/text.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { nearest } from '../form/faults/nearest.ts';
import { fieldCalled, fieldsOf, type Form } from '../form/schema.ts';
import type { Language } from '../form/wording/wording.ts';
import type { NewInvitation } from '../record/invitations.ts';
import { hintFor, coerceCell } from './csv-value.ts';

/** `line` counts from 1. */
export type LineFault = { line: number; message: string };

export type People = { ok: true; people: NewInvitation[] } | { ok: false; faults: LineFault[] };

const MAX_PEOPLE = 10_000;
/** Reading ends here. */
export const MAX_FAULTS = 1_000;
/** Columns beyond those of the form, which may be misspelled. */
const SPARE_COLUMNS = 100;
/** Some hundred people. */
const READ_AT_ONCE_BYTES = 16_384;
/** The time after which others are answered, in ms. A line of a form with many options takes as long as a hundred others. */
const READ_TURN_MS = 5;
export const MAX_CSV_BYTES = 4 * 1_048_576;

/**
 * The longest name and email address: Smile's limits, so that both ways of inviting accept the same (Smile, Invites).
 */
const MAX_CHARACTERS = 200;

/** The columns of a file: fields with one value that people can see and change, and parameters. */
export const columnsFor = (form: Form): string[] =>
  form.invite?.via === 'smile'
    ? ['name', 'email']
    : ['name', 'email', ...(form.languages.length > 1 ? ['language'] : []), ...[...fillableFields(form).keys(), ...form.params].filter((id) => !OWN_COLUMNS.includes(id))]; // prettier-ignore

const OWN_COLUMNS = ['name', 'email', 'language'];

/** Each line of a file asks, and a form may have a thousand fields. */
const fillableFields = oncePerForm((form): ReadonlyMap<string, Field> => new Map(fieldsOf(form).filter(canBeFilled).map((field) => [field.id, field]))); // prettier-ignore

/** Why `textOfCsv` has no text. */
export const NOT_UTF8 = 'The file is not in UTF-8. In Excel, save it as “CSV UTF-8”.';

/** The text of a CSV file. Undefined if it is not in UTF-8. */
export function textOfCsv(file: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    return undefined;
  }
}

/** Reads a CSV file, and lets others be answered meanwhile. @returns all people, or all errors, in the order of the lines */
export async function readPeople(form: Form, bytes: Uint8Array, now: Date): Promise<People> {
  const faultAt = (line: number, message: string): People => ({ ok: false, faults: [{ line, message }] });
  const text = textOfCsv(bytes);
  if (text === undefined) return faultAt(1, NOT_UTF8);
  const delimiter = delimiterOf(text);
  const widest = columnsFor(form).length + SPARE_COLUMNS;
  let head: Row | undefined;
  let columns: string[] = [];
  const faults: LineFault[] = [];
  const people: NewInvitation[] = [];
  const lineOf = new Map<string, number>();
  let filled = 0;
  let began = performance.now();
  try {
    for await (const { record, info } of rowsOf(bytes, delimiter)) {
      if (performance.now() - began > READ_TURN_MS) {
        await new Promise((turn) => setImmediate(turn));
        began = performance.now();
      }
      if (!head) {
        head = { record, info };
        if (record.length > widest) return faultAt(info.lines, `The first line has more than ${widest} columns. Keep only the columns of the form.`); // prettier-ignore
        columns = record.map((name) => name.toLowerCase());
        const headFaults = findHeadFaults(form, columns).map((message) => ({ line: info.lines, message }));
        if (headFaults.length) return { ok: false, faults: headFaults };
        continue;
      }
      if (record.every((cell) => cell === '')) continue;
      filled += 1;
      if (filled > MAX_PEOPLE) return faultAt(head.info.lines, `There are more than ${MAX_PEOPLE} people. Split the file.`); // prettier-ignore
      if (faults.length >= MAX_FAULTS) break;
      const add = (message: string) => void faults.push({ line: info.lines, message });
      if (record.length > columns.length) {
        add(`This line has ${record.length} cells, and there are ${columns.length} columns. Put a cell that contains the separator in quotation marks.`); // prettier-ignore
        continue;
      }
      const cells = Object.fromEntries(columns.map((name, at) => [name, record[at] ?? '']));
      const read = readPerson(form, cells, now);
      for (const message of Object.values(read.faults)) add(message);
      if (!read.person) continue;
      const firstLine = lineOf.get(read.person.email);
      if (firstLine) add(`${read.person.email} is already in line ${firstLine}.`);
      lineOf.set(read.person.email, info.lines);
      people.push(read.person);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return faultAt(Number(error['lines'] ?? 1), 'A quotation mark is in the wrong place. Put the whole cell in quotation marks, and double each one inside it.'); // prettier-ignore
  }
  if (!head) return faultAt(1, 'The file is empty. Its first line names the columns: name, email.');
  if (!filled) return faultAt(head.info.lines, 'There are no people below the line of column names.');
  return faults.length ? { ok: false, faults } : { ok: true, people };
}

interface Row {
  record: string[];
  info: { lines: number };
}

/** The lines of a CSV file. Others are answered after each slice of it. */
function rowsOf(bytes: Uint8Array, delimiter: string): AsyncIterable<Row> {
  const parser = parse({ bom: true, delimiter, info: true, relax_column_count: true, skip_empty_lines: true, trim: true }); // prettier-ignore
  // The parser passes its error on to its reader.
  pipeline(Readable.from(slicesOf(bytes)), parser, () => undefined);
  return parser as AsyncIterable<Row>;
}

async function* slicesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += READ_AT_ONCE_BYTES) {
    yield bytes.subarray(at, at + READ_AT_ONCE_BYTES);
    await new Promise((turn) => setImmediate(turn));
  }
}

/** The sign between the cells of a CSV file. Excel writes semicolons where numbers have a decimal comma, and copies tabs. */
export function delimiterOf(text: string): string {
  // Some programs on a Mac end lines with a carriage return only.
  const [first = ''] = /^[^\r\n]*/.exec(text) ?? [];
  const counts = [',', ';', '\t'].map((sign) => [sign, first.split(sign).length] as const);
  return counts.reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

function findHeadFaults(form: Form, columns: string[]): string[] {
  const known = columnsFor(form);
  const missing = ['name', 'email'].filter((name) => !columns.includes(name));
  const list = known.join(', ');
  return [
    ...missing.map((name) => `There is no column “${name}”. The first line names the columns: ${list}.`),
    ...columns.flatMap((name, at) => {
      if (columns.indexOf(name) !== at) return [`The column ${name} is there twice.`];
      if (known.includes(name)) return [];
      if (fieldCalled(form, name)) return [describeUnfillable(form, name)];
      const closest = nearest(name, known);
      return [
        `The form has nothing called “${name.slice(0, 60)}”. ${closest ? `Did you mean ${closest}?` : `There can be: ${list}.`}`,
      ];
    }),
  ];
}

function describeUnfillable(form: Form, id: string): string {
  const field = fieldCalled(form, id);
  const isList = field && typeOf(field).kind === 'list';
  return `${id} ${isList ? 'takes several answers' : 'can only be answered by the person'}, so a file cannot fill it in.`;
}

export type ReadPerson = { person?: NewInvitation; faults: Record<string, string> };

/** Reads one person. @param cells by column @returns the person, or a sentence by column */
export function readPerson(form: Form, cells: Record<string, string>, now: Date): ReadPerson {
  const faults: Record<string, string> = {};
  const name = readTyped(cells['name'] ?? '', 1, MAX_CHARACTERS);
  if ('problem' in name || name.answer.includes('\n'))
    faults['name'] = cells['name'] ? `The name is longer than ${MAX_CHARACTERS} characters, or has characters that a name cannot have.` : 'The name is missing.'; // prettier-ignore
  const email = (cells['email'] ?? '').trim().toLowerCase();
  if (!email) faults['email'] = 'The email address is missing.';
  else if (!z.email().max(MAX_CHARACTERS).safeParse(email).success)
    faults['email'] = `“${email.slice(0, 60)}” is not an email address like name@example.com.`;
  const language = cells['language'] || form.languages[0];
  if (!form.languages.some((one) => one === language))
    faults['language'] = `The form is not in “${language.slice(0, 20)}”. It is in: ${form.languages.join(', ')}.`;
  // An error in the name or email is reported once, not again for the fields they prefill.
  const fullName = 'answer' in name && !faults['name'] ? name.answer : '';
  const ownValues = ownAnswers(form, fullName, faults['email'] ? '' : email);
  const answers = readPrefilled(
    form,
    { ...ownValues, ...Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell)) },
    form.languages.find((one) => one === language) ?? form.languages[0],
    now,
    faults,
  );
  const params = readParams(form, cells, faults);
  if (Object.keys(faults).length) return { faults };
  return { person: { name: fullName, email, language, prefill: { answers, params } }, faults };
}

function readParams(form: Form, cells: Record<string, string>, faults: Record<string, string>): Record<string, string> {
  const maxCharacters = SITE_LIMITS.paramCharacters.value;
  const params: Record<string, string> = {};
  for (const id of form.params) {
    if (!cells[id]) continue;
    const read = readTyped(cells[id], 0, maxCharacters);
    if ('answer' in read) params[id] = read.answer;
    else faults[id] = `${id}: ${read.problem === 'long' ? fillPipes(LENGTHS.en.long, { n: String(maxCharacters) }) : LENGTHS.en.type}.`; // prettier-ignore
  }
  return params;
}

/** The name and email, by the fields that they fill in. */
function ownAnswers(form: Form, name: string, email: string): Record<string, string> {
  const { name: nameField, email: emailField } = invitedFields(form);
  return { ...(nameField && { [nameField]: name }), ...(emailField && { [emailField]: email }) };
}

function readPrefilled(
  form: Form,
  cells: Record<string, string>,
  language: Language,
  now: Date,
  faults: Record<string, string>,
): Record<string, Answer> {
  const answers: Record<string, Answer> = {};
  for (const [id, field] of form.invite?.via === 'smile' ? [] : fillableFields(form)) {
    const cell = cells[id];
    // The column `language` has the language of the page, also if a field has this id.
    if (!cell || id === 'language' || (OWN_COLUMNS.includes(id) && faults[id])) continue;
    const raw = answerIn(field, language, [[id, coerceCell(field, cell, form.languages)]]);
    const read = parseAnswer(field, raw, todayAround(now));
    if ('problem' in read)
      faults[id] =
        `${id}: ${sentence(field, read.problem, 'en', [], raw, language)}.`.replace(/([.?])\.$/, '$1') +
        hintFor(field, read.problem);
    else if (read.answer !== undefined) answers[id] = read.answer;
  }
  return answers;
}
