/** Whether forms that are examples answer here. */
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

interface Place {
  /** Whether local Smile stands in. */
  local: boolean;
  /** Where people reach the site; without it, wherever it listens. */
  publicUrl?: string | undefined;
  host: string;
}

/**
 * Only on local Smile, and where the site is reached on this machine or in a private network.
 * @param isPublic whether an IP address is on the internet
 * @param addresses the IPv4 addresses of this machine. Its IPv6 addresses say nothing: at home they are public, behind a
 *   router that lets nobody in.
 */
export function opensExamples(
  { local, publicUrl, host }: Place,
  isPublic: (address: string) => boolean,
  addresses: string[] = ownAddresses(),
): boolean {
  /** A name without a dot belongs to a private network. */
  const isPrivate = (name: string) =>
    isIP(name) ? !isPublic(name) : !name.includes('.') || /\.(localhost|local|internal)$/i.test(name);
  if (!local) return false;
  if (publicUrl) return isPrivate(new URL(publicUrl).hostname.replace(/^\[|\]$/g, ''));
  return isEvery(host) ? !addresses.some(isPublic) : isPrivate(host);
}

/** Whether a server that listens at `host` listens at every address of the machine. */
const isEvery = (host: string): boolean => host === '0.0.0.0' || host === '::';

const ownAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((list) => (list ?? []).flatMap(({ family, address }) => (family === 'IPv4' ? [address] : []))); // prettier-ignore
