/** The columns of a form's submissions as a table. */
import type { Answer } from '../../../form/runtime/condition.ts';
import { currencyOf } from '../../../form/fields/amounts/currency.ts';
import { typeOf, type Field } from '../../../form/fields/fields.ts';
import { fieldsOf, type Form } from '../../../form/schema.ts';
import type { Account } from '../../../record/accounts/accounts.ts';
import type { StoredFile } from '../../../record/files/files.ts';
import { formatReference } from '../../../record/ids.ts';
import type { LinkedData } from '../../../record/accounts/account-data.ts';
import type { Submission } from '../../../record/submissions/submissions.ts';
import { isQuarantined } from '../../../record/submissions/suspicion.ts';
import { matchColumns } from './match-columns.ts';
import { REDACTED } from '../sensitive.ts';

export type Column = {
  name: string;
  value: (submission: Submission, accounts: NamedAccount[], files: StoredFile[], linked: LinkedData[]) => string;
};

/** `provider`: what Smile calls it; its id where that is not known. */
export type NamedAccount = Account & { provider: string };

/**
 * Columns are named by the ids of fields, not by their labels: a label is reworded, translated and used twice, and a
 * spreadsheet built on last month's file would no longer fit. Answers are written as people read them, in the form's
 * first language, and numbers so that a spreadsheet can add them up: an amount has its currency in a column beside it. A
 * field that has left the form keeps its column. Dates are written as they are stored, which spreadsheets take for dates.
 * @param versions every version by its name, and `current`, the name of the one that is published
 * @param redacted the fields whose answers are not told
 * @param today `YYYY-MM-DD`
 */
export function columnsOf(
  versions: Map<string, Form>,
  current: string | undefined,
  redacted: ReadonlySet<string>,
  today: string,
): Column[] {
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
  // One that was stored long ago may have none.
  const params = [...new Set([...forms.flatMap((form) => form.params ?? []), ...UTM])];
  const fixed = [...BEFORE, ...AFTER].map(({ name }) => name);
  const answered = [...fields].flatMap(([id, inVersion]): Column[] => {
    const name = fixed.includes(id) ? `answer_${id}` : id;
    const fieldIn = (version: string) => inVersion.get(version) ?? [...inVersion.values()][0];
    const value: Column['value'] = ({ answers, unreadable, version }, _accounts, files) => {
      const field = fieldIn(version);
      const answer = answers[id];
      if (unreadable[id]) return `Cannot be opened. ${unreadable[id]}`;
      if (!field || answer === undefined) return '';
      if (redacted.has(id)) return REDACTED;
      if (typeOf(field).kind === 'files') return namesOf(files, answer);
      if (typeOf(field).kind === 'date') return String(answer);
      return typeof answer === 'number' ? plain(answer) : typeOf(field).show(field, answer, language);
    };
    if (![...inVersion.values()].some(currencyOf)) return [{ name, value }];
    const currency: Column['value'] = ({ answers, version }) => {
      const field = answers[id] === undefined ? undefined : fieldIn(version);
      return (field && currencyOf(field)) ?? '';
    };
    return [
      { name, value },
      { name: fields.has(`${name}_currency`) ? `currency_of_${name}` : `${name}_currency`, value: currency },
    ];
  });
  const taken = new Set([...fixed, ...answered.map(({ name }) => name)]);
  return [
    ...BEFORE,
    ...answered,
    ...params.map((name): Column => ({
      name: taken.has(name) ? `param_${name}` : name,
      value: (submission) => submission.params[name] ?? '',
    })),
    {
      name: 'other_params',
      value: (submission) =>
        String(new URLSearchParams(Object.entries(submission.params).filter(([name]) => !params.includes(name)))),
    },
    ...matchColumns(versions, plain, today).filter(({ name }) => !taken.has(name)),
    ...AFTER,
  ];
}

/** A number in digits alone, never as `1e-7`. */
const plain = (value: number): string =>
  new Intl.NumberFormat('en', { useGrouping: false, maximumFractionDigits: 20 }).format(value);

/** The names of the files that `answer` holds. */
const namesOf = (files: StoredFile[], answer: Answer | undefined): string =>
  [answer]
    .flat()
    .flatMap((id) => files.find((file) => file.id === id)?.name ?? [])
    .join('; ');

const UTM = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'];

const BEFORE: Column[] = [
  { name: 'reference', value: ({ reference }) => (reference ? formatReference(reference) : '') },
  {
    name: 'status',
    value: ({ submittedAt, erasedAt }) => (erasedAt ? 'deleted' : submittedAt ? 'submitted' : 'draft'),
  },
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
  { name: 'account_provider_name', value: (_, accounts) => accounts.map(({ provider }) => provider).join('; ') },
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
