/** Describes an uploaded document for people. */
import { itemsAt, numberAt, partAt, textAt, type LinkedItem } from './linked-item.ts';
import { capitalize } from '../form/capitalize.ts';
import { formatNumber, formatDay, facts, formatItemAmount, humanize, type FactEntry } from './words.ts';

/** The data that Smile read from a document, and its checks. The keys are those of Smile's `Archive`. */
export function describeDocument(archive: LinkedItem): FactEntry {
  const [extraction, validation] = [partAt(archive, 'extraction'), partAt(archive, 'validation')];
  const analysis = { ...(partAt(extraction ?? {}, 'analysis') ?? partAt(archive, 'analysis')) };
  const files = itemsAt(archive, 'rawFiles').map((file) => textAt(file, 'name')).filter(Boolean).join(', ');
  const checks = Object.keys(validation ?? {}).flatMap((key): [string, string | undefined][] => {
    const check = partAt(validation ?? {}, key);
    const result = check && textAt(check, 'resultCode')?.toLowerCase().replaceAll('_', ' ');
    return result ? [[`Check of ${humanize(key).toLowerCase()}`, [result, textAt(check, 'resultMessage')].filter(Boolean).join(', ')]] : [];
  });
  return {
    title: kindOf(textAt(extraction ?? {}, 'fileType') ?? textAt(partAt(archive, 'classification') ?? {}, 'fileType') ?? textAt(archive, 'type')),
    facts: facts(...Object.keys(analysis).filter((key) => key !== 'currency').map((key): [string, string | undefined] => [documentLabels[key] ?? humanize(key), /Amount$/.test(key) ? formatItemAmount(analysis, key) : (formatDay(textAt(analysis, key)) ?? formatNumber(numberAt(analysis, key)))]), ...checks, ['Files', files]),
  };
} // prettier-ignore

/** `PAYSLIP` as Payslip. */
export const kindOf = (fileType: string | undefined): string =>
  fileType ? capitalize(fileType.toLowerCase().replaceAll('_', ' ')) : 'Document';

const documentLabels: Record<string, string> = {
  startDate: 'From',
  endDate: 'To',
  payDate: 'Paid on',
  grossAmount: 'Gross',
  netAmount: 'Net',
  baseAmount: 'Base',
  employerName: 'Employer',
  employeeName: 'Employee',
  ssNumber: 'Social security number',
  philHealthNumber: 'PhilHealth number',
  pagIbigNumber: 'Pag-IBIG number',
};
