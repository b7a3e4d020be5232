import { createHash } from 'node:crypto';
import type { Reading } from '../store/items.ts';
import { pdf } from './pdf.ts';
import type { Shape } from '../store/state.ts';

/** The data of the sample payslip: `ArchivePayslipAnalysis` of Smile's OpenAPI document. */
const analysis = {
  startDate: '2026-10-01',
  endDate: '2026-10-31',
  payDate: '2026-10-31',
  currency: 'PHP',
  grossAmount: 10000,
  netAmount: 7820.25,
  employerName: 'ABC Corporation',
  employeeName: 'George Cimafranca Palomero, Jr',
  ssNumber: '3300000008',
  philHealthNumber: '123456789012',
  taxNumber: '123456789',
  pagIbigNumber: '123456789012',
};

/** The one payslip that can be read. All other files end in an error, as in Smile's sandbox. */
export const samplePayslip: Uint8Array<ArrayBuffer> = pdf([
  'Payslip',
  '',
  'A sample for local Smile. It is the only document that can be read there.',
  '',
  ...Object.entries(analysis).map(([name, value]) => `${name}: ${value}`),
]);

const sampleHash = hash(samplePayslip);

/** The content of a document: its kind, the analysis, and its data points; undefined if it cannot be read. */
export function readDocument(bytes: Uint8Array): { type: 'PAYSLIP'; analysis: Shape; reading: Reading } | undefined {
  if (hash(bytes) !== sampleHash) return undefined;
  const { startDate, endDate, currency, employeeName, employerName, grossAmount, netAmount } = analysis;
  return {
    type: 'PAYSLIP',
    analysis,
    reading: new Map([
      ['IDENTITIES', [{ fullName: employeeName, emails: [], phones: [], socialProfiles: [], addresses: [] }]],
      ['INCOMES', [{ employer: employerName, startDate, endDate, currency, baseAmount: null, grossAmount, netAmount }]],
    ]),
  };
}

function hash(bytes: Uint8Array) {
  return createHash('sha256').update(bytes).digest('hex');
}
