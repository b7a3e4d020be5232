import { z } from 'zod';
import { fillPipes } from '../../runtime/text.ts';
import { commaIn, wordings, type Language } from '../../wording/wording.ts';
import { COUNTRIES, countryChoices, countryIn } from './countries.ts';
import { commonKeys, type FieldType, type Problem } from '../field-type.ts';
import { NOT_OFFERED } from '../choices/options.ts';
import { inEach } from '../sentences.ts';
import { LENGTHS, readTyped } from '../text/typed.ts';

const MAX_CHARACTERS = 200;

/** The parts of an address, with the autofill name of each one. */
const AUTOFILL = {
  line1: 'address-line1',
  line2: 'address-line2',
  city: 'address-level2',
  region: 'address-level1',
  postal_code: 'postal-code',
  country: 'country',
};

type PartName = keyof typeof AUTOFILL;
export const ADDRESS_PARTS = Object.keys(AUTOFILL) as PartName[];

const schema = z.strictObject({
  type: z.literal('address'),
  ...commonKeys,
  country: z
    .string()
    .refine((code) => COUNTRIES.includes(code), 'is not a country code; write two capital letters, like PH or MX')
    .optional()
    .describe('The country of all addresses, as two letters, such as PH. Without it, people choose the country'),
});

type Address = z.infer<typeof schema>;

/** An address in parts, stored as `{ line1, line2, city, region, postal_code, country }` without empty parts. */
export const address: FieldType<Address> = {
  schema,
  noun: 'an address',
  manual: {
    about: 'A postal address, in several parts that the browser can fill in.',
    example: `
- { id: home, type: address, label: Where do you live?, country: PH, required: true }`,
  },
  kind: 'parts',
  features: () => ['parts'],
  control: (field, language) => ({
    kind: 'parts',
    parts: askedIn(field).map((name) => ({
      name,
      label: wordings[language].fields[name],
      required: isNeeded(field, name),
      attributes: {
        autocomplete: field.sensitive ? 'off' : AUTOFILL[name],
        ...(name !== 'country' && { type: 'text' }),
      },
      ...(name === 'country' && { choices: countryChoices(language) }),
    })),
  }),
  typed: true,
  values: () => undefined,
  like: ({ country }) => `parts, like { line1: Rizal St 1, city: Cebu${country ? '' : ', country: PH'} }`,
  read(field, raw) {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return { problem: 'type' };
    if (Object.keys(raw).some((key) => !ADDRESS_PARTS.includes(key as PartName))) return { problem: 'type' };
    const answer: Record<string, string> = {};
    const problems: Problem[] = [];
    for (const name of ADDRESS_PARTS) {
      const read = readPart(field, name, (raw as Record<string, unknown>)[name]);
      if ('problem' in read) problems.push(`${name}:${read.problem as 'type'}`);
      else if (read.answer) answer[name] = read.answer;
    }
    const [problem, ...also] = problems;
    return problem ? { problem, ...(also.length && { also }) } : { answer };
  },
  sentences: inEach(LENGTHS, ({ type, long }, field, language) => {
    const byProblem: Partial<Record<Problem, string>> = { type };
    for (const name of ADDRESS_PARTS) {
      const label = wordings[language].fields[name];
      const about = (sentence: string) => `${label}${language === 'zh' ? '：' : ': '}${sentence}`;
      byProblem[`${name}:type`] = about(type);
      byProblem[`${name}:long`] = about(fillPipes(long, { n: String(MAX_CHARACTERS) }));
      if (isNeeded(field, name)) byProblem[`${name}:missing`] = missingPart(name, label, language);
    }
    return { ...byProblem, 'country:choice': NOT_OFFERED[language] };
  }),
  show: (_field, answer, language) =>
    typeof answer === 'object' ? inOneLine(answer as Record<string, string>, language) : String(answer),
};

/** A form with a fixed country does not ask for it. */
const askedIn = (field: Address): PartName[] => ADDRESS_PARTS.filter((name) => name !== 'country' || !field.country);

const isNeeded = (field: Address, name: PartName): boolean =>
  field.required && (name === 'line1' || name === 'city' || (name === 'country' && !field.country));

function readPart(field: Address, name: PartName, raw: unknown): { answer: string } | { problem: Problem } {
  const value = raw ?? (name === 'country' ? field.country : undefined) ?? '';
  const read = readTyped(value, 0, MAX_CHARACTERS);
  if ('problem' in read) return read;
  if (read.answer.includes('\n')) return { problem: 'type' };
  if (!read.answer) return isNeeded(field, name) ? { problem: 'missing' } : read;
  const possible = field.country ? [field.country] : COUNTRIES;
  return name === 'country' && !possible.includes(read.answer) ? { problem: 'choice' } : read;
}

const missingPart = (name: PartName, label: string, language: Language): string => {
  const { choose, enter } = wordings[language].missing;
  return name === 'country' ? choose(label) : enter(label);
};

const inOneLine = (answer: Record<string, string>, language: Language): string =>
  ADDRESS_PARTS.map((name) => (name === 'country' ? countryIn(answer[name] ?? '', language) : answer[name]))
    .filter(Boolean)
    .join(commaIn(language));
