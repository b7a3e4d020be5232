/** Whom to invite: one person as entered, or a CSV file, read line by line and told line by line. */
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { Answer } from '../form/runtime/condition.ts';
import { todayAround } from '../form/fields/date.ts';
import { answerIn, readAnswer, sentence, typeOf, type Field } from '../form/fields/fields.ts';
import { readTyped } from '../form/fields/typed.ts';
import { nearest } from '../form/faults/nearest.ts';
import { fieldCalled, fieldsOf, type Form } from '../form/schema.ts';
import type { Language } from '../form/wording/wording.ts';
import type { NewInvitation } from '../record/invitations.ts';
import { hintFor, coerceCell } from './csv-value.ts';

/** `line` is the line of the file, the first one being 1. */
export type LineFault = { line: number; message: string };

export type People = { ok: true; people: NewInvitation[] } | { ok: false; faults: LineFault[] };

const MOST_PEOPLE = 10_000;
/** In bytes. */
export const LARGEST_CSV = 4 * 1_048_576;

/** Longest name and email address, in characters: those of Smile, so that both ways take the same (Smile, Invites). */
const LONGEST = 200;

const KINDS = ['text', 'number', 'boolean', 'date'];

/** The fields that a column can fill in: one value each, that people can see and change. */
export const columnsFor = (form: Form): string[] =>
  form.invite?.via === 'smile'
    ? ['name', 'email']
    : ['name', 'email', ...(form.languages.length > 1 ? ['language'] : []), ...[...fillable(form).keys(), ...form.params].filter((id) => !OURS.includes(id))]; // prettier-ignore

const OURS = ['name', 'email', 'language'];

const fillable = (form: Form): Map<string, Field> =>
  new Map(
    fieldsOf(form)
      .filter((field) => KINDS.includes(typeOf(field).kind) && field.type !== 'computed' && field.type !== 'consent')
      .map((field) => [field.id, field]),
  );

/** Everybody in `bytes`, or all that is wrong with them, in the order of the lines. */
export function readPeople(form: Form, bytes: Uint8Array, now: Date): People {
  const wrong = (line: number, message: string): People => ({ ok: false, faults: [{ line, message }] });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return wrong(1, 'The file is not in UTF-8. In Excel, save it as “CSV UTF-8”.');
  }
  let rows: { record: string[]; info: { lines: number } }[];
  try {
    rows = parse(text, { bom: true, delimiter: delimiterOf(text), info: true, relax_column_count: true, skip_empty_lines: true, trim: true }) as unknown as typeof rows; // prettier-ignore
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return wrong(Number(error['lines'] ?? 1), 'A quotation mark is out of place here: a cell begins and ends with one, and has none inside but doubled.'); // prettier-ignore
  }
  const [head, ...body] = rows;
  const filled = body.filter(({ record }) => record.some((cell) => cell !== ''));
  if (!head) return wrong(1, 'The file is empty. Its first line names the columns: name, email.');
  const columns = head.record.map((name) => name.toLowerCase());
  const faults = headFaults(form, columns).map((message) => ({ line: head.info.lines, message }));
  if (faults.length) return { ok: false, faults };
  if (!filled.length) return wrong(head.info.lines, 'There is nobody below the line of column names.');
  if (filled.length > MOST_PEOPLE) return wrong(head.info.lines, `There are ${filled.length} people, and at most ${MOST_PEOPLE} fit. Split the file.`); // prettier-ignore

  const people: NewInvitation[] = [];
  const lineOf = new Map<string, number>();
  for (const { record, info } of filled) {
    const add = (message: string) => void faults.push({ line: info.lines, message });
    if (record.length > columns.length) {
      add(`This line has ${record.length} cells, and there are ${columns.length} columns. A cell that holds the separator goes in quotation marks.`); // prettier-ignore
      continue;
    }
    const cells = Object.fromEntries(columns.map((name, at) => [name, record[at] ?? '']));
    const read = readPerson(form, cells, now);
    for (const message of Object.values(read.faults)) add(message);
    if (!read.person) continue;
    const before = lineOf.get(read.person.email);
    if (before) add(`${read.person.email} stands in line ${before} already.`);
    lineOf.set(read.person.email, info.lines);
    people.push(read.person);
  }
  return faults.length ? { ok: false, faults } : { ok: true, people };
}

