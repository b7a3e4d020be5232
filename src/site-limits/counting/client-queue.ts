/** A queue in which clients have their turns one after another, so that one with much work delays that of others by little. */

export interface ClientQueue<T> {
  size(): number;
  /**
   * Adds an item. If the queue then has more than `most`, takes out and returns the newest one of the client that has the most,
   * which may be the same item.
   */
  add(client: string, item: T, most?: number): T | undefined;
  /** Takes the oldest item of the client whose turn it is. */
  next(): T | undefined;
  /** Takes out an item that waits no longer. */
  remove(client: string, item: T): void;
  /** Takes out and returns the items that `fits` names. */
  removeAll(fits: (item: T) => boolean): T[];
}

export function createClientQueue<T>(): ClientQueue<T> {
  /** The client whose turn it is comes first. */
  const clients = new Map<string, T[]>();
  let size = 0;

  function take(client: string, own: T[], at: number): T | undefined {
    const [item] = own.splice(at, 1);
    if (own.length === 0) clients.delete(client);
    size -= 1;
    return item;
  }

  return {
    size: () => size,
    add(client, item, most = Infinity) {
      const own = clients.get(client) ?? [];
      own.push(item);
      clients.set(client, own);
      size += 1;
      if (size <= most) return undefined;
      let busiest: [string, T[]] = [client, own];
      for (const one of clients) if (one[1].length > busiest[1].length) busiest = one;
      return take(...busiest, busiest[1].length - 1);
    },
    next() {
      const [first] = clients;
      if (!first) return undefined;
      const [client, own] = first;
      clients.delete(client);
      clients.set(client, own);
      return take(client, own, 0);
    },
    remove(client, item) {
      const own = clients.get(client) ?? [];
      const at = own.indexOf(item);
      if (at >= 0) take(client, own, at);
    },
    removeAll(fits) {
      const taken: T[] = [];
      for (const [client, own] of clients) {
        for (let at = own.length - 1; at >= 0; at--) {
          const item = own[at] as T;
          if (!fits(item)) continue;
          taken.push(item);
          take(client, own, at);
        }
      }
      return taken;
    },
  };
}
