/** The columns of a form's submissions as a table. */
import type { Answer } from '../../../form/runtime/condition.ts';
import { currencyOf } from '../../../form/fields/amounts/currency.ts';
import { typeOf, type Field } from '../../../form/fields/fields.ts';
import { formColumns, FIXED_COLUMNS, OTHER_PARAMS } from '../../../form/inspect/export-columns.ts';
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

/** `provider`: its name at Smile, or its id if the name is unknown. */
export type NamedAccount = Account & { provider: string };

/**
 * The columns that `formColumns` names, with their values. Answers are text in the form's first language. A spreadsheet
 * can add up numbers, because an amount has its currency in the next column. It reads dates as dates.
 * @param versions every version by its name; `current` is the name of the published one
 * @param redacted the fields whose answers are left out
 * @param today `YYYY-MM-DD`
 */
export function columnsOf(
  versions: Map<string, Form>,
  current: string | undefined,
  redacted: ReadonlySet<string>,
  today: string,
): Column[] {
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
  const { answers: answerColumns, params } = formColumns(forms);
  const answered = answerColumns.flatMap(({ id, name, currency }): Column[] => {
    const inVersion = fields.get(id);
    const fieldIn = (version: string) => inVersion?.get(version) ?? [...(inVersion?.values() ?? [])][0];
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
    if (currency === undefined) return [{ name, value }];
    const currencyValue: Column['value'] = ({ answers, version }) => {
      const field = answers[id] === undefined ? undefined : fieldIn(version);
      return (field && currencyOf(field)) ?? '';
    };
    return [
      { name, value },
      { name: currency, value: currencyValue },
    ];
  });
  return [
    ...BEFORE,
    ...answered,
    ...params.map(({ param, name }): Column => ({ name, value: (submission) => submission.params[param] ?? '' })),
    {
      name: OTHER_PARAMS,
      value: ({ params: all }) =>
        String(new URLSearchParams(Object.entries(all).filter(([name]) => !params.some(({ param }) => param === name)))), // prettier-ignore
    },
    ...matchColumns(versions, plain, today),
    ...AFTER,
  ];
}

/** A number as digits, never as `1e-7`. */
const plain = (value: number): string => digits.format(value);

const digits = new Intl.NumberFormat('en', { useGrouping: false, maximumFractionDigits: 20 });

/** The names of the files in `answer`. */
const namesOf = (files: StoredFile[], answer: Answer | undefined): string =>
  [answer]
    .flat()
    .flatMap((id) => files.find((file) => file.id === id)?.name ?? [])
    .join('; ');

type FixedName = (typeof FIXED_COLUMNS)[keyof typeof FIXED_COLUMNS][number];

/** For several accounts of one person, each cell has several values, in the same order. */
const FIXED_VALUES: Record<FixedName, Column['value']> = {
  reference: ({ reference }) => (reference ? formatReference(reference) : ''),
  status: ({ submittedAt, erasedAt }) => (erasedAt ? 'deleted' : submittedAt ? 'submitted' : 'draft'),
  created_utc: ({ createdAt }) => dateTime(createdAt),
  submitted_utc: ({ submittedAt }) => dateTime(submittedAt),
  language: ({ language }) => language,
  ending: ({ ending }) => ending ?? '',
  outcome: ({ outcome }) => outcome ?? '',
  link: ({ link }) => link ?? '',
  account_provider: (_, accounts) => accounts.map(({ providerId }) => providerId).join('; '),
  account_provider_name: (_, accounts) => accounts.map(({ provider }) => provider).join('; '),
  account_status: (_, accounts) => accounts.map(({ status }) => status).join('; '),
  account_confirmed: (_, accounts) => accounts.map(({ confirmed }) => (confirmed ? 'yes' : 'no')).join('; '),
  quarantined: (submission) => (isQuarantined(submission) ? 'yes' : 'no'),
  submission_id: ({ id }) => id,
};

const fixed = (names: readonly FixedName[]): Column[] => names.map((name) => ({ name, value: FIXED_VALUES[name] }));
const BEFORE = fixed(FIXED_COLUMNS.before);
const AFTER = fixed(FIXED_COLUMNS.after);

/** `2026-11-24 14:06:20`, which spreadsheets read as a date. An ISO time with T and Z would stay text. */
const dateTime = (iso: string | null): string => iso?.slice(0, 19).replace('T', ' ') ?? '';
