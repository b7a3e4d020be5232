/** The names of the columns in which a form's submissions leave Flipsite. */
import { currencyOf } from '../fields/amounts/currency.ts';
import { typeOf } from '../fields/fields.ts';
import { fieldsOf, type Form } from '../schema.ts';

/** The columns before and after those of a form's own, which every form has. */
export const FIXED_COLUMNS = {
  before: ['reference', 'status', 'created_utc', 'submitted_utc', 'language', 'ending', 'outcome'],
  after: ['link', 'account_provider', 'account_provider_name', 'account_status', 'account_confirmed', 'quarantined', 'submission_id'],
} as const; // prettier-ignore

/** Campaign parameters that every form keeps. */
const UTM = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'];

export interface FormColumns {
  /** For each field with an answer: its id, and the names of its columns. */
  answers: { id: string; name: string; currency?: string }[];
  /** Of each parameter. */
  params: { param: string; name: string }[];
  /** The comparisons with the account in any of the forms. */
  matches: ('name' | 'employer' | 'monthly_income')[];
}

/**
 * The names of columns are ids of fields, not labels. A label may change, is translated, and may occur twice, and a
 * spreadsheet for last month's file would no longer fit. A removed field keeps its column.
 * @param forms the versions of a form, the current one first, so that its columns are in its order
 */
export function formColumns(forms: Form[]): FormColumns {
  const fields = new Map<string, boolean>();
  for (const form of forms) {
    for (const field of fieldsOf(form)) {
      if (typeOf(field).kind !== 'nothing')
        fields.set(field.id, fields.get(field.id) || currencyOf(field) !== undefined);
    }
  }
  const matches = (['name', 'employer', 'monthly_income'] as const).filter((part) => forms.some(({ match }) => match?.[part] !== undefined)); // prettier-ignore
  const others = new Set<string>([...FIXED_COLUMNS.before, OTHER_PARAMS, ...matches.flatMap((part) => matchNames(part) as string[]), ...FIXED_COLUMNS.after]); // prettier-ignore
  const taken = new Set([...others, ...fields.keys()]);
  /** `name`, with `prefix` in front as often as it takes to be no other column. */
  const take = (name: string, prefix: string): string => {
    if (taken.has(name)) return take(`${prefix}_${name}`, prefix);
    taken.add(name);
    return name;
  };
  const named = [...fields].map(([id, hasCurrency]) => ({ id, name: others.has(id) ? take(`answer_${id}`, 'answer') : id, hasCurrency })); // prettier-ignore
  const answers = named.map(({ id, name, hasCurrency }) => {
    const usual = `${name}_currency`;
    const currency = () => take(taken.has(usual) ? `currency_of_${name}` : usual, 'currency_of');
    return { id, name, ...(hasCurrency && { currency: currency() }) };
  });
  // A version that was stored long ago may have no parameters.
  const params = [...new Set([...forms.flatMap((form) => form.params ?? []), ...UTM])];
  return { answers, params: params.map((param) => ({ param, name: take(param, 'param') })), matches };
}

/** The column with all parameters that have none of their own. */
export const OTHER_PARAMS = 'other_params';

/** The names of the columns of a comparison: its result, and the value from the account, with its currency. */
const matchNames = (part: FormColumns['matches'][number]): [string, string, string?] =>
  part === 'monthly_income'
    ? [`match_${part}`, `linked_${part}`, `linked_${part}_currency`]
    : [`match_${part}`, `linked_${part}`];
