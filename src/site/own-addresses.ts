/** The network addresses of this machine, for the printed address and the checks at the start. */
import { networkInterfaces } from 'node:os';

export interface OwnAddress {
  address: string;
  /** Whether only this machine reaches it. */
  internal: boolean;
}

/**
 * The IPv4 addresses of this machine. Undefined if the system does not report them, as in a service that may not open
 * sockets of AF_NETLINK.
 */
export function ownAddresses(list = networkInterfaces): OwnAddress[] | undefined {
  try {
    return Object.values(list()).flatMap((each) => (each ?? []).filter(({ family }) => family === 'IPv4'));
  } catch {
    return undefined;
  }
}
