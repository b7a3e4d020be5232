/** A proxy in front of a site. A test can cut it, as a network is lost, and can turn off the scripts of pages. */
import {
  createServer,
  request as ask,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Proxy {
  origin: string;
  /** Whether it answers nothing, and ends open connections. */
  cut(isCut: boolean): void;
  /** Whether pages run scripts. Without them, browsers also show the content of `noscript`. */
  runScripts(run: boolean): void;
  /** Holds the answers to requests whose address has this text. `first` resolves once the site has given one. */
  holdAnswers(part: string): { first: Promise<void>; release(): void };
  /** Sends pages only as far as this text, until `rest` sends the others, or `end` ends the connection. */
  holdPages(from: string): { rest(): void; end(): void };
  close(): void;
}

/** A sandbox without `allow-scripts` turns scripts off as the setting of a browser does (HTML, 8.1.3.4). */
const WITHOUT_SCRIPTS = 'sandbox allow-forms allow-same-origin allow-top-navigation allow-popups';

interface PausedPage {
  from: string;
  released: Promise<void>;
  ended: Promise<void>;
}

/** @param target the port of the site on this machine */
export async function openProxy(target: number): Promise<Proxy> {
  let isCut = false;
  let hasScripts = true;
  let held: { part: string; arrived(): void; released: Promise<void> } | undefined;
  let paused: PausedPage | undefined;
  const server = createServer((request, response) => {
    if (isCut) return void request.socket.destroy();
    const { method, url: path, headers } = request;
    const inTwo = headers['sec-fetch-dest'] === 'document' ? paused : undefined;
    if (inTwo) for (const name of ['accept-encoding', 'if-none-match']) delete headers[name];
    const behind = ask({ host: '127.0.0.1', port: target, method, path, headers, agent: false }, (answer) => {
      const sent: OutgoingHttpHeaders = { ...answer.headers };
      if (!hasScripts) sent['content-security-policy'] = WITHOUT_SCRIPTS;
      const pass = () => {
        response.writeHead(answer.statusCode ?? 502, sent);
        if (inTwo) void passInTwo(answer, response, inTwo);
        else answer.pipe(response);
      };
      if (!held || !path?.includes(held.part)) return pass();
      held.arrived();
      void held.released.then(pass);
    });
    behind.on('error', () => request.socket.destroy());
    response.on('close', () => behind.destroy());
    request.pipe(behind);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut(next) {
      isCut = next;
      if (isCut) server.closeAllConnections();
    },
    runScripts(run) {
      hasScripts = run;
    },
    holdAnswers(part) {
      const { promise: first, resolve: arrived } = Promise.withResolvers<void>();
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      held = { part, arrived, released };
      return { first, release };
    },
    holdPages(from) {
      const { promise: released, resolve: rest } = Promise.withResolvers<void>();
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      paused = { from, released, ended };
      const last = (run: () => void) => () => {
        paused = undefined;
        run();
      };
      return { rest: last(rest), end: last(end) };
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function passInTwo(
  answer: IncomingMessage,
  response: ServerResponse,
  { from, released, ended }: PausedPage,
): Promise<void> {
  const page = await buffer(answer);
  const at = page.indexOf(from);
  response.write(page.subarray(0, at));
  void ended.then(() => response.destroy());
  await released;
  response.end(page.subarray(at));
}
