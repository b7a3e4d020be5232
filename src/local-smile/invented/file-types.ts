import type { DatapointName } from './datapoints.ts';

/** A kind of document (Smile, Archives): where it is accepted, and the data read from it. */
export interface SandboxFileType {
  type: string;
  typeLabel: string;
  /** Whether the widget offers it. */
  inWidget: boolean;
  byApi: boolean;
  ocr: boolean;
  /** The files that it consists of. */
  subTypes: { type: string; label: string }[];
  supported: DatapointName[];
}

const usual = { inWidget: false, byApi: true, ocr: false, subTypes: [], supported: [] };

/** Where Smile's documents say nothing, labels and the data read are our choice. */
export const fileTypes: readonly SandboxFileType[] = [
  {
    ...usual,
    type: 'PAYSLIP',
    typeLabel: 'Payslip',
    inWidget: true,
    ocr: true,
    subTypes: [{ type: 'PAYSLIP', label: 'Payslip' }],
    supported: ['IDENTITIES', 'INCOMES'],
  },
  {
    ...usual,
    type: 'TAX_DOCUMENT',
    typeLabel: 'Tax document',
    inWidget: true,
    ocr: true,
    subTypes: [{ type: 'TAX_PAYMENT', label: 'Tax document' }],
    supported: ['INCOMES'],
  },
  {
    ...usual,
    type: 'COMPANY_ID',
    typeLabel: 'Company ID',
    inWidget: true,
    subTypes: [
      { type: 'COMPANY_ID_FRONT', label: 'Front of the card' },
      { type: 'COMPANY_ID_BACK', label: 'Back of the card' },
    ],
  },
  { ...usual, type: 'CLEARANCE_NBI', typeLabel: 'NBI clearance', ocr: true, supported: ['DOCUMENTS'] },
  { ...usual, type: 'CLEARANCE_POLICE', typeLabel: 'Police clearance' },
  { ...usual, type: 'CLEARANCE_BARANGAY', typeLabel: 'Barangay clearance' },
  { ...usual, type: 'ID_FRONT', typeLabel: 'ID, front' },
  { ...usual, type: 'ID_BACK', typeLabel: 'ID, back' },
  { ...usual, type: 'BACK_STATEMENT', typeLabel: 'Bank statement' },
  { ...usual, type: 'UTILITY_BILLS', typeLabel: 'Utility bill' },
  { ...usual, type: 'OTHERS', typeLabel: 'Other document' },
  { ...usual, type: 'SOCIAL_SECURITY', typeLabel: 'Social security records', byApi: false },
];

export function findFileType(type: string | null | undefined): SandboxFileType | undefined {
  return fileTypes.find((one) => one.type === type);
}
