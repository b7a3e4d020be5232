/** One request to Smile: bounded in time and size, its envelope opened, its failure told as a `SmileError`. */
import { z } from 'zod';
import { SmileError } from './error.ts';

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
}

export interface SmileRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** The path as errors may name it: `{id}` stands for `id`. */
  path: string;
  id?: string;
  query?: Record<string, string>;
  body?: unknown;
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
export async function send<T = undefined>(
  connection: Connection,
  request: SmileRequest,
  timeoutMs: number,
  shape?: z.ZodType<T>,
): Promise<T> {
  const name = `${request.method} ${request.path}`;
  const { status, text } = await exchange(connection, request, timeoutMs, name);
  const body = parseJson(text);
  if (status < 200 || status > 299) throw failure(name, status, body);
  if (!shape) return undefined as T;

  const { code, requestId } = readEnvelope(body);
  const answer = z.object({ data: shape }).safeParse(body);
  if (answer.success) return answer.data.data;
  const field = answer.error.issues[0]?.path.join('.');
  const fault = body === undefined ? 'is not JSON' : `has no usable ${field || 'envelope'}`;
  throw new SmileError('unexpected_answer', `Smile's answer to ${name} ${fault}`, { status, code, requestId });
}

async function exchange(connection: Connection, request: SmileRequest, timeoutMs: number, name: string) {
  const path = request.path.replace('{id}', encodeURIComponent(request.id ?? ''));
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
    return { status: response.status, text: await readText(response) };
  } catch (error) {
    throw networkError(name, error);
  }
}

async function readText(response: Response) {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new Error('the answer is too large');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function networkError(name: string, cause: unknown) {
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    return new SmileError('timeout', `Smile did not answer ${name} in time`, { cause });
  }
  const code = (cause as { cause?: { code?: string } } | undefined)?.cause?.code;
  const reason = code ? ` (${code})` : '';
  const unsent = code !== undefined && NEVER_SENT.has(code);
  return new SmileError('unavailable', `Smile could not be reached for ${name}${reason}`, { unsent, cause });
}

/** By class of status first, then by code: bad keys are a 400 in Smile's guide and a 401 in its OpenAPI document. */
function failure(name: string, status: number, body: unknown) {
  const { code, requestId } = readEnvelope(body);
  const message = `Smile answered ${name} with ${status}${code ? ` ${code}` : ''}`;
  return new SmileError(kindOf(status, code), message, { status, code, requestId });
}

function kindOf(status: number, code: string | undefined) {
  if (status === 401 || (status === 400 && code === 'INVALID_CREDENTIALS')) return 'authentication';
  if (status === 429) return 'rate_limited';
  // 501 is Smile's "no such method here": a fault of ours, not an outage.
  if (status >= 500 && status !== 501) return 'unavailable';
  return status >= 400 ? 'refused' : 'unexpected_answer';
}

const word = z
  .string()
  .regex(/^[\w-]{1,64}$/)
  .optional()
  .catch(undefined);
const envelopeSchema = z.object({ code: word, requestId: word }).catch({ code: undefined, requestId: undefined });

function readEnvelope(body: unknown) {
  return envelopeSchema.parse(body);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
