/** The columns of a form's comparisons: the result, and the value from the account. */
import type { Form } from '../../../form/schema.ts';
import { monthlyIncome } from '../../../linked/income.ts';
import { matchLines, groupByDataPoint, type MatchLine } from '../../../linked/match.ts';
import type { LinkedData } from '../../../record/accounts/account-data.ts';
import type { Submission } from '../../../record/submissions/submissions.ts';
import type { Column } from './columns.ts';

/**
 * Two columns for each comparison of a version. No column has the answer, which may be sensitive.
 * @param plain writes a number
 * @param today `YYYY-MM-DD`
 */
export function matchColumns(versions: Map<string, Form>, plain: (value: number) => string, today: string): Column[] {
  const forms = [...versions.values()];
  const lineOf = ({ version, answers, erasedAt }: Submission, linked: LinkedData[], what: MatchLine['what']) => {
    const form = erasedAt ? undefined : versions.get(version);
    return form && matchLines(form, answers, groupByDataPoint(linked), today).find((line) => line.what === what);
  };
  const incomeOf = ({ version }: Submission, linked: LinkedData[]) => {
    const wanted = versions.get(version)?.match?.monthly_income;
    return wanted && monthlyIncome(groupByDataPoint(linked), wanted.pay);
  };
  return (['name', 'employer', 'monthly_income'] as const).flatMap((what): Column[] => {
    if (!forms.some((form) => form.match?.[what] !== undefined)) return [];
    const verdict: Column = {
      name: `match_${what}`,
      value: (submission, _accounts, _files, linked) => VERDICTS[lineOf(submission, linked, what)?.verdict ?? 'none'],
    };
    if (what !== 'monthly_income') {
      const value: Column['value'] = (submission, _accounts, _files, linked) => lineOf(submission, linked, what)?.linked ?? ''; // prettier-ignore
      return [verdict, { name: `linked_${what}`, value }];
    }
    const amount: Column['value'] = (submission, _accounts, _files, linked) => {
      const income = incomeOf(submission, linked);
      return income ? plain(Math.round(income.amount * 100) / 100) : '';
    };
    const currency: Column['value'] = (submission, _accounts, _files, linked) => incomeOf(submission, linked)?.currency ?? ''; // prettier-ignore
    return [verdict, { name: `linked_${what}`, value: amount }, { name: `linked_${what}_currency`, value: currency }];
  });
}

const VERDICTS: Record<MatchLine['verdict'] | 'none', string> = {
  agree: 'agrees',
  differs: 'differs',
  unknown: 'unknown',
  none: '',
};
