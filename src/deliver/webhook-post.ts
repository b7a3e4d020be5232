/** Sends one webhook: bounded in time, in what is read of the answer, and in where it goes. Nobody is followed elsewhere. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isAllowed, publicLookup, addressProblem, type Resolve } from './webhook-address.ts';

export interface PostOptions {
  /** Hosts, with or without a port, that may be private and need no https. */
  allowed: readonly string[];
  /** For the whole attempt, in milliseconds. */
  timeoutMs?: number;
  resolve?: Resolve;
}

/** What came back; `said` is the beginning of the body, or what went wrong. */
export interface PostResponse {
  /** Absent: there was no answer. */
  status?: number;
  said: string;
  /** The header `Retry-After` as it was sent. */
  retryAfter?: string | undefined;
}

const TIMEOUT_MS = 15_000;
/** Read of an answer, in bytes; the rest is not waited for. */
const MOST_READ = 2_048;

export type WebhookPoster = (address: string, body: string, headers: Record<string, string>) => Promise<PostResponse>;

/** Never throws: what goes wrong is said, without the address, which may hold something private. */
export function createWebhookPoster({ allowed, timeoutMs = TIMEOUT_MS, resolve }: PostOptions): WebhookPoster {
  return async (address, body, headers) => {
    const refused = addressProblem(address, allowed);
    if (refused) return { said: `Not sent: the address ${refused}` };
    const url = new URL(address);
    const lookup = isAllowed(url, allowed) ? {} : { lookup: publicLookup(resolve) };
    const bytes = Buffer.from(body);
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await new Promise<IncomingMessage>((done, failed) => {
        const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
        const sent = send(
          url,
          {
            ...lookup,
            method: 'POST',
            // A connection of its own: one that was kept could be to another address than the one just looked at.
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
        sent.on('error', failed).end(bytes);
      });
      const said = await beginningOf(response);
      return { status: response.statusCode ?? 0, said, retryAfter: response.headers['retry-after'] };
    } catch (error) {
      return { said: signal.aborted ? `No answer within ${timeoutMs / 1_000} seconds` : inWords(error) };
    }
  };
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MOST_READ) break;
    }
  } catch {
    // The status has arrived, and that is what counts.
  }
  response.destroy();
  const text = Buffer.concat(chunks).subarray(0, MOST_READ).toString('utf8');
  return text.replace(/[\p{C}\s]+/gu, ' ').trim().slice(0, 200); // prettier-ignore
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

function inWords(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (!code) return message.startsWith('The webhook’s host') ? message : 'The connection failed';
  return REASONS[code] ?? `The connection failed (${code})`;
}
