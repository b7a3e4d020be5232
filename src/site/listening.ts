/** Listening at the address of the site. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** @returns the port */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => done((server.address() as AddressInfo).port));
  });
}

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
