/** Whose submission a request is about. */
import type { Desk } from '../respond/desk.ts';
import { findTheirs, type Caller, type Theirs } from '../respond/theirs.ts';
import { opens } from '../respond/token.ts';
import { NOT_THEIRS, Refused } from './errors.ts';
import { bearerOf, type Asked } from './requests.ts';

/** Who the request's token says is asking. Refuses whoever has none, or a wrong one. */
export function callerOf(desk: Desk, c: Asked): Caller {
  const id = c.req.param('id') ?? '';
  const token = bearerOf(c);
  if (!token)
    throw new Refused({
      code: 'unauthorized',
      message: 'The token of the submission is missing. Send it as Authorization: Bearer …',
    });
  if (!opens(desk.keys, id, token)) throw new Refused(NOT_THEIRS);
  // Whoever only reads changes nothing, their language neither (RFC 9110, 8.5).
  return { id, language: c.req.method === 'GET' ? undefined : c.req.header('content-language') };
}

/** The submission that the request's token opens, with its form. */
export const theirs = (desk: Desk, c: Asked): Promise<Theirs> => findTheirs(desk, callerOf(desk, c));
