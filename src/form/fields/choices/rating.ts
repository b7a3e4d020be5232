import { z } from 'zod';
import type { AmountLimits } from '../../runtime/amount.ts';
import { fillPipes } from '../../runtime/text.ts';
import { wordings, type Language } from '../../wording/wording.ts';
import { commonKeys, type FieldType } from '../field-type.ts';
import { readNumber } from '../amounts/number-limits.ts';
import { NOT_OFFERED } from './options.ts';
import { inEach, writtenIn } from '../sentences.ts';

const schema = z.strictObject({
  type: z.literal('rating'),
  ...commonKeys,
  max: z.int().min(3).max(10).default(5).describe('The number of stars, from 3 to 10'),
});

type Rating = z.infer<typeof schema>;

/** A number of stars. */
export const rating: FieldType<Rating> = {
  schema,
  noun: 'a number of stars',
  manual: {
    about: 'A number of stars.',
    example: `
- { id: app_rating, type: rating, label: How do you like our app?, max: 5 }`,
  },
  otherNames: ['stars'],
  kind: 'number',
  control: (field, language) => ({
    kind: 'choices',
    input: 'radio',
    choices: Array.from({ length: field.max }, (_, index) => ({
      value: String(index + 1),
      label: starsInWords(index + 1, language),
    })),
    row: { look: 'stars' },
  }),
  limitNouns: ['first number', 'number of stars'],
  values: () => undefined,
  limits: starsOf,
  read(field, raw) {
    const read = readNumber(starsOf(field), raw);
    return 'answer' in read ? read : { problem: 'choice' };
  },
  sentences: inEach(NOT_OFFERED, (choice) => ({ choice })),
  show: (field, answer, language) => `${writtenIn(Number(answer), language)}/${field.max}`,
};

function starsOf({ max }: Rating): AmountLimits {
  return { min: 1, max, step: 1 };
}

function starsInWords(stars: number, language: Language): string {
  const { starOne, starSome } = wordings[language].fields;
  return stars === 1 ? starOne : fillPipes(starSome, { n: String(stars) });
}
