/** The templates from which a new form starts: one YAML file each, beside this module. */
import { readFileSync } from 'node:fs';

export interface Template {
  /** The name of its file without `.yaml`. */
  name: string;
  title: string;
  /** A sentence about its purpose. */
  description: string;
  /** ISO 3166 codes of the countries of its phone numbers and currency. Without them, it fits every country. */
  countries?: readonly string[];
  /** @returns the YAML. The file is read on the first call */
  text(): string;
}

export const templates: readonly Template[] = [
  template('gig-onboarding', 'Gig onboarding', 'Riders and drivers apply, and show their experience.', ['PH']),
  template('loan-prequalification', 'Loan pre-qualification', 'People find out whether they can apply.', ['MX']),
  template('tenant-check', 'Tenant check', 'Tenants show that they can pay the rent.', ['MX']),
  template('payroll-switch', 'Payroll switch', 'Customers move their salary to an account with you.', ['PH']),
  template(
    'kyc-basics',
    'Identity check (KYC)',
    'Customers confirm their identity with an ID. KYC means “know your customer”.',
    ['ID'],
  ),
  template('contact', 'Contact', 'People ask a question and choose how you answer.'),
];

function template(name: string, title: string, description: string, countries?: readonly string[]): Template {
  let text: string | undefined;
  const read = () => readFileSync(new URL(`${name}.yaml`, import.meta.url), 'utf8');
  return { name, title, description, ...(countries && { countries }), text: () => (text ??= read()) };
}
