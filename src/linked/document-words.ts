/** What was read in a document that somebody uploaded, as a person reads it. */
import { itemsAt, numberAt, partAt, textAt, type LinkedItem } from './linked-item.ts';
import { valueAsText, capital, dayInWords, facts, amountInWords, spaced, type FactEntry } from './words.ts';

/** What Smile has read in a document, and how far it trusts it; the keys are those of its `Archive`. */
export function documentInWords(archive: LinkedItem): FactEntry {
  const [extraction, validation] = [partAt(archive, 'extraction'), partAt(archive, 'validation')];
  const read = { ...(partAt(extraction ?? {}, 'analysis') ?? partAt(archive, 'analysis')) };
  const files = itemsAt(archive, 'rawFiles').map((file) => textAt(file, 'name')).filter(Boolean).join(', '); // prettier-ignore
  const checks = Object.keys(validation ?? {}).flatMap((key): [string, string | undefined][] => {
    const check = partAt(validation ?? {}, key);
    const result = check && textAt(check, 'resultCode')?.toLowerCase().replaceAll('_', ' ');
    return result ? [[`Check of ${spaced(key).toLowerCase()}`, [result, textAt(check, 'resultMessage')].filter(Boolean).join(', ')]] : []; // prettier-ignore
  });
  return {
    title: kindOf(textAt(extraction ?? {}, 'fileType') ?? textAt(partAt(archive, 'classification') ?? {}, 'fileType') ?? textAt(archive, 'type')),
    facts: facts(...Object.keys(read).filter((key) => key !== 'currency').map((key): [string, string | undefined] => [documentLabels[key] ?? spaced(key), /Amount$/.test(key) ? amountInWords(read, key) : (dayInWords(textAt(read, key)) ?? valueAsText(numberAt(read, key)))]), ...checks, ['Files', files]),
  };
} // prettier-ignore

/** `PAYSLIP` as Payslip. */
export const kindOf = (fileType: string | undefined): string =>
  fileType ? capital(fileType.toLowerCase().replaceAll('_', ' ')) : 'Document';

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
