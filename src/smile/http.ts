/** One request to Smile: bounded in time and size, its envelope opened, its failure told as a `SmileError`. */
import { z } from 'zod';
import { SmileError, type SmileErrorKind } from './error.ts';
import { read } from './reading.ts';

/** Far above any list of 150 items. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** Failures of the connection itself: no byte of the request was sent. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export interface Connection {
  /** The address up to and including the version, without a slash at the end. */
  base: string;
  /** The value of the `Authorization` header. */
  authorization: string;
  fetch: typeof fetch;
  /** Hears of every request once it is over. */
  log: (exchange: SmileExchange) => void;
}

export interface SmileRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The path as errors may name it: `{id}` stands for `id`. */
  path: string;
  id?: string;
  query?: Record<string, string>;
  body?: unknown;
}

/** A request that is over, for the log: nothing in it is secret or anybody's. */
export interface SmileExchange {
  /** Like `GET /accounts/{id}`. */
  operation: string;
  /** From the first byte sent to the last one read, in ms. */
  took: number;
  /** The HTTP status, when Smile answered. */
  status?: number;
  /** Smile's own code, like `OK`. */
  code?: string;
  /** Smile's id of the request, to quote to its support. */
  requestId?: string;
  /** Why it failed. */
  failure?: SmileErrorKind;
  /** What Smile documents and did not send, or not as documented, like `account.monitorStatus`. */
  missed: string[];
}

/**
 * The base address from `OPEN_API_HOST`. Smile's quickstart writes it with the version (`https://sandbox.smileapi.io/v1`);
 * without one, `/v1` is added. A base path before it is kept.
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

/** Makes one request and returns the answer's `data` in the given shape; without a shape, success is all that counts. */
export async function sendRequest<T = undefined>(
  connection: Connection,
  request: SmileRequest,
  timeoutMs: number,
  shape?: z.ZodType<T>,
): Promise<T> {
  const operation = `${request.method} ${request.path}`;
  const begun = performance.now();
  const over = (about: Partial<SmileExchange>) =>
    connection.log({ operation, took: Math.round(performance.now() - begun), missed: [], ...about });
  try {
    const { status, text } = await exchange(connection, request, timeoutMs, operation);
    const { data, ...about } = open(operation, status, text, shape);
    over({ status, ...about });
    return data;
  } catch (error) {
    const { kind: failure, status, code, requestId } = error as SmileError;
    over({ failure, status, code, requestId });
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
      // Smile never redirects, and the key pair must not follow somebody who does.
      redirect: 'manual',
      signal: AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs))),
    });
    const text = await readText(response);
    if (text !== undefined) return { status: response.status, text };
    throw new SmileError('unexpected_answer', `Smile's answer to ${operation} is too large`, {
      status: response.status,
    });
  } catch (error) {
    throw error instanceof SmileError ? error : networkError(operation, error);
  }
}

/** Undefined when there is more of it than any answer has. */
async function readText(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) return undefined;
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
  const unsent = code !== undefined && NEVER_SENT.has(code);
  return new SmileError('unavailable', `Smile could not be reached for ${operation}${reason}`, { unsent, cause });
}

function open<T>(operation: string, status: number, text: string, shape?: z.ZodType<T>) {
  const body = parseJson(text);
  const about = envelopeSchema.parse(body);
  const unexpected = (fault: string) =>
    new SmileError('unexpected_answer', `Smile's answer to ${operation} ${fault}`, { status, ...about });
  if (status < 200 || status > 299) throw failure(operation, status, about);
  if (!shape) {
    // A page of somebody between us and Smile is no success of Smile's.
    if (text.trim() !== '' && !z.object({}).safeParse(body).success) throw unexpected('has no usable envelope');
    return { data: undefined as T, missed: [], ...about };
  }
  const { result, missed } = read(z.object({ data: shape }), body);
  if (result.success) return { data: result.data.data, missed, ...about };
  if (body === undefined) throw unexpected('is not JSON');
  throw unexpected(`has no usable ${result.error.issues[0]?.path.join('.') || 'envelope'}`);
}

/** By class of status first, then by code: bad keys are a 400 in Smile's guide and a 401 in its OpenAPI document. */
function failure(operation: string, status: number, about: { code?: string; requestId?: string }) {
  const message = `Smile answered ${operation} with ${status}${about.code ? ` ${about.code}` : ''}`;
  return new SmileError(kindOf(status, about.code), message, { status, ...about });
}

function kindOf(status: number, code: string | undefined) {
  if (status === 401 || (status === 400 && code === 'INVALID_CREDENTIALS')) return 'authentication';
  if (status === 429) return 'rate_limited';
  // 501 is Smile's "no such method here": a fault of ours, not an outage.
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
