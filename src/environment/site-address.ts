/** The address of the site, from where it listens. */
import { isIPv6 } from 'node:net';

/** The origin at which this machine reaches a server that listens at `host`. On all networks, that is this machine alone. */
export function originOf(host: string, port: number): string {
  const name = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return `http://${isIPv6(name) ? `[${name}]` : name}:${port}`;
}

/** Where people open the site: the public address if it is set. */
export const addressOf = ({ publicUrl, host, port }: { publicUrl?: string; host: string; port: number }) =>
  publicUrl ?? originOf(host, port).replace(/127\.0\.0\.1(?=:)|\[::1\]/, 'localhost');
