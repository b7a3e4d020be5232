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
 * The counters of a client, the narrowest first.
 * @param create makes a counter that allows so many times as much as one address may
 * @param networkTimes how many times the allowance of an address its IPv6 network has
 */
export function countersOf<T>(
  create: (times: number) => T,
  networkTimes: number = SITE_LIMITS.networkTimes.value,
): (address: string) => ClientCounter<T>[] {
  const [ofAddress, ofNetwork] = [create(1), create(networkTimes)];
  return (address) => clientKeys(address).map((key, at) => ({ key, counter: at === 0 ? ofAddress : ofNetwork }));
}
