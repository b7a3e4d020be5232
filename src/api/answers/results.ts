/** The answer with the numbers of Results. */
import { z } from 'zod';
import type { Results } from '../../record/results/results.ts';
import { answerOf, count, named } from './answer.ts';

const step = () =>
  z.object({
    id: z.string().describe('Also a value of the parameter reached of the list of submissions'),
    label: z.string(),
    count: count(),
    share: z.number().nullable().describe('Of the people who started. null with fewer than 20'),
    medianSeconds: z.number().nullable(),
    left: count().optional().describe('People who left the form at this screen'),
    parts: z
      .array(z.object({ id: z.string(), name: z.string(), count: count() }))
      .optional()
      .describe('People by provider or by reason'),
  });

const row = answerOf<Results['links'][number]>('ResultRow', () => ({
  id: z.string().describe('Empty for people without a link, or whose device was not stored'),
  clicks: count(),
  opened: count(),
  started: count(),
  connected: count(),
  notEligible: count(),
  completed: count(),
}));

const leftOut = answerOf<Results['leftOut']>('LeftOut', () => ({
  robots: count(),
  previews: count(),
  tests: count(),
  members: count(),
  spam: count(),
}));

export const resultsAnswer = named('Results', () =>
  z.object({
    steps: z.array(step()),
    links: z.array(row()),
    days: z.array(row()),
    languages: z.array(row()),
    devices: z.array(row()),
    open: count().describe('People who may still finish'),
    deleted: count().describe('People in the numbers who were deleted since'),
    leftOut: leftOut().describe('People and robots who are not in the numbers'),
    complete: z.boolean().describe('false while Flipsite still counts'),
  }),
);
