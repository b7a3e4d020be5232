/** How counters work together with those of other servers. The limits on a client hold for all servers of a site. */

/** The largest amount of a counter, and the time for which it counts an amount. */
export interface CounterBounds {
  max: number;
  windowMs: number;
}

/** Reports that this server counted `amount` for a name. It is negative if the counter takes an amount back. */
export type ReportCount = (name: string, amount: number) => void;

export interface SharedCounts {
  /** The name under which all servers count `key`, such as an address. Among several servers it is a keyed hash. */
  nameOf(key: string): string;
  /**
   * Shares a counter with those of the same name on other servers.
   * @param addOthers adds the amounts that other servers counted. It must not report them
   */
  share(
    counter: string,
    bounds: CounterBounds,
    addOthers: (name: string, amount: number, now: Date) => void,
  ): ReportCount;
}

/** For a server that counts alone. */
export const ONE_SERVER: SharedCounts = { nameOf: (key) => key, share: () => () => undefined };
