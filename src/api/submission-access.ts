/** Whose submission a request is about. */
import type { Services } from '../respond/services.ts';
import { loadRespondentSubmission, type Caller, type RespondentSubmission } from '../respond/submission-access.ts';
import { verifySubmissionToken } from '../respond/token.ts';
import { UNKNOWN_SUBMISSION, ApiException } from './errors.ts';
import { bearerOf, type RequestContext } from './body.ts';

/** Who the request's token says is asking. Refuses whoever has none, or a wrong one. */
export function callerOf(services: Services, c: RequestContext): Caller {
  const id = c.req.param('id') ?? '';
  const token = bearerOf(c);
  if (!token)
    throw new ApiException({
      code: 'unauthorized',
      message: 'The token of the submission is missing. Send it as Authorization: Bearer …',
    });
  if (!verifySubmissionToken(services.keys, id, token)) throw new ApiException(UNKNOWN_SUBMISSION);
  // Whoever only reads changes nothing, their language neither (RFC 9110, 8.5).
  return { id, language: c.req.method === 'GET' ? undefined : c.req.header('content-language') };
}

/** The submission that the request's token opens, with its form. */
export const submissionOf = (services: Services, c: RequestContext): Promise<RespondentSubmission> =>
  loadRespondentSubmission(services, callerOf(services, c));
