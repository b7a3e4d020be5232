/** Whether example forms are available on this site. */
import { isIP } from 'node:net';
import type { OwnAddress } from './own-addresses.ts';

interface SiteAddress {
  /** Whether local Smile is running. */
  local: boolean;
  /** The public address of the site, if it is set. */
  publicUrl?: string | undefined;
  host: string;
}

/**
 * Examples are available only with local Smile, and on this machine or in a private network.
 * @param isPublic whether an IP address is on the internet
 * @param addresses the IPv4 addresses of this machine. Its IPv6 addresses show nothing: at home they are public, behind
 * a router that blocks incoming connections. Undefined if they are unknown, and may be public.
 */
export function opensExamples(
  { local, publicUrl, host }: SiteAddress,
  isPublic: (address: string) => boolean,
  addresses: Pick<OwnAddress, 'address'>[] | undefined,
): boolean {
  /** A name without a dot belongs to a private network. */
  const isPrivate = (name: string) =>
    isIP(name) ? !isPublic(name) : !name.includes('.') || /\.(localhost|local|internal)$/i.test(name);
  if (!local) return false;
  if (publicUrl) return isPrivate(new URL(publicUrl).hostname.replace(/^\[|\]$/g, ''));
  return isAnyAddress(host) ? addresses?.some(({ address }) => isPublic(address)) === false : isPrivate(host);
}

/** Whether a server at `host` listens on every address of the machine. Its usual spellings are `0.0.0.0`, `::` and `0`. */
const isAnyAddress = (host: string): boolean => /^[0.:]+$/.test(host);
