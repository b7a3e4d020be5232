/**
 * Sends one request to Smile, with limits on time and size. Returns the data of the envelope or throws a `SmileError`.
 */
import { z } from 'zod';
import { SMILE_LIMITS } from '../site-limits/smile-limits.ts';
import { SmileError, type SmileErrorKind } from './error.ts';
import { read } from './reading.ts';

/** Errors of the connection: no byte of the request was sent. */
const UNSENT_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export interface Connection {
  /** The address including the version, without a slash at the end. */
  base: string;
  /** The value of the `Authorization` header. */
  authorization: string;
  fetch: typeof fetch;
  /** Called after every request. */
  log: (exchange: SmileExchange) => void;
}

export interface SmileRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The path as in error messages: `{id}` is replaced by `id`. */
  path: string;
  id?: string;
  query?: Record<string, string>;
  body?: unknown;
  /** Whether Smile may not have the object, which is no failure then. */
  mayBeMissing?: boolean;
  /** The room that the answers to several requests share. */
  room?: { bytes: number };
}

/** A finished request, for the log. It contains no secret and no personal data. */
export interface SmileExchange {
  /** Like `GET /accounts/{id}`. */
  operation: string;
  /** From the first byte sent to the last one read. */
  tookMs: number;
  /** The HTTP status, if Smile answered. */
  status?: number;
  /** Smile's own code, like `OK`. */
  code?: string;
  /** Smile's id of the request, for its support. */
  requestId?: string;
  /** Why it failed. */
  failure?: SmileErrorKind;
  /** Documented fields that were absent or of another type, like `account.monitorStatus`. */
  missing: string[];
}

/**
 * The base address from `OPEN_API_HOST`. Smile's quickstart writes it with the version
 * (`https://sandbox.smileapi.io/v1`). Without one, `/v1` is added. A base path before it is kept.
 */
export function baseAddress(host: string): string {
  const { origin, pathname } = new URL(host);
  const path = pathname.replace(/\/+$/, '');
  return origin + (/\/v\d+$/.test(path) ? path : `${path}/v1`);
}

/** HTTP Basic with the key pair (Smile, Understanding the API). */
export function basicAuthorization(apiKey: string, apiSecret: string): string {
  return `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
}

/**
 * Sends one request. @returns the `data` of the response in the given shape; undefined without a shape. Throws
 * `SmileError`.
 */
export async function sendRequest<T = undefined>(
  connection: Connection,
  request: SmileRequest,
  timeoutMs: number,
  shape?: z.ZodType<T>,
): Promise<T> {
  const operation = `${request.method} ${request.path}`;
  const startedAt = performance.now();
  const logEnd = (details: Partial<SmileExchange>) =>
    connection.log({ operation, tookMs: Math.round(performance.now() - startedAt), missing: [], ...details });
  try {
    const { status, text } = await exchange(connection, request, timeoutMs, operation);
    const { data, ...details } = openEnvelope(operation, status, text, shape);
    logEnd({ status, ...details });
    return data;
  } catch (error) {
    const { kind: failure, status, code, requestId } = error as SmileError;
    // Without a code of Smile, the 404 is of another server.
    const isMissing = request.mayBeMissing && status === 404 && code !== undefined;
    logEnd({ ...(!isMissing && { failure }), status, code, requestId });
    throw error;
  }
}

async function exchange(connection: Connection, request: SmileRequest, timeoutMs: number, operation: string) {
  const path = request.path.replace(/\{\w+\}/, encodeURIComponent(request.id ?? ''));
  const query = request.query ? `?${new URLSearchParams(request.query)}` : '';
  const headers: Record<string, string> = { Accept: 'application/json', Authorization: connection.authorization };
  if (request.body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    const response = await connection.fetch(connection.base + path + query, {
      method: request.method,
      headers,
      body: request.body === undefined ? undefined : JSON.stringify(request.body),
      // Smile never redirects, and the key pair must not go to another host.
      redirect: 'manual',
      signal: AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs))),
    });
    const text = await readText(response, request.room);
    if (text !== undefined) return { status: response.status, text };
    throw new SmileError('unexpected_answer', `Smile's answer to ${operation} is too large`, {
      status: response.status,
    });
  } catch (error) {
    throw error instanceof SmileError ? error : networkError(operation, error);
  }
}

/** Undefined if it is larger than any answer, or than the room that is left. */
async function readText(response: Response, room = { bytes: Infinity }): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    room.bytes -= chunk.byteLength;
    if (size > SMILE_LIMITS.smileAnswerBytes.value || room.bytes < 0) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function networkError(operation: string, cause: unknown) {
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    return new SmileError('timeout', `Smile did not answer ${operation} in time`, { cause });
  }
  const code = (cause as { cause?: { code?: string } } | undefined)?.cause?.code;
  const reason = code ? ` (${code})` : '';
  const unsent = code !== undefined && UNSENT_CODES.has(code);
  return new SmileError('unavailable', `Smile could not be reached for ${operation}${reason}`, { unsent, cause });
}

function openEnvelope<T>(operation: string, status: number, text: string, shape?: z.ZodType<T>) {
  const body = parseJson(text);
  const details = envelopeSchema.parse(body);
  const unexpected = (fault: string) =>
    new SmileError('unexpected_answer', `Smile's answer to ${operation} ${fault}`, { status, ...details });
  if (status < 200 || status > 299) throw failure(operation, status, details);
  if (!shape) {
    // A page from a proxy in between is no success.
    if (text.trim() !== '' && !z.object({}).safeParse(body).success) throw unexpected('has no usable envelope');
    return { data: undefined as T, missing: [], ...details };
  }
  const { result, missing } = read(z.object({ data: shape }), body);
  if (result.success) return { data: result.data.data, missing, ...details };
  if (body === undefined) throw unexpected('is not JSON');
  throw unexpected(`has no usable ${result.error.issues[0]?.path.join('.') || 'envelope'}`);
}

/** By the status first, then by the code: wrong keys are a 400 in Smile's guide and a 401 in its OpenAPI document. */
function failure(operation: string, status: number, details: { code?: string; requestId?: string }) {
  const message = `Smile answered ${operation} with ${status}${details.code ? ` ${details.code}` : ''}`;
  return new SmileError(kindOf(status, details.code), message, { status, ...details });
}

function kindOf(status: number, code: string | undefined) {
  if (status === 401 || (status === 400 && code === 'INVALID_CREDENTIALS')) return 'authentication';
  if (status === 429) return 'rate_limited';
  // 501 is Smile's "no such method": a bug of the client, not an outage.
  if (status >= 500 && status !== 501) return 'unavailable';
  return status >= 400 ? 'refused' : 'unexpected_answer';
}

const token = z
  .string()
  .regex(/^[\w-]{1,64}$/)
  .optional()
  .catch(undefined);
const envelopeSchema = z
  .object({ code: token, requestId: token })
  .catch(() => ({ code: undefined, requestId: undefined }));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
