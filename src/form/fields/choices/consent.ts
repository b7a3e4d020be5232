import { z } from 'zod';
import { textSchema } from '../../keys.ts';
import type { Language } from '../../wording/wording.ts';
import { commonKeys, type FieldType } from '../field-type.ts';
import { noSentences } from '../sentences.ts';

const AGREED: Record<Language, string> = {
  en: 'Agreed',
  es: 'De acuerdo',
  fil: 'Sumasang-ayon',
  id: 'Setuju',
  zh: '同意',
  ar: 'موافق',
};

// A box that the person did not touch is no consent.
const { default: _default, ...keys } = commonKeys;

const schema = z.strictObject({
  type: z.literal('consent'),
  ...keys,
  label: textSchema.describe('The sentence beside the box that the person agrees to'),
});

/** A box to tick in order to agree. A box without a tick is unanswered, so `required` means that it must be ticked. */
export const consent: FieldType<z.infer<typeof schema>> = {
  schema,
  noun: 'a box to agree',
  manual: {
    about: 'A box to tick to agree. With `required`, people can continue only after they tick it.',
    example: `
- id: agree
  type: consent
  label: I agree that Acme Rides reads my income once.
  required: true`,
  },
  inPanels: { about: 'A box to tick to agree.' },
  kind: 'boolean',
  control: () => ({ kind: 'tick' }),
  personal: true,
  values: () => [true],
  blank: false,
  read: (_field, raw) => (raw === true ? { answer: true } : { problem: 'missing' }),
  sentences: noSentences,
  show: (_field, _answer, language) => AGREED[language],
  sample: () => true,
};
