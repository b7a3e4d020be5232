/** People who fill in a form as fast as they are answered, each on a connection of their own. */
import { connect } from 'node:net';

export interface Load {
  /** Whole passages through the form: started, answered, sent. */
  passages: number;
  seconds: number;
  /** Milliseconds that half of the requests, and 99 of 100, were answered in. */
  p50: number;
  p99: number;
  /** The same for a whole passage. */
  wholeP50: number;
  wholeP99: number;
}

/** One person's way through the form: stores one submission. */
export type Way = (request: Request, who: string, port: number) => Promise<void>;

type Request = (method: string, path: string, body: string, headers: string) => Promise<string>;

/** Sends `connections` people through the form at `port` for `seconds`. Throws when anything but success is answered. */
export async function fillIn(port: number, connections: number, seconds: number, way: Way = passage): Promise<Load> {
  let passages = 0;
  let until = Infinity;
  const times: number[] = [];
  const whole: number[] = [];
  const people = Array.from({ length: connections }, async (_, number) => {
    const { request, close } = await open(port, times);
    for (let round = 0; performance.now() < until; round++) {
      const started = performance.now();
      await way(request, `${number}-${round}`, port);
      whole.push(performance.now() - started);
      if (performance.now() < until) passages++;
    }
    close();
  });
  const begun = performance.now();
  until = begun + seconds * 1_000;
  await Promise.all(people);
  const at = (all: number[], part: number) => all.toSorted((a, b) => a - b)[Math.floor(all.length * part)] ?? NaN;
  return {
    passages,
    seconds,
    p50: at(times, 0.5),
    p99: at(times, 0.99),
    wholeP50: at(whole, 0.5),
    wholeP99: at(whole, 0.99),
  };
}

/** The form posted whole by a browser without JavaScript. */
export async function nativePost(request: Request, who: string, port: number): Promise<void> {
  const body = new URLSearchParams(answersOf(who)).toString();
  const headers = `content-type: application/x-www-form-urlencoded\r\norigin: http://localhost:${port}\r\n`;
  await request('POST', '/apply', body, headers);
}

const answersOf = (who: string) => ({
  full_name: `Ana ${who}`,
  email: `ana-${who}@example.com`,
  work: 'employed',
  employer: 'Acme Rides',
});

export async function passage(request: Request, who: string, _port: number): Promise<void> {
  const key = () => `idempotency-key: ${crypto.randomUUID()}\r\n`;
  const started = JSON.parse(await request('POST', '/api/forms/apply/submissions', '{}', key())) as { id: string; token: string }; // prettier-ignore
  const mine = `authorization: Bearer ${started.token}\r\n`;
  const answers = answersOf(who);
  const path = `/api/submissions/${started.id}`;
  await request('PUT', `${path}/answers`, JSON.stringify({ screen: 'about', answers }), mine + key());
  await request('POST', `${path}/submit`, '{}', mine + key());
}

/** HTTP/1.1 by hand: a client that costs little leaves the processor to the server. */
function open(port: number, times: number[]): Promise<{ request: Request; close(): void }> {
  return new Promise((opened, failed) => {
    let waiting: { resolve(body: string): void; reject(error: Error): void } | undefined;
    let received = '';
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const fail = (error: Error) => (waiting ? waiting.reject(error) : failed(error));
    socket
      .setEncoding('latin1')
      .on('error', fail)
      .on('close', () => fail(new Error('The server has closed the connection.')));
    socket.on('data', (text: string) => {
      received += text;
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(received.slice(0, end))?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      const [status, body] = [received.slice(9, 12), received.slice(end + 4, end + 4 + length)];
      received = '';
      if (/^2|^30[234]/.test(status)) waiting?.resolve(body);
      else waiting?.reject(new Error(`answered ${status} ${body}`));
    });
    socket.on('connect', () =>
      opened({
        close: () => {
          waiting = undefined;
          socket.removeAllListeners('close').destroy();
        },
        request: (method, path, body, headers) =>
          new Promise((resolve, reject) => {
            const sent = performance.now();
            waiting = {
              resolve: (told) => (times.push(performance.now() - sent), resolve(told)),
              reject,
            };
            const type = headers.startsWith('content-type') ? '' : 'content-type: application/json\r\n';
            const length = body ? `${type}content-length: ${body.length}\r\n` : '';
            socket.write(`${method} ${path} HTTP/1.1\r\nhost: localhost:${port}\r\n${length}${headers}\r\n${body}`);
          }),
      }),
    );
  });
}

/** Asks for one page on each of `connections`, compressed. @returns requests a second */
export async function ask(
  port: number,
  path: string,
  connections: number,
  seconds: number,
  headers = 'accept-encoding: gzip, deflate, br\r\n',
): Promise<number> {
  let answered = 0;
  const until = performance.now() + seconds * 1_000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const { request, close } = await open(port, []);
      while (performance.now() < until) {
        await request('GET', path, '', headers);
        answered++;
      }
      close();
    }),
  );
  return answered / seconds;
}
