import type { Context } from 'hono';
import type { z } from 'zod';
import { EnvelopeError } from './envelope.ts';
import type { Sandbox } from './sandbox.ts';

/** What the caller of `fetch` may say about a request that the request itself does not. */
export interface Bindings {
  /** The address at the other end of the socket. */
  remoteAddress?: string;
  /** Breaks the connection off without an answer. */
  hangUp?: () => void;
}

export type Env = { Bindings: Bindings };

/**
 * The JSON body of a request, checked; no body counts as `{}`. Refuses another content type (415), broken JSON and
 * what the schema does not take (400).
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

/** A value, checked; refuses with 400 and the first thing that is wrong. */
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

/** The public base of this instance as whoever asks sees it, without a slash at the end. */
export function baseFor(c: Context, world: Sandbox): string {
  return (URL.parse(world.origin(), c.req.url)?.href ?? world.origin()).replace(/\/+$/, '');
}
