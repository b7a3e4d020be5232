/** The address of the client, as far as the network shows it. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { remembered } from '../site-limits/counting/remembered.ts';

/**
 * The address to count requests by: an IPv4 address, or the first 64 bits of an IPv6 address, which one household has.
 * Each trusted proxy appends an address to `X-Forwarded-For`, and a client can forge all entries before those. So the
 * entry at position `proxies` from the right is the client's. With fewer entries, a trusted proxy wrote each of them, and
 * the first is the nearest to the client: some proxies replace the header, as Caddy does for a CDN that it doesn't know. The
 * header is ignored on a connection from a public address, because a trusted proxy is on this machine or in a private network.
 * @param forwarded the `X-Forwarded-For` header
 * @param connected the address at the other end of the connection
 */
export function clientAddress(
  forwarded: string | null | undefined,
  connected: string | undefined,
  proxies: number,
): string {
  const named = isProxy(connected, proxies) ? (forwarded ?? '').split(',').slice(-proxies)[0] : undefined;
  return grouped(plain(named ?? '')) ?? grouped(plain(connected ?? '')) ?? '';
}

/**
 * Whether a connection from the address `connected` is that of a trusted proxy, behind which there are many people.
 * @param proxies how many trusted proxies are in front
 */
export const isProxy = (connected: string | undefined, proxies: number): boolean =>
  proxies > 0 && isPrivate(connected ?? '');

/** Of this machine or a private network (RFC 1918, RFC 4193, and RFC 6598 for clouds). Each request of a proxy asks. */
const isPrivate = remembered((connected): boolean => {
  const address = connected.split('%')[0] ?? '';
  if (!ipaddr.isValid(address)) return false;
  return ['loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'].includes(
    ipaddr.process(address).range(),
  );
});

/** Removes the port. Some proxies write `203.0.113.7:4711` or `[2001:db8::7]:4711`. */
function plain(written: string): string {
  const text = written.trim();
  // Most are an IPv4 address and nothing else.
  if (!text.includes(':')) return text;
  return /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
}

function grouped(address: string): string | undefined {
  const version = isIP(address);
  if (version === 4) return address;
  // The rest is the name of an interface on the machine, which may be long.
  return version === 6 ? groupedIPv6(address.split('%')[0] ?? '') : undefined;
}

/** An IPv6 address. Parsing takes 2 to 4 microseconds, and each request asks some times. */
const groupedIPv6 = remembered((address): string => {
  const host = new URL(`http://[${address}]`).hostname.slice(1, -1);
  // An IPv4 address, also behind NAT64 (RFC 6052, 2.1). This is the one spelling that the parser of URLs gives it.
  const [, embedded] = /^(?:::ffff|64:ff9b:):([^:]+:[^:]+)$/.exec(host) ?? [];
  if (embedded) return ipaddr.process(`::ffff:${embedded}`).toString();
  const [head = '', tail] = host.split('::');
  const before = head ? head.split(':') : [];
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const parts = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${parts.slice(0, 4).join(':')}::/64`;
});
