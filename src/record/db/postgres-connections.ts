/**
 * Gives the connections of a pool to clients one after another, so that one with many requests delays those of others by few.
 * Every other one goes to shared work. Many people may wait for it, and few pieces of it run at once.
 */
import type { Pool, PoolClient } from 'pg';
import { createClientQueue } from '../../site-limits/counting/client-queue.ts';
import { currentClient, isShared } from '../../site-limits/counting/current-client.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { StoreFault } from './fault.ts';

/** Further requests are refused as `busy` instead of waiting. */
const MAX_WAITING = SITE_LIMITS.requestsWaitingOnPostgres.value;

interface Waiting {
  begin(): void;
  refuse(): void;
}

interface Connections {
  /** Resolves to a connection, to be released. Throws a StoreFault `busy` if that takes too long, and as `take` does. */
  connect(): Promise<PoolClient>;
  /** How many wait for one. */
  waiting(): number;
}

/** @param take takes a connection of `pool`, or opens one */
export function giveInTurns({ options }: Pool, take: () => Promise<PoolClient>): Connections {
  const ofAll = createClientQueue<Waiting>();
  const ofClients = createClientQueue<Waiting>();
  const waiting = () => ofAll.size() + ofClients.size();
  let wasForAll = false;
  /** The connections that are in use, or are being opened. */
  let used = 0;

  function next(): Waiting | undefined {
    wasForAll = ofAll.size() > 0 && !(wasForAll && ofClients.size() > 0);
    return (wasForAll ? ofAll : ofClients).next();
  }

  function giveBack(): void {
    used -= 1;
    // Several may begin where the pool had fewer for a time.
    while (used < options.max && waiting() > 0) {
      used += 1;
      next()?.begin();
    }
  }

  async function turn(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const client = currentClient();
    const queue = isShared() ? ofAll : ofClients;
    const refuse = () => reject(new StoreFault('busy'));
    const one = { begin: resolve, refuse };
    const giveUp = () => {
      queue.remove(client, one);
      refuse();
    };
    const timer = setTimeout(giveUp, options.connectionTimeoutMillis);
    queue.add(client, one, MAX_WAITING)?.refuse();
    await promise.finally(() => clearTimeout(timer));
  }

  return {
    async connect() {
      if (used >= options.max) await turn();
      else used += 1;
      try {
        const connection = await take();
        const release = connection.release.bind(connection);
        connection.release = (destroy) => {
          release(destroy);
          giveBack();
        };
        return connection;
      } catch (error) {
        giveBack();
        throw error;
      }
    },
    waiting,
  };
}
