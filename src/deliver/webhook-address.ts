/** The addresses that webhooks may go to: none in a private network, whatever a name resolves to. */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Resolves a name; by default Node's own function. */
export type Resolve = (name: string, options: { all: true }, done: ResolveCallback) => void;
type ResolveCallback = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** The one public address behind which cloud machines reach only their own host (Azure, IP 168.63.129.16). */
const CLOUD_HOST = '168.63.129.16';

/**
 * Whether an address is on the internet. It must not be this machine, private, shared, multicast, reserved, an IPv4
 * address inside IPv6, or link-local, where clouds serve machine credentials (169.254.169.254).
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // Mapped addresses (::ffff:127.0.0.1) are read as IPv4. Other forms that carry IPv4 are not "unicast".
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast' || parsed.toString() === CLOUD_HOST) return false;
  // IPv6 assigns only 2000::/3 (IANA, IPv6 Global Unicast Address Assignments).
  return !('parts' in parsed) || (parsed.parts[0] ?? 0) >> 13 === 1;
}

/**
 * Checks an address without resolving its name.
 * @param allowed hosts, with or without a port, that may be private and need no https
 * @returns the problem, to follow "this address"; undefined if a webhook may go there
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

/** Fails a connection whose name resolves to an address that is not public. */
class NotPublicError extends Error {
  constructor() {
    super(`The webhook’s host ${NOT_PUBLIC}`);
  }
}

/** How many names that could not be found are remembered. */
const MAX_FAILED = 1_000;

/** A name that could not be found is not looked up again for so many times as long as it took. */
const TIMES_AS_LONG = 10;

/**
 * Looks up one name at a time, and each once for all who wait for it. Node looks up two names at once in the whole process, and
 * a name whose servers are silent takes one of these places for many seconds. Requests to Smile, to the bucket and to the mail
 * server need the other one.
 */
export function resolveInTurns(resolve: Resolve = dnsLookup): Resolve {
  const waiting = new Map<string, ResolveCallback[]>();
  const failed = new Map<string, { error: NodeJS.ErrnoException; until: number }>();
  let last: Promise<unknown> = Promise.resolve();

  function lookUp(name: string): Promise<void> {
    return new Promise((end) => {
      const began = performance.now();
      resolve(name, { all: true }, (error, addresses) => {
        const callbacks = waiting.get(name) ?? [];
        waiting.delete(name);
        const now = performance.now();
        failed.delete(name);
        if (error) failed.set(name, { error, until: now + TIMES_AS_LONG * (now - began) });
        if (failed.size > MAX_FAILED) failed.delete(failed.keys().next().value ?? '');
        end();
        for (const done of callbacks) done(error, addresses);
      });
    });
  }

  return (name, _options, done) => {
    const before = failed.get(name);
    if (before && performance.now() < before.until) return void setImmediate(() => done(before.error, []));
    const callbacks = waiting.get(name);
    if (callbacks) return void callbacks.push(done);
    waiting.set(name, [done]);
    last = last.then(() => lookUp(name));
  };
}

/**
 * Resolves a name for a connection, and passes on the checked addresses, so that a second answer cannot differ (DNS
 * rebinding). If one address is not public, the connection fails, unless the host is allowed.
 */
export function lookupFor(resolve: Resolve, mayBePrivate: boolean): LookupFunction {
  return (name, options, done) => {
    resolve(name, { all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return done(error ?? new Error('The webhook’s host has no address'), '', 0);
      if (!mayBePrivate && addresses.some(({ address }) => !isPublic(address)))
        return done(new NotPublicError(), '', 0);
      if (options.all) (done as unknown as ResolveCallback)(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
