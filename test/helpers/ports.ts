import { createServer } from 'node:net';

/**
 * A free port for a server that goes away and comes back. Connections are given theirs from 32768 up, so that none takes
 * this one meanwhile.
 */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const probe = createServer();
    const free = await new Promise<boolean>((tried) => {
      probe.once('error', () => tried(false)).listen(port, '127.0.0.1', () => tried(true));
    });
    if (!free) continue;
    await new Promise((closed) => probe.close(closed));
    return port;
  }
}
