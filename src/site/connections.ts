/** The server of HTTP, with a bound on its connections, of all together and of each address, and on the requests of each. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { clientAddress, isProxy } from '../api/client-ip.ts';
import { clientKeys, countersOf } from '../site-limits/counting/client-keys.ts';
import { acquire, createConcurrencyCounter } from '../site-limits/counting/concurrency.ts';
import { inTooManyPieces } from '../site-limits/counting/pieces.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { connectionsWithin, openFilesAllowed } from './open-files.ts';
import { CountedResponse, slowReaderFinder, type UnreadBounds } from './slow-readers.ts';

export interface Connections {
  /** How many may be open. */
  allowed: number;
  /** How many are open now. */
  open(): number;
  /** How many were dropped so far, by the limit that they were over. */
  dropped(): Record<'all' | 'address' | 'unread', number>;
  /** The requests without a complete answer. */
  unanswered(): Iterable<ServerResponse>;
  /** Calls `observe` for each request from now on, after its response is complete or cut off. */
  observe(observe: Observe): void;
}

/** @param seconds the duration of the request */
type Observe = (request: IncomingMessage, response: ServerResponse, seconds: number) => void;

export interface ServerBounds extends UnreadBounds {
  connections?: number;
  headerMs?: number;
  idleMs?: number;
  requestMs?: number;
}

interface Options {
  /** Proxies in front that are trusted. Connections from one are not counted by address, since they are those of many people. */
  proxies: number;
  /** Whether connections are bounded by address. */
  byAddress: boolean;
  log: Pick<Logger, 'warn'>;
  /** Other bounds than the site's own. */
  bounds?: ServerBounds;
}

/** The time between two checks of requests in Node, in ms. A request over its time is found this much later at most. */
const LOOK_MS = 2_000;

/** The time between two looks at idle connections and at the bytes that wait for slow readers, in ms. Meanwhile, a server makes answers of 10 MB at most. */
const LOOK_AT_CONNECTIONS_MS = 250;

/** The log names dropped connections at most once in this time, however many there are. */
const LOG_EVERY_MS = 60_000;

/** The server closes connections when this share of them is in use, so that few addresses can't keep all others out. */
const NEARLY_FULL = 0.9;
const CLOSED_AT_ONCE = 100;

/**
 * A server that is not listening yet. It drops connections over the limits, and answers 408 to requests that take too long.
 * Before all connections are in use, it closes idle ones, and then the oldest one of the client that has the most. It
 * closes a connection with too many requests at once. Such requests still reach its listeners, with a destroyed socket.
 * It also closes connections of slow readers when their answers take too much memory or time.
 */
