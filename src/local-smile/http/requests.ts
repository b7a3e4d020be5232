import type { Context } from 'hono';
import type { z } from 'zod';
import { EnvelopeError } from './envelope.ts';
import type { Sandbox } from '../sandbox.ts';

/** Facts about a request that the `Request` object does not have. */
export interface Bindings {
  /** The remote address of the socket. */
  remoteAddress?: string;
  /** Such as `1.1`. */
  httpVersion?: string;
  /** Closes the connection without a response. */
  hangUp?: () => void;
  /** Counts a request that changes something. @returns whether the client may send it today */
  mayChange?: () => boolean;
}

export type Env = { Bindings: Bindings };

/**
 * The validated JSON body of a request; an absent body is `{}`. Throws 415 for another content type, and 400 for broken
 * JSON or an invalid body.
 */
export async function jsonBody<T extends z.ZodType>(c: Context, schema: T): Promise<z.infer<T>> {
  const text = await c.req.text();
  const type = c.req.header('content-type') ?? '';
  if (text !== '' && !/^application\/([\w.-]+\+)?json\b/i.test(type)) {
    throw new EnvelopeError('UNSUPPORTED_TYPE', 'Send the body as application/json.');
  }
  let body: unknown;
  try {
    body = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new EnvelopeError('INVALID_PARAMETERS', 'The body is not valid JSON.');
  }
  return checked(schema, body);
}

/** A validated value. Throws 400 with the first problem. */
export function checked<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue?.path.join('.');
  throw new EnvelopeError('INVALID_PARAMETERS', `${place ? `${place}: ` : ''}${issue?.message ?? 'Invalid'}`);
}

export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?|\[?::ffff:127(\.\d+){3}\]?)$/i.test(host);
}

/** The public base of this instance as the client sees it, without a slash at the end. */
export function baseFor(c: Context, sandbox: Sandbox): string {
  return (URL.parse(sandbox.origin(), c.req.url)?.href ?? sandbox.origin()).replace(/\/+$/, '');
}
