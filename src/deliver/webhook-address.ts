/** Where webhooks may go: not into our own network, whatever a name says that it stands for. */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What resolves names; Node's own by default. */
export type Resolve = (name: string, options: { all: true }, done: Resolved) => void;
type Resolved = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** The one address in the public range that cloud machines find only their own host behind (Azure, IP 168.63.129.16). */
const HOST_OF_A_CLOUD = '168.63.129.16';

/**
 * Whether an address is on the internet: not this machine, not a private or shared network, not link-local, where clouds
 * tell machines their secrets (169.254.169.254), not multicast, reserved, or an IPv4 address in the clothes of IPv6.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // Mapped addresses (::ffff:127.0.0.1) are read as what they mean; the other ways to carry IPv4 are not "unicast".
  const read = ipaddr.process(address);
  if (read.range() !== 'unicast' || read.toString() === HOST_OF_A_CLOUD) return false;
  // Of IPv6 only 2000::/3 is given out (IANA, IPv6 Global Unicast Address Assignments).
  return !('parts' in read) || (read.parts[0] ?? 0) >> 13 === 1;
}

/**
 * Why no webhook goes to `address`, in words that follow "this address"; nothing if one may go there. What a name stands
 * for shows only when it is resolved.
 * @param allowed hosts, with or without a port, that may be private and need no https
 */
export function addressProblem(address: string, allowed: readonly string[]): string | undefined {
  const url = new URL(address);
  if (isAllowed(url, allowed)) return undefined;
  if (url.protocol !== 'https:') return 'is not https';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) ? !isPublic(host) : /(^|\.)(localhost|local|internal)\.?$/i.test(host)) return NOT_PUBLIC;
  return undefined;
}

const NOT_PUBLIC = 'is not on the internet: it belongs to this machine or to a private network';

export const isAllowed = (url: URL, allowed: readonly string[]): boolean =>
  allowed.some((host) => host === url.hostname || host === url.host);

/** Thrown into a connection whose name stands for an address that is not public. */
class NotPublic extends Error {
  constructor() {
    super(`The webhook’s host ${NOT_PUBLIC}`);
  }
}

/**
 * Resolves a name for a connection, which is then made to just the addresses that were looked at: whoever answers
 * otherwise at the second question is not asked one. One address that is not public spoils all.
 */
export function publicLookup(resolve: Resolve = dnsLookup): LookupFunction {
  return (name, options, done) => {
    resolve(name, { all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return done(error ?? new Error('The webhook’s host has no address'), '', 0);
      if (addresses.some(({ address }) => !isPublic(address))) return done(new NotPublic(), '', 0);
      if (options.all) (done as unknown as Resolved)(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
