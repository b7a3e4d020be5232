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
  const fixed: string[] = [...FIXED_COLUMNS.before, ...FIXED_COLUMNS.after];
  const answers = [...fields].map(([id, hasCurrency]) => {
    const name = fixed.includes(id) ? `answer_${id}` : id;
    const currency = fields.has(`${name}_currency`) ? `currency_of_${name}` : `${name}_currency`;
    return { id, name, ...(hasCurrency && { currency }) };
  });
  const taken = new Set([...fixed, ...columnsIn(answers)]);
  // A version that was stored long ago may have no parameters.
  const params = [...new Set([...forms.flatMap((form) => form.params ?? []), ...UTM])];
  return {
    answers,
    params: params.map((param) => ({ param, name: taken.has(param) ? `param_${param}` : param })),
    matches: (['name', 'employer', 'monthly_income'] as const).filter((part) => forms.some(({ match }) => match?.[part] !== undefined)), // prettier-ignore
  };
}

const columnsIn = (answers: FormColumns['answers']): string[] =>
  answers.flatMap(({ name, currency }) => (currency === undefined ? [name] : [name, currency]));
