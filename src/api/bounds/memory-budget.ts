/** Bounds the memory of all large bodies and files together. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { ApiException } from '../errors.ts';

/**
 * Runs `run`, which reserves bytes as they arrive. It counts received bytes, not Content-Length, so that a slow client
 * cannot reserve the budget. Work is refused at its first bytes once half of the budget is used. Running work can use the
 * other half. Several works of one client at once can use the share of a client.
 * @throws ApiException where the budget or the share of the client is used up
 */
export interface MemoryBudget {
  /** @param from the key of the client, if it has a share */
  <T>(run: Reserving<T>, from?: string): Promise<T>;
  /** The same for a part of work that is running already, and can use the whole budget. */
  further<T>(run: Reserving<T>): Promise<T>;
  /** Whether new work is refused now. */
  isCrowded(): boolean;
}

type Reserving<T> = (reserve: (bytes: number) => void) => Promise<T>;

interface Client {
  works: number;
  used: number;
}

/**
 * @param maxBytes of all work together
 * @param maxOfClient of several works of one client at once. One alone can use all
 */
export function createMemoryBudget(maxBytes: number, maxOfClient = maxBytes): MemoryBudget {
  let used = 0;
  const clients = new Map<string, Client>();
  const current = new AsyncLocalStorage<Client>();
  const isCrowded = () => used > maxBytes / 2;
  const account = async <T>(run: Reserving<T>, isNew: boolean): Promise<T> => {
    const client = current.getStore();
    let own = 0;
    try {
      return await run((bytes) => {
        const isOverShare = client && client.works > 1 && client.used + bytes > maxOfClient;
        if (used + bytes > maxBytes || (isNew && own === 0 && isCrowded()) || isOverShare) throw full();
        used += bytes;
        own += bytes;
        if (client) client.used += bytes;
      });
    } finally {
      used -= own;
      if (client) client.used -= own;
    }
  };
  const start = async <T>(run: Reserving<T>, from?: string): Promise<T> => {
    if (from === undefined) return account(run, true);
    const client = clients.get(from) ?? { works: 0, used: 0 };
    clients.set(from, client);
    client.works++;
    try {
      return await current.run(client, () => account(run, true));
    } finally {
      if (--client.works === 0) clients.delete(from);
    }
  };
  return Object.assign(start, { further: <T>(run: Reserving<T>) => account(run, false), isCrowded });
}

const full = () =>
  new ApiException({
    code: 'rate_limited',
    message: 'Too many large requests are running right now. Wait a minute, then try again.',
    retryAfter: 60,
  });

/** The budget of this process for forms with files, for uploads and for downloads. */
export const fileMemory = createMemoryBudget(
  SITE_LIMITS.filesInMemoryBytes.value,
  SITE_LIMITS.filesInMemoryPerAddressBytes.value,
);

/** A second budget for large bodies without files, such as webhooks, so that files can't block them. */
export const bodyMemory = createMemoryBudget(SITE_LIMITS.largeBodiesInMemoryBytes.value);
