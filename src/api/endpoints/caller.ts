/** The caller of a request about a submission. */
import type { Caller } from '../../respond/access/submission-access.ts';
import { verifySubmissionToken } from '../../respond/access/token.ts';
import { UNKNOWN_SUBMISSION, ApiException } from '../errors.ts';
import { bearerOf, type RequestContext } from '../body.ts';
import { readLargeFor } from '../bounds/limit-requests.ts';
import type { Rates } from '../bounds/rates.ts';
import type { Services } from '../../respond/services.ts';

/** The caller that the token of the request names. @throws ApiException where the token is missing or wrong */
export function callerOf(
  { services, rates }: { services: Services; rates: Rates | undefined },
  c: RequestContext,
  address: () => string,
): Caller {
  const id = c.req.param('id') ?? '';
  const token = bearerOf(c);
  if (!token)
    throw new ApiException({
      code: 'unauthorized',
      message: 'The token of the submission is missing. Send it as Authorization: Bearer …',
    });
  if (!verifySubmissionToken(services.keys, id, token)) throw new ApiException(UNKNOWN_SUBMISSION);
  // A request that only reads does not change the language either (RFC 9110, 9.2.1).
  return {
    id,
    language: READS.includes(c.req.method) ? undefined : c.req.header('content-language'),
    limitRefresh: rates && ((refresh) => rates.smile.limitRefresh(address(), refresh)),
    readLarge: readLargeFor(rates, address),
  };
}

const READS = ['GET', 'HEAD'];
