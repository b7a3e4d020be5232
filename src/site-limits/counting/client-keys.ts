/** The one way to count clients: by address, and those with IPv6 by their network (/48) too. */
import { SITE_LIMITS } from '../site-limits.ts';

/**
 * The keys to count a client by, the narrowest first: the address that `clientAddress` gave, and for IPv6 its /48. One
 * caller may have a /48, which is 65,536 times a /64, and a campus may share one. So count the second with a larger budget.
 */
export function clientKeys(address: string): string[] {
  const network = /^((?:[0-9a-f]+:){3})[0-9a-f]+::\/64$/.exec(address)?.[1];
  return network === undefined ? [address] : [address, `${network}:/48`];
}

/** The widest key of a client, for resources that a caller with a whole network must not take from all others. */
export const widestKey = (address: string): string => clientKeys(address).at(-1) ?? address;

/** One counter of those that count a client, and the key that it counts the client by. */
export interface ClientCounter<T> {
  key: string;
  counter: T;
}

/**
 * The counters of a client, the narrowest first. IPv6 addresses have a counter of their own: it forgets names when it has too
 * many, and one caller has enough of these addresses to make it forget all others.
 * @param create makes a counter that allows so many times as much as one address may. Its name is the same on all servers
 * @param networkTimes how many times the allowance of an address its IPv6 network has
 */
export function countersOf<T>(
  create: (times: number, name: string) => T,
  networkTimes: number = SITE_LIMITS.networkTimes.value,
): (address: string) => ClientCounter<T>[] {
  const [ofIPv4, ofIPv6, ofNetwork] = [create(1, '1'), create(1, '1 IPv6'), create(networkTimes, `${networkTimes}`)];
  return (address) => {
    const [own = '', network] = clientKeys(address);
    return network === undefined
      ? [{ key: own, counter: ofIPv4 }]
      : [
          { key: own, counter: ofIPv6 },
          { key: network, counter: ofNetwork },
        ];
  };
}
