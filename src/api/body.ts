/** Reads and checks the bodies and headers of requests. */
import type { Context } from 'hono';
import type { z } from 'zod';
import { widestKey } from '../site-limits/counting/client-keys.ts';
import type { MemoryPlace } from '../site-limits/counting/memory-place.ts';
import { inTime, TooManyPieces, TooSlow } from '../site-limits/counting/slow-bodies.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { ApiException } from './errors.ts';
import { boundedJson } from './bounds/json-bounds.ts';
import { bodyMemory } from './bounds/memory-budget.ts';

/** The largest bodies, in bytes. The answers of one screen are a few kB, or as large as all its fields allow. */
export const MAX_BYTES = {
  json: SITE_LIMITS.jsonBodyBytes.value,
  opened: SITE_LIMITS.openedBodyBytes.value,
  answers: SITE_LIMITS.answersBodyBytes.value,
  events: SITE_LIMITS.eventsBodyBytes.value,
  webhook: SITE_LIMITS.webhookBodyBytes.value,
  native: SITE_LIMITS.formPostTextBytes.value,
  nativeFiles: SITE_LIMITS.formPostBytes.value,
};

/** Bodies of at most so many bytes are read without a memory budget. */
export const SMALL_BODY_BYTES = 16_384;

/** The part of Hono's context that endpoints use. The fast path makes one without Hono. */
export interface RequestContext {
  req: {
    method: string;
    header(name: string): string | undefined;
    param(name: string): string | undefined;
    query(name: string): string | undefined;
    /** The address of the request. A request on the fast path takes no query, and has none. */
    readonly url?: string;
    raw: {
      body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | null;
      /** Reads the body in one piece. Absent unless its length is known and small. */
      readAll?: () => Promise<Uint8Array>;
      signal?: AbortSignal;
    };
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The memory for the body of one request. */
export interface BodyMemory {
  reserve(bytes: number): void;
  place: MemoryPlace;
}

/**
 * Runs `answer`. A large body counts in `bodyMemory` until `answer` ends, since a request may wait for its turn.
 * @param address of the client. All of its bodies have one share, and many small ones lose their places to a larger one of another
 *   client
 */
export async function withBodyMemory<T>(
  c: RequestContext,
  address: () => string,
  answer: (memory?: BodyMemory) => Promise<T>,
): Promise<T> {
  if ((lengthOf(c) ?? Infinity) <= SMALL_BODY_BYTES) return answer();
  return bodyMemory((reserve, place) => answer({ reserve: onceLarge(reserve), place }), widestKey(address()));
}

/**
 * The bytes of the body.
 * @param reserve called with the number of bytes of each chunk; may throw. Without it, a large body counts in `bodyMemory`
 *   while it is read
 * @throws ApiException as soon as the body has more than `maxBytes`, or ends too early
 */
export async function bytesOf(
  c: RequestContext,
  maxBytes: number,
  reserve?: (bytes: number) => void,
  place?: MemoryPlace,
): Promise<Uint8Array> {
  const { readAll } = c.req.raw;
  if (readAll) {
    refuseLength(c, maxBytes);
    return readAll().catch((error: unknown) => {
      throw brokenOff(error);
    });
  }
  const isLarge = (lengthOf(c) ?? maxBytes) > SMALL_BODY_BYTES;
  if (!isLarge || reserve) return gather(chunksOf(c, maxBytes, reserve, place));
  return bodyMemory((reserveBody, place) => gather(chunksOf(c, maxBytes, onceLarge(reserveBody), place)));
}

/** A body without a length counts once it is large. */
function onceLarge(reserve: (bytes: number) => void): (bytes: number) => void {
  let waiting = 0;
  let isLarge = false;
  return (bytes) => {
    waiting += bytes;
    isLarge ||= waiting > SMALL_BODY_BYTES;
    if (!isLarge) return;
    reserve(waiting);
    waiting = 0;
  };
}

async function gather(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * The chunks of the body as they arrive. A consumer that stops early leaves the rest unread.
 * @param place that the body takes in memory
 */
export async function* chunksOf(
  c: RequestContext,
  maxBytes: number,
  reserve?: (bytes: number) => void,
  place?: MemoryPlace,
): AsyncGenerator<Uint8Array> {
  refuseLength(c, maxBytes);
  let size = 0;
  try {
    for await (const chunk of inTime(c.req.raw.body ?? [], lengthOf(c), place)) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      reserve?.(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw brokenOff(error);
  }
}

/** The `Content-Length` in bytes. Undefined where the request has none. */
export function lengthOf(c: RequestContext): number | undefined {
  const length = c.req.header('content-length');
  return length === undefined ? undefined : Number(length);
}

/**
 * The bytes that a body counts as before it is read. One without a length counts as the largest. One that is larger is refused
 * while it is read.
 */
export const countedLength = (c: RequestContext, maxBytes: number): number =>
  Math.min(lengthOf(c) ?? maxBytes, maxBytes);

/** @throws ApiException where `Content-Length` is more than `maxBytes` */
export function refuseLength(c: RequestContext, maxBytes: number): void {
  if ((lengthOf(c) ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

const tooLarge = (maxBytes: number) =>
  new ApiException({ code: 'too_large', message: `The body is larger than ${maxBytes} bytes. Send less.` });

const TOO_SLOW = {
  code: 'too_slow',
  message: 'The body arrived too slowly. Send it again on a faster network.',
} as const;
const TOO_MANY_PIECES = { code: 'invalid_request', message: 'The body arrived in too many small pieces. Send larger pieces.' } as const; // prettier-ignore
const INCOMPLETE = { code: 'invalid_request', message: 'The body is incomplete. Send it again.' } as const;

/** Whether a body broke a bound on how it arrives. Undefined for other errors. */
export function unreadable(error: unknown): ApiException | undefined {
  if (error instanceof TooSlow) return new ApiException(TOO_SLOW);
  return error instanceof TooManyPieces ? new ApiException(TOO_MANY_PIECES) : undefined;
}

/** The error for a body that ended early. The caller can send it again, and nothing is logged. */
export const brokenOff = (error: unknown): ApiException =>
  error instanceof ApiException ? error : (unreadable(error) ?? new ApiException(INCOMPLETE));

/**
 * The JSON body, checked by `schema`.
 * @param asText whether it may also come as `text/plain`, as `sendBeacon` sends it. Other sites can send that without asking
 * @param memory of `withBodyMemory`
 * @throws ApiException where the type, the size, the JSON or the schema is wrong
 */
export async function jsonOf<T>(
  c: RequestContext,
  schema: z.ZodType<T>,
  maxBytes: number,
  asText = false,
  memory?: BodyMemory,
): Promise<T> {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type) && !(asText && /^text\/plain\s*(;|$)/i.test(type))) {
    throw new ApiException({
      code: 'unsupported_type',
      message: 'The Content-Type is wrong. Send JSON as application/json.',
    });
  }
  let json: unknown;
  try {
    const bytes = boundedJson(await bytesOf(c, maxBytes, memory?.reserve, memory?.place), SITE_LIMITS.jsonValues.value);
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

const NAMED_FORMATS: Record<string, string> = {
  uuid: 'a UUID',
  datetime: 'a time of ISO 8601, such as 2026-12-31T09:00:00Z',
};

/** Names the path of the first problem. Never the value, which may be a person's answer. */
function issueText(error: z.ZodError): string {
  const [issue] = error.issues;
  const place = issue?.path.join('.') || 'the body';
  if (issue?.code === 'unrecognized_keys') return `${place} has the unknown key ${issue.keys[0]?.slice(0, 60)}`;
  if (issue?.code === 'invalid_type')
    return `${place} is missing or not ${issue.expected === 'record' ? 'an object' : `of type ${issue.expected}`}`;
  if (issue?.code === 'too_big' && issue.origin === 'string') return `${place} has more than ${issue.maximum} characters. Send less`; // prettier-ignore
  if (issue?.code === 'too_big' && issue.origin === 'array') return `${place} has more than ${issue.maximum} entries. Send fewer at once`; // prettier-ignore
  if (issue?.code === 'too_big') return `${place} is more than ${issue.maximum}`;
  if (issue?.code === 'too_small') return `${place} ${issue.origin === 'number' ? `is less than ${issue.minimum}` : 'is empty'}`; // prettier-ignore
  if (issue?.code === 'invalid_format' && NAMED_FORMATS[issue.format]) return `${place} is not ${NAMED_FORMATS[issue.format]}`; // prettier-ignore
  return `${place} ${issue?.code === 'custom' ? issue.message : 'is not valid'}`;
}

/** The query of the address, with its question mark. */
export const searchOf = (c: Context): string => new URL(c.req.url).search;

/** The `Idempotency-Key` header. Undefined where there is none. @throws ApiException where it is not valid */
export function idempotencyKeyOf(c: RequestContext): string | undefined {
  const key = c.req.header('idempotency-key');
  if (key === undefined) return undefined;
  const maxCharacters = SITE_LIMITS.idempotencyKeyCharacters.value;
  if (key.length <= maxCharacters && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new ApiException({
    code: 'invalid_request',
    message: `Idempotency-Key must have 1 to ${maxCharacters} printable ASCII characters without spaces.`,
  });
}

/** The token of `Authorization: Bearer …`. Empty where there is none. */
export const bearerOf = (c: RequestContext): string =>
  /^Bearer +([\x21-\x7e]{1,500})$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