export function createBoundedServer({ proxies, byAddress, log, bounds = {} }: Options): {
  server: Server;
  connections: Connections;
} {
  const { idleMs = SITE_LIMITS.idleConnectionMs.value, headerMs = SITE_LIMITS.headerMs.value } = bounds;
  const server = createServer({
    ServerResponse: CountedResponse,
    // Node would answer requests without a host by itself, and nothing would bound them. The router refuses them.
    requireHostHeader: false,
    requestTimeout: bounds.requestMs ?? SITE_LIMITS.requestMs.value,
    headersTimeout: headerMs,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: LOOK_MS,
  });
  const allowed = bounds.connections ?? connectionsWithin(openFilesAllowed());
  // One more than allowed: Node 24 drops further ones silently, such as the address that a proxy adds. The router refuses both.
  server.maxHeadersCount = SITE_LIMITS.requestHeaders.value + 1;
  const dropped = { all: 0, address: 0, unread: 0 };
  /** The sockets that wait for their next request, each with the time since when, the longest idle first. */
  const idle = new Map<Socket, number>();
  /** The unanswered responses of each open connection. Mostly there is one, for which a list costs less than a set. */
  const unanswered = new Map<Socket, CountedResponse[]>();
  /**
   * The connections of each address or IPv6 network, the oldest first; behind a proxy, those with an open request of
   * it.
   */
  const clients = new Map<string, Set<Socket>>();
  let observe: Observe | undefined;
  let loggedAt = -Infinity;
  const countersFor = countersOf(
    (times) => createConcurrencyCounter(SITE_LIMITS.connectionsPerAddress.value * times),
    SITE_LIMITS.networkTimesAtOnce.value,
  );

  /** @param err the error of the system, which had nothing left for the connection */
  function drop(limit: keyof typeof dropped, err?: Error): void {
    dropped[limit] += 1;
    if (performance.now() - loggedAt < LOG_EVERY_MS) return;
    loggedAt = performance.now();
    log.warn({ dropped, open: unanswered.size, err }, 'connections over the limit were dropped');
  }

  /** Closes a connection, and forgets it at once: its `close` comes after others that arrive in the same round of the event loop. */
  function end(socket: Socket): void {
    unanswered.delete(socket);
    idle.delete(socket);
    socket.destroy();
  }

  // Not `closeIdleConnections`, which also closes connections with an incomplete first request.
  function closeIdle(count: number): void {
    for (const socket of [...idle.keys()].slice(0, count)) end(socket);
  }

  // Node begins its time of an idle connection again with each empty line. The header of a next request may have begun.
  function closeLongIdle(): void {
    const before = performance.now() - idleMs - headerMs;
    for (const [socket, since] of idle) {
      if (since > before) return;
      socket.destroy();
    }
  }

  function makeRoom(): void {
    if (unanswered.size < allowed * NEARLY_FULL) return;
    if (idle.size > 0) return closeIdle(CLOSED_AT_ONCE);
    let busiest = new Set<Socket>();
    for (const own of clients.values()) if (own.size > busiest.size) busiest = own;
    if (busiest.size < 2) return;
    drop('all');
    const [oldest] = busiest;
    if (!oldest) return;
    busiest.delete(oldest);
    end(oldest);
  }

  const findSlowReaders = slowReaderFinder(bounds);
  function closeSlowReaders(): void {
    for (const socket of findSlowReaders(unanswered)) {
      drop('unread');
      // A reset, so that the kernel too forgets the bytes that it has taken.
      socket.resetAndDestroy();
    }
  }

  /** Counts a connection for `client` until `until` closes: the connection itself, or behind a proxy the response. */
  function belong(client: string, socket: Socket, until: Socket | ServerResponse): void {
    const own = clients.get(client) ?? new Set();
    clients.set(client, own.add(socket));
    until.once('close', () => own.delete(socket) && own.size === 0 && clients.delete(client));
  }

  server.on('request', (request, response) => {
    const { socket, headers } = request;
    idle.delete(socket);
    if (mayHaveManyPieces(headers)) boundPieces(request, response);
    if (byAddress && isProxy(socket.remoteAddress, proxies)) {
      const client = clientAddress(String(headers['x-forwarded-for'] ?? ''), socket.remoteAddress, proxies);
      belong(clientKeys(client).at(-1) ?? '', socket, response);
    }
    const waiting = unanswered.get(socket);
    if (!waiting) return;
    waiting.push(response);
    const begun = performance.now();
    // One listener for both: each costs as much as a count of a click. And `on` costs less than `once`.
    response.on('close', () => {
      observe?.(request, response, (performance.now() - begun) / 1_000);
      const at = waiting.indexOf(response);
      if (at >= 0) waiting.splice(at, 1);
      if (!waiting.length && !socket.destroyed) idle.set(socket, performance.now());
    });
    if (waiting.length > SITE_LIMITS.requestsPerConnection.value) cutOff(socket);
  });
  // Node would answer these by itself too. An unknown expectation may be ignored (RFC 9110, 10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  // The system may have no memory or file left for a connection. Without a listener, the second such error ends the process.
  server.on('listening', () => server.on('error', (error) => drop('all', error)));
  const looking = setInterval(() => {
    closeSlowReaders();
    closeLongIdle();
  }, LOOK_AT_CONNECTIONS_MS).unref();
  server.on('close', () => clearInterval(looking));
  server.on('connection', (socket) => {
    // It was reset before it was accepted. The system knows no address of it any more, so its requests would be of no client, and
    // have their turns with the work of the site itself.
    if (socket.remoteAddress === undefined) return void socket.destroy();
    const counters = byAddress && !isProxy(socket.remoteAddress, proxies) ? countersFor(clientAddress(undefined, socket.remoteAddress, 0)) : []; // prettier-ignore
    const release = acquire(counters);
    if (!release) {
      drop('address');
      return void socket.destroy();
    }
    socket.once('close', release);
    makeRoom();
    // Not `maxConnections`, which Node counts for each listener.
    if (unanswered.size >= allowed) {
      drop('all');
      return void socket.destroy();
    }
    const waiting: CountedResponse[] = [];
    unanswered.set(socket, waiting);
    socket.once('close', () => {
      unanswered.delete(socket);
      idle.delete(socket);
      // Node emits `close` only for the response in turn. The others would keep their resources for ever.
      for (const response of [...waiting]) if (!response.socket) response.destroy().emit('close');
    });
    const client = counters.at(-1)?.key;
    if (client !== undefined) belong(client, socket, socket);
  });

  return {
    server,
    connections: {
      allowed,
      open: () => unanswered.size,
      dropped: () => ({ ...dropped }),
      unanswered: () => [...unanswered.values()].flat(),
      observe: (listener) => void (observe = listener),
    },
  };
}

