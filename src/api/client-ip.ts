/** Whose request it is, as far as the network tells. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * The client's address, to count requests by: IPv4 whole; of IPv6 the first 64 bits, which is what one household or one
 * rented machine has to itself. Each proxy in front adds the address it was asked from to the end of `X-Forwarded-For`,
 * and whatever stands before those anyone may have written. So with `proxies` in front the client's is that many from the
 * right; without any, the header means nothing. Nor does it on a connection from a public address: a proxy in front is on
 * this machine or in a private network, so that this one has gone around it.
 * @param forwarded the `X-Forwarded-For` header
 * @param connected the address at the other end of the connection
 */
export function clientAddress(
  forwarded: string | null | undefined,
  connected: string | undefined,
  proxies: number,
): string {
  const named = isProxy(connected, proxies) ? (forwarded ?? '').split(',').at(-proxies) : undefined;
  return grouped(plain(named ?? '')) ?? grouped(plain(connected ?? '')) ?? '';
}

/**
 * Whether a connection from the address `connected` is that of a trusted proxy, behind which there are many people.
 * @param proxies how many trusted proxies are in front
 */
export const isProxy = (connected: string | undefined, proxies: number): boolean => proxies > 0 && isPrivate(connected);

/** Of this machine or a private network (RFC 1918, RFC 4193, and RFC 6598 for clouds). */
function isPrivate(connected: string | undefined): boolean {
  const address = connected?.split('%')[0] ?? '';
  if (!ipaddr.isValid(address)) return false;
  return ['loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'].includes(
    ipaddr.process(address).range(),
  );
}

/** Some proxies write `203.0.113.7:4711` or `[2001:db8::7]:4711`. */
function plain(written: string): string {
  const text = written.trim();
  return /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
}

function grouped(address: string): string | undefined {
  const version = isIP(address);
  if (version === 4) return address;
  if (version !== 6) return undefined;
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const [head = '', tail] = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1).split('::');
  const before = head ? head.split(':') : [];
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const parts = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${parts.slice(0, 4).join(':')}::/64`;
}
