/** The one shape of all errors. */
import { z } from 'zod';
import type { ErrorDetails } from '../../contract/api.ts';
import { answerOf, named, isoTime } from './answer.ts';

const details = answerOf<ErrorDetails>('ErrorDetails', () => ({
  code: z.string().describe('For programs. Later versions can have new codes'),
  message: z.string().describe('For people'),
  fields: z.record(z.string(), z.string()).optional().describe('Sentences by the id of their field'),
  screen: z.string().optional().describe('The id of the screen that has the problem'),
  next: z
    .object({ screen: z.string().optional(), ending: z.string().optional() })
    .optional()
    .describe('Where the person can continue'),
  reference: z.string().optional().describe('The reference of a submission that was submitted before'),
  submittedAt: isoTime().optional().describe('The time when it was submitted'),
  requestId: z.string().optional().describe('The id of the request. The log of the server has it too'),
  errors: z
    .array(z.object({ line: z.int().min(1), column: z.int().min(1), message: z.string(), fix: z.string().optional() }))
    .optional()
    .describe('The errors in the text of a form'),
}));

export const errorAnswer = named('Error', () => z.object({ error: details() }));
