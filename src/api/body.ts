/** What a request says, checked before any of it is used. */
import type { Context } from 'hono';
import type { z } from 'zod';
import { inTooManyPieces } from '../site-limits/pieces.ts';
import { inTime, TooSlow } from '../site-limits/slow-bodies.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { ApiException } from './errors.ts';
import { boundedJson } from './json-bounds.ts';
import { bodyMemory } from './memory-budget.ts';

/** Largest bodies, in bytes. One screen's answers are a few kB, and may be what its fields allow in all. */
export const LIMITS = {
  json: SITE_LIMITS.jsonBodyBytes.value,
  answers: SITE_LIMITS.answersBodyBytes.value,
  events: SITE_LIMITS.eventsBodyBytes.value,
  webhook: SITE_LIMITS.webhookBodyBytes.value,
  native: SITE_LIMITS.formPostTextBytes.value,
  nativeFiles: SITE_LIMITS.formPostBytes.value,
};

/** As much of a request as checking it takes: Hono's context has it, and so has a request that is answered without Hono. */
export interface RequestContext {
  req: {
    method: string;
    header(name: string): string | undefined;
    param(name: string): string | undefined;
    raw: {
      body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | null;
      /** The same in one piece, where its length is known and was found small enough. */
      whole?: () => Promise<Uint8Array>;
    };
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The body's bytes, or a refusal as soon as it is known to be larger than `most`, or to end too early.
 * @param hold told how many bytes more are held now; may refuse them. Without it, a large body is held in the room for such
 */
export async function bytesOf(c: RequestContext, most: number, hold?: (bytes: number) => void): Promise<Uint8Array> {
  const { whole } = c.req.raw;
  if (whole) {
    refuseLength(c, most);
    return whole().catch((error: unknown) => {
      throw brokenOff(error);
    });
  }
  const large = (lengthOf(c) ?? most) > LIMITS.json;
  return large && !hold ? bodyMemory((held) => gather(chunksOf(c, most, held))) : gather(chunksOf(c, most, hold));
}

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of pieces) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The same as it arrives. A consumer that stops early leaves the rest of the body unread. */
export async function* chunksOf(
  c: RequestContext,
  most: number,
  hold?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  refuseLength(c, most);
  let size = 0;
  let pieces = 0;
  try {
    for await (const chunk of inTime(c.req.raw.body ?? [], lengthOf(c))) {
      size += chunk.length;
      if (size > most) throw tooLarge(most);
      refusePieces(++pieces, size);
      hold?.(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw brokenOff(error);
  }
}

/** How many bytes the body will have; undefined where the request does not say. */
export function lengthOf(c: RequestContext): number | undefined {
  const length = c.req.header('content-length');
  return length === undefined ? undefined : Number(length);
}

/** Refuses a body that is announced to be larger than `most` bytes. */
export function refuseLength(c: RequestContext, most: number): void {
  if ((lengthOf(c) ?? 0) > most) throw tooLarge(most);
}

/** Refuses a body that comes in too many pieces for its size. */
export function refusePieces(pieces: number, bytes: number): void {
  if (!inTooManyPieces(pieces, bytes)) return;
  const message = 'The body arrived in too many small pieces. Send larger pieces.';
  throw new ApiException({ code: 'invalid_request', message });
}

const tooLarge = (most: number) =>
  new ApiException({ code: 'too_large', message: `The body is larger than ${most} bytes. Send less.` });

/** Why no more of a body comes. One that is cut off is the caller's to send again, and no fault of ours. */
export function brokenOff(error: unknown): ApiException {
  if (error instanceof ApiException) return error;
  return error instanceof TooSlow
    ? new ApiException({ code: 'too_slow', message: 'The body arrived too slowly. Send it again on a faster network.' })
    : new ApiException({ code: 'invalid_request', message: 'The body is incomplete. Send it again.' });
}

/** The JSON body as `schema` has it. */
export async function jsonOf<T>(c: RequestContext, schema: z.ZodType<T>, most: number = LIMITS.json): Promise<T> {
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) {
    throw new ApiException({
      code: 'unsupported_type',
      message: 'The Content-Type is wrong. Send JSON as application/json.',
    });
  }
  let json: unknown;
  try {
    const bytes = boundedJson(await bytesOf(c, most), SITE_LIMITS.jsonValues.value);
    json = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    if (error instanceof ApiException) throw error;
    throw new ApiException({ code: 'invalid_request', message: 'The body is not valid JSON in UTF-8.' });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ApiException({
    code: 'invalid_request',
    message: `The body is not valid: ${issueText(parsed.error)}.`,
  });
}

/** Names the first thing that is wrong by its path; never its value, which may be someone's answer. */
function issueText(error: z.ZodError): string {
  const [issue] = error.issues;
  const place = issue?.path.join('.') || 'the body';
  if (issue?.code === 'unrecognized_keys') return `${place} has the unknown key ${issue.keys[0]?.slice(0, 60)}`;
  if (issue?.code === 'invalid_type')
    return `${place} is missing or not ${issue.expected === 'record' ? 'an object' : `of type ${issue.expected}`}`;
  return `${place} is not valid`;
}

/** The query of the address, with its question mark. */
export const searchOf = (c: Context): string => new URL(c.req.url).search;

/** `Idempotency-Key`, if there is one. */
export function keyOf(c: RequestContext): string | undefined {
  const key = c.req.header('idempotency-key');
  if (key === undefined) return undefined;
  const most = SITE_LIMITS.idempotencyKeyCharacters.value;
  if (key.length <= most && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new ApiException({
    code: 'invalid_request',
    message: `Idempotency-Key must have 1 to ${most} printable ASCII characters without spaces.`,
  });
}

/** The token of `Authorization: Bearer …`, or nothing. */
export const bearerOf = (c: RequestContext): string =>
  /^Bearer +([\x21-\x7e]{1,500})$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
