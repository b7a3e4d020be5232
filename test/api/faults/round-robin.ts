/** A plain balancer: one server after the other, whatever comes of it. Where it is asked to, it leaves out who is not ready. */
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Balancer {
  origin: string;
  close(): Promise<void>;
}

/** @param looks asks each server again and again whether it is ready, and sends no request to one that says no */
export async function roundRobin(origins: () => string[], { looks = false } = {}): Promise<Balancer> {
  const left = new Set<string>();
  let turn = 0;
  const server = createServer((request, response) => {
    const all = origins().filter((origin) => !left.has(origin));
    const url = new URL(request.url ?? '/', all[turn++ % all.length]);
    const { method, headers } = request;
    const onward = send(url, { method: method ?? 'GET', headers: { ...headers, connection: 'close' } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => response.destroy()).pipe(response);
    });
    onward.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    request.pipe(onward);
  });
  const look = async (origin: string) => {
    const ready = await fetch(`${origin}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) left.delete(origin);
    else left.add(origin);
  };
  const looking = looks ? setInterval(() => void Promise.all(origins().map(look)), 200) : undefined;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      clearInterval(looking);
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