/** Semicolons are what Excel writes where a comma stands in numbers; tabs are what it copies. */
function delimiterOf(text: string): string {
  const [head = ''] = text.split(/\r?\n/, 1);
  const counts = [',', ';', '\t'].map((sign) => [sign, head.split(sign).length] as const);
  return counts.reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

function headFaults(form: Form, columns: string[]): string[] {
  const known = columnsFor(form);
  const missing = ['name', 'email'].filter((name) => !columns.includes(name));
  const list = known.join(', ');
  return [
    ...missing.map((name) => `There is no column ${name}. The first line names the columns: ${list}.`),
    ...columns.flatMap((name, at) => {
      if (columns.indexOf(name) !== at) return [`The column ${name} is there twice.`];
      if (known.includes(name)) return [];
      if (fieldCalled(form, name)) return [unfillable(form, name)];
      const near = nearest(name, known);
      return [`The form has nothing called “${name}”. ${near ? `Did you mean ${near}?` : `There can be: ${list}.`}`];
    }),
  ];
}

function unfillable(form: Form, id: string): string {
  const field = fieldCalled(form, id);
  const several = field && typeOf(field).kind === 'list';
  return `${id} ${several ? 'takes several answers' : 'is for the person alone'}, so a file cannot fill it in.`;
}

export type ReadPerson = { person?: NewInvitation; faults: Record<string, string> };

/** One person from cells by the names of columns, or what is wrong, by column. */
export function readPerson(form: Form, cells: Record<string, string>, now: Date): ReadPerson {
  const faults: Record<string, string> = {};
  const name = readTyped(cells['name'] ?? '', 1, LONGEST);
  if ('problem' in name || name.answer.includes('\n'))
    faults['name'] = cells['name'] ? `The name is longer than ${LONGEST} characters, or holds signs that nobody types.` : 'The name is missing.'; // prettier-ignore
  const email = (cells['email'] ?? '').trim().toLowerCase();
  if (!email) faults['email'] = 'The email address is missing.';
  else if (!z.email().max(LONGEST).safeParse(email).success)
    faults['email'] = `“${email.slice(0, 60)}” is not an email address like name@example.com.`;
  const language = cells['language'] || form.languages[0];
  if (!form.languages.some((one) => one === language))
    faults['language'] = `The form is not in “${language.slice(0, 20)}”. It is in: ${form.languages.join(', ')}.`;
  // What is wrong with them is told once, not again for the fields that they would be filled into.
  const full = 'answer' in name && !faults['name'] ? name.answer : '';
  const own = ownAnswers(form, full, faults['email'] ? '' : email);
  const answers = readGiven(
    form,
    { ...own, ...cells },
    form.languages.find((one) => one === language) ?? form.languages[0],
    now,
    faults,
  );
  if (Object.keys(faults).length) return { faults };
  const params = Object.fromEntries(form.params.flatMap((id) => (cells[id] ? [[id, cells[id].slice(0, 500)]] : [])));
  return { person: { name: full, email, language, prefill: { answers, params } }, faults };
}

/** The name and the address where the form says, or where it asks for an email address first. */
function ownAnswers(form: Form, name: string, email: string): Record<string, string> {
  const fields = fieldsOf(form);
  const nameField = form.invite?.name ?? fields.find((one) => one.type === 'text' && one.autocomplete === 'name')?.id;
  const emailField = form.invite?.email ?? fields.find(({ type }) => type === 'email')?.id;
  return { ...(nameField && { [nameField]: name }), ...(emailField && { [emailField]: email }) };
}

function readGiven(
  form: Form,
  cells: Record<string, string>,
  language: Language,
  now: Date,
  faults: Record<string, string>,
): Record<string, Answer> {
  const answers: Record<string, Answer> = {};
  for (const [id, field] of form.invite?.via === 'smile' ? [] : fillable(form)) {
    const cell = cells[id];
    if (!cell || (OURS.includes(id) && faults[id])) continue;
    const raw = answerIn(field, language, [[id, coerceCell(field, cell, form.languages)]]);
    const read = readAnswer(field, raw, todayAround(now));
    if ('problem' in read)
      faults[id] =
        `${id}: ${sentence(field, read.problem, 'en', [], raw)}.`.replace(/([.?])\.$/, '$1') +
        hintFor(field, read.problem);
    else if (read.answer !== undefined) answers[id] = read.answer;
  }
  return answers;
}