/** A body of a known length has one piece for each packet, and a sender may make a packet of each byte. */
const mayHaveManyPieces = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > SITE_LIMITS.bodyPieces.value;

/**
 * Drops the pieces of a body over the limit, and closes the connection after the answer. Each takes some hundred bytes of
 * memory. If the body is chunked, a packet may hold 10,000 of them. Node parses them all in one go, also where no part of the
 * site reads the body.
 */
function boundPieces(request: IncomingMessage, response: ServerResponse): void {
  const push = request.push.bind(request);
  const close = () => request.socket.destroy();
  let [pieces, bytes, over] = [0, 0, false];
  request.push = (piece: Uint8Array | null, encoding) => {
    if (piece === null) return push(piece, encoding);
    if (over) return false;
    bytes += piece.length;
    over = inTooManyPieces(++pieces, bytes);
    if (over) dropPieces(request.socket);
    if (over && response.writableFinished) close();
    else if (over) response.once('finish', close);
    // The first piece over the limit stays, so that a reader learns that there are too many.
    return push(piece, encoding);
  };
  // Node drops a body that is not read past `push`, so it would not be counted.
  Object.assign(request, { _dump: () => request.resume() });
  // No part of the site reads such a body, and the answer may have to wait for its turn.
  if (request.method === 'GET' || request.method === 'HEAD') request.resume();
}

/**
 * Drops all further pieces on a connection, which has to be closed soon. Node would make an object of each, which takes ten
 * times as long as to read it.
 */
function dropPieces(socket: Socket): void {
  // Node has no public way. Its parser calls this function for each piece, and looks for it each time.
  const { parser } = socket as Socket & { parser?: Record<string, unknown> };
  const key = parser && Object.keys(parser).find((one) => (parser[one] as Partial<Function>)?.name === 'parserOnBody');
  if (!parser || key === undefined) return;
  const onBody = parser[key];
  parser[key] = undefined;
  // Another connection gets the parser after that.
  socket.once('close', () => (parser[key] = onBody));
}

/** Closes a connection, and reads no more of the data that has arrived on it. */
function cutOff(socket: Socket): void {
  socket.destroy();
  // Node continues with the rest of the packet, which may hold 2,000 requests and costs 0.1 ms for each. It has no
  // public way to stop that. It stops at a request that begins another protocol, which the result 2 means.
  const { parser } = socket as Socket & { parser?: { onIncoming?: () => number } };
  if (parser?.onIncoming) parser.onIncoming = () => 2;
}
