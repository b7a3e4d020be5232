/** A receiver of webhooks, which checks their signatures. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from './smile.ts';

export interface Received {
  headers: IncomingHttpHeaders;
  raw: Buffer;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- events are read loosely, as a client would
  event: any;
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/**
 * A webhook receiver on a free port of this machine. It answers 200 unless a test sets another answer, and keeps
 * everything.
 */
export async function startReceiver() {
  const received: Received[] = [];
  const statuses: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      received.push({ headers: request.headers, raw, event: JSON.parse(raw.toString()) });
      const status = statuses.shift() ?? 200;
      response.writeHead(status, status >= 300 && status < 400 ? { location: '/elsewhere' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    types: () => received.map(({ event }) => event.type as string),
    /** The status of the next answers, in turn. */
    answerWith: (...next: number[]) => statuses.push(...next),
    /** The first event of this type, once it is there. */
    event: (type: string) => eventually(() => received.find(({ event }) => event.type === type)?.event),
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** Checks `Smile-Signature` as Smile's documentation tells a receiver to. */
export function isSigned({ headers, raw }: Pick<Received, 'headers' | 'raw'>, secret: string): boolean {
  const expected = createHmac('sha512', secret).update(raw).digest();
  const given = Buffer.from(String(headers['smile-signature']), 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
