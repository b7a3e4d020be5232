import type { DatapointName } from './datapoints.ts';

/** A provider of local Smile. `rest/providers.ts` has its shape in Smile's OpenAPI document. */
export interface SandboxProvider {
  id: string;
  name: string;
  longName: string;
  type: 'GIG' | 'GOVERNMENT' | 'SYSTEM' | 'EMPLOYER';
  subType: keyof typeof subTypeLabels;
  mfa: boolean;
  /** False: documents only, no sign-in. */
  accountConnection: boolean;
  monitorSupported: boolean;
  currency: string;
  /** Other ways to sign in than by user name. */
  loginOptions: ProviderLogin[];
  supported: DatapointName[];
}

/** The names of the login field. A test person is found by any of them. */
export type ProviderLogin = 'EMAIL' | 'MOBILE' | 'SS_NUMBER';

export const typeLabels = {
  GIG: 'Gig Platform',
  GOVERNMENT: 'Govt Service',
  SYSTEM: 'System',
  EMPLOYER: 'Employer',
} as const;

export const subTypeLabels = {
  SERVICES: 'Professional Services',
  TRANSPORTATION: 'Transport and Delivery',
  INSURANCE: 'Social Insurance',
  PAYROLL: 'Payroll System',
  IDENTIFICATION: 'Identification',
  'ISIC-G': 'Wholesale and retail trade; repair of motor vehicles and motorcycles',
  'ISIC-N': 'Administrative and support service activities',
} as const;

const derived: DatapointName[] = ['EINCOMES', 'LINK', 'INSIGHTS'];
const gig: DatapointName[] = ['IDENTITIES', 'TRANSACTIONS', 'RATINGS', ...derived];
const payroll: DatapointName[] = ['IDENTITIES', 'EMPLOYMENTS', 'INCOMES', 'DOCUMENTS', ...derived];
const socialSecurity: DatapointName[] = [
  'IDENTITIES',
  'EMPLOYMENTS',
  'CONTRIBUTIONS',
  'LIABILITIES',
  'DOCUMENTS',
  ...derived,
];

const usual = {
  accountConnection: true,
  monitorSupported: false,
  mfa: false,
  currency: 'PHP',
  loginOptions: [] as ProviderLogin[],
};

/**
 * Ids up to `711_ph` are in Smile's own documents. Second factors and data are our choice where those say nothing. Ids
 * with `local_` are invented.
 */
export const sandboxProviders: readonly SandboxProvider[] = [
  {
    ...usual,
    id: 'grab',
    name: 'Grab',
    longName: 'Grab Holdings Inc',
    type: 'GIG',
    subType: 'TRANSPORTATION',
    loginOptions: ['MOBILE', 'EMAIL'],
    supported: gig,
  },
  {
    ...usual,
    id: 'upwork',
    name: 'Upwork',
    longName: 'Upwork Global Inc.',
    type: 'GIG',
    subType: 'SERVICES',
    mfa: true,
    currency: 'USD',
    supported: [...gig, 'DOCUMENTS'],
  },
  {
    ...usual,
    id: 'freelancer',
    name: 'Freelancer',
    longName: 'Freelancer Technology Pty Limited',
    type: 'GIG',
    subType: 'SERVICES',
    currency: 'USD',
    supported: gig,
  },
  { ...usual, id: '199jobs', name: '199Jobs', longName: '199Jobs', type: 'GIG', subType: 'SERVICES', supported: gig },
  {
    ...usual,
    id: 'sss_ph',
    name: 'SSS',
    longName: 'Social Security System',
    type: 'GOVERNMENT',
    subType: 'INSURANCE',
    mfa: true,
    monitorSupported: true,
    loginOptions: ['SS_NUMBER'],
    supported: socialSecurity,
  },
  {
    ...usual,
    id: 'nbi_ph',
    name: 'NBI',
    longName: 'National Bureau of Investigation',
    type: 'GOVERNMENT',
    subType: 'IDENTIFICATION',
    supported: ['IDENTITIES', 'DOCUMENTS', 'LINK', 'INSIGHTS'],
  },
  {
    ...usual,
    id: 'abccorp',
    name: 'ABC Corporation',
    longName: 'ABC Corporation',
    type: 'EMPLOYER',
    subType: 'ISIC-N',
    supported: payroll,
  },
  {
    ...usual,
    id: 'abcplatform',
    name: 'ABC Platform',
    longName: 'ABC Platform',
    type: 'SYSTEM',
    subType: 'PAYROLL',
    mfa: true,
    supported: payroll,
  },
  {
    ...usual,
    id: '711_ph',
    name: '7-Eleven',
    longName: '7-Eleven Philippines',
    type: 'EMPLOYER',
    subType: 'ISIC-G',
    accountConnection: false,
    supported: [],
  },
  {
    ...usual,
    id: 'local_mensajeria',
    name: 'Mensajería Azteca',
    longName: 'Mensajería Azteca, S.A. de C.V.',
    type: 'GIG',
    subType: 'TRANSPORTATION',
    currency: 'MXN',
    supported: gig,
  },
  {
    ...usual,
    id: 'local_nomina',
    name: 'Nómina Clara',
    longName: 'Nómina Clara, S.A. de C.V.',
    type: 'SYSTEM',
    subType: 'PAYROLL',
    mfa: true,
    monitorSupported: true,
    currency: 'MXN',
    supported: payroll,
  },
];

export function findProvider(id: string): SandboxProvider | undefined {
  return sandboxProviders.find((provider) => provider.id === id);
}

/** One or two letters for a provider without a logo. */
export function initials(name: string): string {
  const words = name.split(/[\s-]+/).filter(Boolean);
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => word[0]) : [name.slice(0, 2)];
  return letters.join('').toUpperCase();
}
