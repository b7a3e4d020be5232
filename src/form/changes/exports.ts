/** Changes of the columns in which a form's data leaves Flipsite. */
import { currencyOf } from '../fields/amounts/currency.ts';
import { typeOf } from '../fields/fields.ts';
import { formColumns, type FormColumns } from '../inspect/export-columns.ts';
import { fieldCalled, type Form } from '../schema.ts';
import { forExports, type Change, type Forms } from './compare.ts';
import { listInWords, nameOf } from './change-sentences.ts';

const MATCHES: Record<FormColumns['matches'][number], string> = {
  name: 'the name',
  employer: 'the employer',
  monthly_income: 'the monthly income',
};

/**
 * Columns that are added, renamed, moved, or empty from now on. No column is removed, because it has earlier answers.
 * @param earlier versions that were published before `before`. They have columns too
 */
export function columnChanges({ before, after }: Forms, earlier: Form[]): Change[] {
  const old = formColumns([before, ...earlier]);
  const now = formColumns([after, before, ...earlier]);
  const oldById = new Map(old.answers.map((column) => [column.id, column]));
  const added = now.answers.filter(({ id }) => !oldById.has(id)).map(({ name }) => name);
  const currencies = now.answers.flatMap(({ id, currency }) =>
    currency !== undefined && oldById.has(id) && oldById.get(id)?.currency === undefined ? [currency] : [],
  );
  const emptied = now.answers.filter(({ id }) => hasAnswer(before, id) && !hasAnswer(after, id));
  const params = now.params.filter(({ param }) => !old.params.some((one) => one.param === param));
  const noParams = now.params.filter(({ param }) => before.params.includes(param) && !after.params.includes(param));
  const columns = [...added, ...currencies, ...params.map(({ name }) => name)];
  const renamed = [
    ...now.answers.flatMap((is) => [[oldById.get(is.id)?.name, is.name], [oldById.get(is.id)?.currency, is.currency]]),
    ...now.params.map((is) => [old.params.find(({ param }) => param === is.param)?.name, is.name]),
  ].filter(([was, is]) => was !== undefined && is !== undefined && was !== is); // prettier-ignore
  const matches = now.matches.filter((one) => !old.matches.includes(one));
  const retyped = now.answers.filter(({ id }) => isRetyped(before, after, id));
  const described = [
    ...(columns.length ? [forExports((q) => `downloads have ${columns.length > 1 ? 'new columns' : 'a new column'}: ${listInWords(columns, q)}.`)] : []), // prettier-ignore
    ...emptied.map(
      ({ id, name }) =>
      forExports((q) => `the column ${q(name)} stays for earlier answers to ${q(nameOf(before, id))}, and is empty for new ones.`), // prettier-ignore
    ),
    ...noParams.map(({ name }) =>
      forExports((q) => `the column ${q(name)} stays for earlier submissions, and is empty for new ones.`),
    ),
    ...renamed.map(([was = '', is = '']) => forExports((q) => `the column ${q(was)} is now called ${q(is)}.`)),
    ...retyped.map(({ name }) => forExports((q) => `the column ${q(name)} has answers of both types.`)),
    ...currencyChanges(before, after, now),
    ...matches.map((one) => forExports(() => `downloads have new columns about ${MATCHES[one]} in the account.`)),
    ...(isReordered(old, now) ? [forExports(() => 'the columns of downloads are in another order.')] : []),
  ];
  return described.map((one) => ({ ...one, path: ['screens'] }));
}

const hasAnswer = (form: Form, id: string): boolean => {
  const field = fieldCalled(form, id);
  return field !== undefined && typeOf(field).kind !== 'nothing';
};

function isRetyped(before: Form, after: Form, id: string): boolean {
  const [was, is] = [fieldCalled(before, id), fieldCalled(after, id)];
  return was !== undefined && is !== undefined && was.type !== is.type && hasAnswer(before, id) && hasAnswer(after, id);
}

/** Amounts of two currencies are in one column, each with its currency beside it. */
const currencyChanges = (before: Form, after: Form, { answers }: FormColumns) =>
  answers.flatMap(({ id, name, currency }) => {
    const [was, is] = [fieldCalled(before, id), fieldCalled(after, id)].map((field) => field && currencyOf(field));
    if (!was || !is || was === is || currency === undefined) return [];
    return [forExports((q) => `the column ${q(name)} has amounts in ${was} and ${is}. See the column ${q(currency)}.`)];
  });

/** Whether existing columns have changed their order. New columns between them do not count. */
function isReordered(old: FormColumns, now: FormColumns): boolean {
  const ids = (columns: FormColumns) => columns.answers.map(({ id }) => id);
  const kept = ids(now).filter((id) => ids(old).includes(id));
  return ids(old).some((id, at) => id !== kept[at]);
}
