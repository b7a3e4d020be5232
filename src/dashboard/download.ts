/** A form's submissions as a CSV file. */
import type { Answer } from '../form/condition.ts';
import { typeOf, type Field } from '../form/fields/fields.ts';
import { fieldsOf, type Form } from '../form/schema.ts';
import { listAccounts, type Account } from '../record/accounts.ts';
import type { Database } from '../record/database.ts';
import { listFiles, type StoredFile } from '../record/files/files.ts';
import { formatReference } from '../record/ids.ts';
import { listSubmissions } from '../record/submission-list.ts';
import type { Submission } from '../record/submissions.ts';
import { isQuarantined } from '../record/suspicion.ts';
import { currentForms } from '../record/versions.ts';
import { BOM, csvLine } from './csv.ts';
import { allVersions } from './versions.ts';

const ROWS = 200;

type Column = { name: string; value: (submission: Submission, accounts: Account[], files: StoredFile[]) => string };

/**
 * The whole form, newest first, written as it is read so that its size does not matter. Undefined when there never was
 * a form `slug`.
 */
export async function downloadCsv(db: Database, slug: string, now: Date): Promise<Response | undefined> {
  const current = (await currentForms(db)).find((form) => form.slug === slug);
  if (!current) return undefined;
  const columns = columnsOf(await allVersions(db, slug), current.version);
  return new Response(encoded(lines(db, slug, columns)), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${slug}-${now.toISOString().slice(0, 10)}.csv"`,
    },
  });
}

/** Reads on only as fast as the other side takes it. */
function encoded(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await texts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}

async function* lines(db: Database, slug: string, columns: Column[]): AsyncGenerator<string> {
  yield BOM + csvLine(columns.map(({ name }) => name));
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await listSubmissions(db, { form: slug, limit: ROWS, cursor });
    const rows = await Promise.all(
      items.map(async (item) => [item, await listAccounts(db, item.id), await listFiles(db, item.id)] as const),
    );
    if (rows.length > 0) {
      yield rows.map((row) => csvLine(columns.map(({ value }) => value(...row)))).join('');
    }
    cursor = nextCursor ?? undefined;
  } while (cursor);
}

/**
 * Columns are named by the ids of fields, not by their labels: a label is reworded, translated and used twice, and a
 * spreadsheet built on last month's file would no longer fit. Answers are written as people read them, in the form's
 * first language. A field that has left the form keeps its column.
 */
function columnsOf(versions: Map<string, Form>, current: string | undefined): Column[] {
  // The current version first, so that its columns stand in the order of the form.
  const byAge = [...versions].sort(([a], [b]) => Number(b === current) - Number(a === current));
  const forms = byAge.map(([, form]) => form);
  const language = forms[0]?.languages[0] ?? 'en';
  const fields = new Map<string, Map<string, Field>>();
  for (const [version, form] of byAge) {
    for (const field of fieldsOf(form)) {
      if (typeOf(field).kind === 'nothing') continue;
      fields.set(field.id, (fields.get(field.id) ?? new Map<string, Field>()).set(version, field));
    }
  }
  const params = [...new Set([...forms.flatMap((form) => form.params), ...UTM])];
  const fixed = [...BEFORE, ...AFTER].map(({ name }) => name);
  return [
    ...BEFORE,
    ...[...fields].map(([id, inVersion]): Column => ({
      name: fixed.includes(id) ? `answer_${id}` : id,
      value({ answers, unreadable, version }, _accounts, files) {
        const field = inVersion.get(version) ?? [...inVersion.values()][0];
        const answer = answers[id];
        if (unreadable[id]) return `Cannot be opened. ${unreadable[id]}`;
        if (field && typeOf(field).kind === 'files') return namesOf(files, answer);
        return field && answer !== undefined ? typeOf(field).show(field, answer, language) : '';
      },
    })),
    ...params.map((name): Column => ({
      name: fixed.includes(name) || fields.has(name) ? `param_${name}` : name,
      value: (submission) => submission.params[name] ?? '',
    })),
    {
      name: 'other_params',
      value: (submission) =>
        String(new URLSearchParams(Object.entries(submission.params).filter(([name]) => !params.includes(name)))),
    },
    ...AFTER,
  ];
}

/** The names of the files that `answer` holds. */
const namesOf = (files: StoredFile[], answer: Answer | undefined): string =>
  [answer]
    .flat()
    .flatMap((id) => files.find((file) => file.id === id)?.name ?? [])
    .join('; ');

const UTM = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'];

const BEFORE: Column[] = [
  { name: 'reference', value: ({ reference }) => (reference ? formatReference(reference) : '') },
  { name: 'status', value: ({ submittedAt }) => (submittedAt ? 'submitted' : 'draft') },
  { name: 'created_utc', value: ({ createdAt }) => dateTime(createdAt) },
  { name: 'submitted_utc', value: ({ submittedAt }) => dateTime(submittedAt) },
  { name: 'language', value: ({ language }) => language },
  { name: 'ending', value: ({ ending }) => ending ?? '' },
  { name: 'outcome', value: ({ outcome }) => outcome ?? '' },
];

/** Several accounts of one person stand in one cell each, in the same order. */
const AFTER: Column[] = [
  { name: 'link', value: ({ link }) => link ?? '' },
  { name: 'account_provider', value: (_, accounts) => accounts.map(({ providerId }) => providerId).join('; ') },
  { name: 'account_status', value: (_, accounts) => accounts.map(({ status }) => status).join('; ') },
  {
    name: 'account_confirmed',
    value: (_, accounts) => accounts.map(({ confirmed }) => (confirmed ? 'yes' : 'no')).join('; '),
  },
  { name: 'quarantined', value: (submission) => (isQuarantined(submission) ? 'yes' : 'no') },
  { name: 'submission_id', value: ({ id }) => id },
];

/** `2026-11-24 14:06:20`, which spreadsheets take for a date; an ISO time with T and Z stays text to them. */
const dateTime = (iso: string | null): string => iso?.slice(0, 19).replace('T', ' ') ?? '';
