/** Describes an uploaded document for people. */
import { itemsAt, numberAt, partAt, textAt, type LinkedItem } from './linked-item.ts';
import { capitalize } from '../form/capitalize.ts';
import { facts, firstFacts, formatDay, formatItemAmount, formatNumber, humanize, type FactEntry } from './words.ts';

/**
 * The data that Smile read from a document, and its checks. The keys are those of Smile's `Archive`.
 * @param maxFacts the number of facts, without those of the checks and the files
 */
export function describeDocument(archive: LinkedItem, maxFacts = Infinity): FactEntry {
  const [extraction, validation] = [partAt(archive, 'extraction'), partAt(archive, 'validation')];
  const analysis = partAt(extraction ?? {}, 'analysis') ?? partAt(archive, 'analysis') ?? {};
  const files = itemsAt(archive, 'rawFiles').map((file) => textAt(file, 'name')).filter(Boolean).join(', ');
  const checks = Object.keys(validation ?? {}).flatMap((key): [string, string | undefined][] => {
    const check = partAt(validation ?? {}, key);
    const result = check && textAt(check, 'resultCode')?.toLowerCase().replaceAll('_', ' ');
    return result ? [[`Check of ${humanize(key).toLowerCase()}`, [result, textAt(check, 'resultMessage')].filter(Boolean).join(', ')]] : [];
  });
  return {
    title: kindOf(textAt(extraction ?? {}, 'fileType') ?? textAt(partAt(archive, 'classification') ?? {}, 'fileType') ?? textAt(archive, 'type')),
    facts: [
      ...firstFacts(Object.keys(analysis).filter((key) => key !== 'currency'), maxFacts, (key) => [documentLabels[key] ?? humanize(key), /Amount$/.test(key) ? formatItemAmount(analysis, key) : (formatDay(textAt(analysis, key)) ?? formatNumber(numberAt(analysis, key)))]),
      ...facts(...checks, ['Files', files]),
    ],
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
