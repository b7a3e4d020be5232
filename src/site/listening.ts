/** Listening at the address of the site. */
import type { Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type ListenOptions, type Server } from 'node:net';

/**
 * Listeners at the same port, among which the system shares the connections out. Each accepts one connection in a round of the
 * event loop (libuv, `uv__server_io`). With only one, new connections wait for as many rounds as there are others before
 * them, and a round can take some hundredths of a second.
 */
const LISTENERS = 32;

export interface Listening {
  port: number;
  /** Accepts no further connections. Resolves after all are closed. */
  stop(): Promise<void>;
}

/** Listens with `server`. @throws the error of the system, see `explainListening` */
export async function listen(server: HttpServer, port: number, host: string): Promise<Listening> {
  const servers: Server[] = [server];
  // One that shares its port would not notice another program that does so too, such as a second Flipsite.
  if (port !== 0) await close(await open(createServer(), { port, host }));
  try {
    await open(server, { port, host, reusePort: true });
    const shared = { port: portOf(server), host: (server.address() as AddressInfo).address, reusePort: true };
    for (let n = 1; n < LISTENERS; n++) {
      const other = await open(acceptFor(server), shared);
      servers.push(other.on('error', (error) => server.emit('error', error)));
    }
  } catch {
    // Only some systems can share a port (Node.js, `server.listen`). Others have one listener.
    if (!server.listening) await open(server, { port, host });
  }
  return {
    port: portOf(server),
    async stop() {
      await Promise.all(servers.map(close));
    },
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Brings its connections to `server`, with the settings that Node gives those of a server of HTTP. */
const acceptFor = (server: HttpServer): Server =>
  createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket));

function open<S extends Server>(server: S, options: ListenOptions): Promise<S> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(options, () => {
      server.off('error', failed);
      done(server);
    });
  });
}

const close = (server: Server): Promise<unknown> => new Promise((closed) => server.close(closed));

/** The reason why the server can't listen at its address, as a sentence. Undefined for other errors. */
export function explainListening(
  { code }: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
): string | undefined {
  if (code === 'EADDRINUSE') return `Port ${port} is in use. Set APP_PORT to another port.`;
  if (code === 'EADDRNOTAVAIL') return `This machine has no address ${host}. Set APP_HOST to one of its addresses, or to 0.0.0.0.`; // prettier-ignore
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `APP_HOST is ${host}, which is not an address of this machine. Set it to an IP address.`; // prettier-ignore
  if (code === 'EACCES' && port < 1024) return `This user may not listen on port ${port}. Set APP_PORT to a port above 1023, and put a proxy in front.`; // prettier-ignore
  return undefined;
}
