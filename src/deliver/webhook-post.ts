/**
 * Sends one webhook, with limits on its time, its address and the bytes read of the response. Redirects are not
 * followed.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { notSent } from '../record/deliveries.ts';
import { inOneLine } from './in-one-line.ts';
import { isAllowed, lookupFor, addressProblem, resolveInTurns, type Resolve } from './webhook-address.ts';

export interface PostOptions {
  /** Hosts, with or without a port, that may be private and need no https. */
  allowed: readonly string[];
  /** For the complete attempt. */
  timeoutMs?: number;
  resolve?: Resolve;
}

/** `message` is the beginning of the body, or the reason of the failure. */
export interface PostResponse {
  /** Absent without a response. */
  status?: number;
  message: string;
  /** Whether Flipsite sent nothing, because webhooks may not go to this address. */
  isForbidden?: true;
  /** The header `Retry-After` as received. */
  retryAfter?: string | undefined;
}

const TIMEOUT_MS = 15_000;
/** The rest of the response is not read. */
const MAX_RESPONSE_BYTES = 2_048;
/** Receivers send one or none. */
const MAX_INTERIM_ANSWERS = 10;

export type WebhookPoster = (address: string, body: string, headers: Record<string, string>) => Promise<PostResponse>;

/** The function never throws. A failure's message leaves out the address, which may contain a secret. */
export function createWebhookPoster({ allowed, timeoutMs = TIMEOUT_MS, resolve }: PostOptions): WebhookPoster {
  const inTurns = resolveInTurns(resolve);
  return async (address, body, headers) => {
    const problem = addressProblem(address, allowed);
    if (problem) return { message: notSent(`the address ${problem}`), isForbidden: true };
    const url = new URL(address);
    const lookup = lookupFor(inTurns, isAllowed(url, allowed));
    const bytes = Buffer.from(body);
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await new Promise<IncomingMessage>((done, failed) => {
        const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
        const outgoing = send(
          url,
          {
            lookup,
            method: 'POST',
            // A new connection: a kept one could be to another address than the one just checked.
            agent: false,
            signal,
            headers: {
              'content-type': 'application/json',
              'content-length': bytes.length,
              'user-agent': 'Flipsite-Webhook/1',
              ...headers,
            },
          },
          done,
        );
        let interim = 0;
        outgoing
          // Interim answers may follow each other for ever (RFC 9110, 15.2).
          .on('information', () => void (++interim > MAX_INTERIM_ANSWERS && outgoing.destroy()))
          .on('error', failed)
          // After 101 (Switching Protocols) Node reports nothing else.
          .on('close', () => failed(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
          .end(bytes);
      });
      const message = await readBeginning(response);
      return { status: response.statusCode ?? 0, message: message, retryAfter: response.headers['retry-after'] };
    } catch (error) {
      return { message: signal.aborted ? `No answer within ${timeoutMs / 1_000} seconds` : describeError(error) };
    }
  };
}

async function readBeginning(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MAX_RESPONSE_BYTES) break;
    }
  } catch {
    // The status has arrived, which is enough.
  }
  response.destroy();
  return inOneLine(Buffer.concat(chunks).subarray(0, MAX_RESPONSE_BYTES).toString('utf8')).slice(0, 200);
}

const REASONS: Record<string, string> = {
  ENOTFOUND: 'The host has no address',
  EAI_AGAIN: 'The address of the host could not be found',
  ECONNREFUSED: 'Nothing listens at the address',
  ECONNRESET: 'The connection was closed early',
  EHOSTUNREACH: 'The host cannot be reached',
  ENETUNREACH: 'The network cannot be reached',
  CERT_HAS_EXPIRED: 'The certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is not from a known authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'The certificate is not from a known authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another host',
};

function describeError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (!code) return message.startsWith('The webhook’s host') ? message : 'The connection failed';
  return REASONS[code] ?? `The connection failed (${code})`;
}
