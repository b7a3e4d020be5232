/** The bodies that the page of a form sends. */
import { z } from 'zod';
import type { EventsRequest, LinkTokenRequest, SaveRequest, StartRequest, SubmitRequest } from '../../contract/api.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';

const short = z.string().min(1).max(100);

/** Thousands of names cost milliseconds to check one by one. */
const hasAtMost = (most: number) => (value: unknown) =>
  typeof value !== 'object' || value === null || Object.keys(value).length <= most;

const { paramsInStart, answersInSave } = SITE_LIMITS;

export const startSchema: z.ZodType<StartRequest> = z.strictObject({
  version: short.optional().describe('Without it, the current version'),
  language: short.optional().describe('Without it, the first language of the form'),
  link: short.optional().describe('The id of a campaign link of the form'),
  params: z
    .custom<object>(hasAtMost(paramsInStart.value), `has more than ${paramsInStart.value} names`)
    .pipe(z.record(z.string(), z.string()))
    .optional()
    .meta({
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Parameters of the address of the page',
    }),
  trap: z
    .string()
    .max(SITE_LIMITS.trapCharacters.value)
    .optional()
    .describe('The value of a field that people cannot see. With a value, the submission goes to quarantine'),
  proof: z
    .string()
    .max(SITE_LIMITS.proofCharacters.value)
    .optional()
    .describe('The solution of a challenge, in a form that asks for one'),
});

/** The shape of any answer. Not a zod union, which tries each type on each value and takes 20 times as long. */
function isAnswerShape(value: unknown): boolean {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true;
  if (Array.isArray(value))
    return value.length <= answerListEntries.value && value.every((one) => typeof one === 'string');
  const parts = Object.entries(value as object);
  return parts.length <= answerParts.value && parts.every(([name, part]) => isName(name) && isPart(part));
}

const { answerListEntries, answerParts, answerPartCharacters } = SITE_LIMITS;
const isName = (name: string) => name.length >= 1 && name.length <= 100;
const isPart = (part: unknown) => typeof part === 'string' && part.length <= answerPartCharacters.value;

const ANSWER_SHAPE = `must be text, a number, true or false, a list of up to ${answerListEntries.value} texts, or an object with up to ${answerParts.value} parts of up to ${answerPartCharacters.value} characters`;

const MANY_NAMES = `has more than ${answersInSave.value} answers. Send those of one screen`;

export const saveSchema: z.ZodType<SaveRequest> = z.strictObject({
  screen: short,
  answers: z
    .custom<object>(hasAtMost(answersInSave.value), MANY_NAMES)
    .pipe(z.record(z.string(), z.custom(isAnswerShape, ANSWER_SHAPE)))
    .meta({
      type: 'object',
      description: 'The answers of the screen by the id of their field',
    }),
});

export const linkTokenSchema: z.ZodType<LinkTokenRequest> = z.strictObject({
  screen: short,
  widget: z.int().min(0).max(100).optional().describe('The position of the widget on the screen. 0 by default'),
});

/** In ms: three centuries. A phone that loads the page in 1970, before its clock is set, says half a century. */
const MAX_OPEN_MS = 1e13;

export const submitSchema: z.ZodType<SubmitRequest> = z.strictObject({
  openMs: z
    .number()
    .min(0)
    .max(MAX_OPEN_MS)
    .optional()
    .describe('How long ago the page was first opened, in milliseconds'),
  revision: z
    .int()
    .min(1)
    .optional()
    .describe('The revision of the answers that the person has seen. If it is old, Flipsite refuses the submit'),
});

const TOO_MUCH_DATA = `has more than ${SITE_LIMITS.eventDataCharacters.value} characters as JSON. Send less`;

export const eventsSchema: z.ZodType<EventsRequest> = z.strictObject({
  events: z
    .array(
      z.strictObject({
        id: z.uuid(),
        name: z.string().regex(/^[A-Za-z][A-Za-z0-9_.]{0,63}$/),
        at: z.iso
          .datetime({ offset: true })
          .max(40)
          .transform((at) => new Date(at).toISOString()),
        data: z
          .record(z.string().max(200), z.unknown())
          .refine((data) => JSON.stringify(data).length <= SITE_LIMITS.eventDataCharacters.value, TOO_MUCH_DATA),
      }),
    )
    .min(1)
    .max(SITE_LIMITS.eventsPerBatch.value),
});
