/** Bounds the memory of all large bodies and files together. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { MemoryPlace } from '../../site-limits/counting/memory-place.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { ApiException } from '../errors.ts';

/**
 * Runs `run`, which reserves bytes as they arrive. It counts received bytes, not Content-Length, so that a slow client
 * cannot reserve the budget. Work is refused at its first bytes once half of the budget is used. Running work can use the
 * other half. Several works of one client at once can use the share of a client. If the budget is used up, work gets the
 * places of slow clients that hold at least as much as its own client. If the share is used up, it gets none.
 * @throws ApiException where the budget or the share of the client is used up
 */
export interface MemoryBudget {
  /** @param from the key of the client, if it has a share */
  <T>(run: Reserving<T>, from?: string): Promise<T>;
  /** The same for a part of work that is running already, and can use the whole budget. */
  further<T>(run: Reserving<T>): Promise<T>;
}

/** @param place of a body on its way. Without its calls, the client is never slow */
export type Reserving<T> = (reserve: (bytes: number) => void, place: MemoryPlace) => Promise<T>;

interface Client {
  works: number;
  used: number;
}

interface Work {
  client: Client;
  bytes: number;
  /** How long the client could still be slow, in ms, when its last bytes came. */
  patienceMs: number;
  /** The time since which others wait for it. Undefined while no one does. */
  waitingSince: number | undefined;
  abort: AbortController;
}

const PATIENCE_MS = SITE_LIMITS.slowPlaceMs.value;
const RENEWAL_MS = SITE_LIMITS.placeRenewalMs.value;

/**
 * @param maxBytes of all work together
 * @param maxOfClient of several works of one client at once. One alone can use all
 */
export function createMemoryBudget(maxBytes: number, maxOfClient = maxBytes): MemoryBudget {
  let used = 0;
  const clients = new Map<string, Client>();
  /** Those that have reserved bytes. */
  const works = new Set<Work>();
  const current = new AsyncLocalStorage<Work>();

  const count = (work: Work, bytes: number) => {
    used += bytes;
    work.client.used += bytes;
    work.bytes += bytes;
  };
  const reserve = (work: Work, bytes: number, isNew: boolean) => {
    const { client } = work;
    if (client.works > 1 && client.used + bytes > maxOfClient) throw full();
    let slow: Slow[] | undefined;
    while (used + bytes > maxBytes || (isNew && work.bytes === 0 && used > maxBytes / 2)) {
      slow ??= slowOnes(works);
      const slowest = takeSlowest(slow, client, bytes);
      if (!slowest) throw full();
      count(slowest, -slowest.bytes);
      slowest.abort.abort();
    }
    works.add(work);
    count(work, bytes);
  };

  const start = async <T>(run: Reserving<T>, from?: string): Promise<T> => {
    const client = (from !== undefined && clients.get(from)) || { works: 0, used: 0 };
    if (from !== undefined) clients.set(from, client);
    const work: Work = { client, bytes: 0, patienceMs: PATIENCE_MS, waitingSince: undefined, abort: new AbortController() }; // prettier-ignore
    client.works++;
    try {
      return await current.run(work, () => run((bytes) => reserve(work, bytes, true), placeOf(work)));
    } finally {
      count(work, -work.bytes);
      works.delete(work);
      if (--client.works === 0 && from !== undefined) clients.delete(from);
    }
  };
  const further = async <T>(run: Reserving<T>): Promise<T> => {
    const work = current.getStore();
    if (!work) return start(run);
    let own = 0;
    const reserveFurther = (bytes: number) => {
      reserve(work, bytes, false);
      own += bytes;
    };
    try {
      return await run(reserveFurther, placeOf(work));
    } finally {
      count(work, -Math.min(own, work.bytes));
    }
  };
  return Object.assign(start, { further });
}

/** A slow client needs more than `placeRenewalMs` to send as many bytes as it holds. */
function placeOf(work: Work): MemoryPlace {
  return {
    waits: () => (work.waitingSince = performance.now()),
    moved(bytes) {
      const waitedMs = work.waitingSince === undefined ? 0 : performance.now() - work.waitingSince;
      const gainedMs = (bytes * RENEWAL_MS) / Math.max(1, work.bytes);
      work.patienceMs = Math.min(PATIENCE_MS, work.patienceMs - waitedMs + gainedMs);
      work.waitingSince = undefined;
    },
    signal: work.abort.signal,
  };
}

/** How long the client can still be slow, in ms. Without end while it is not waited for. */
const patienceOf = ({ patienceMs, waitingSince }: Work): number =>
  waitingSince === undefined ? Infinity : patienceMs - (performance.now() - waitingSince);

/** A client and its slow works, the slowest first. */
type Slow = [Client, Work[]];

/** Those that hold the most first. There may be thousands, and as many may lose their places at once. */
function slowOnes(works: Set<Work>): Slow[] {
  const slow = [...works]
    .map((work) => ({ work, client: work.client, patience: work.bytes > 0 ? patienceOf(work) : Infinity }))
    .filter(({ patience }) => patience <= 0)
    .toSorted((a, b) => a.patience - b.patience);
  return [...Map.groupBy(slow, ({ client }) => client)]
    .map(([client, own]): Slow => [client, own.map(({ work }) => work)])
    .toSorted(([a], [b]) => b.used - a.used);
}

/**
 * Takes the work whose place `client` gets for its `bytes` out of `slow`: of the client that holds the most, the slowest
 * one. Undefined if only clients that hold less are slow.
 */
function takeSlowest(slow: Slow[], client: Client, bytes: number): Work | undefined {
  const at = slow.findIndex(([other]) => other === client || other.used >= client.used + bytes);
  const [most] = at < 0 ? [] : slow.splice(at, 1);
  if (!most) return undefined;
  const [other, [work, ...more]] = most;
  const used = other.used - (work?.bytes ?? 0);
  if (more.length) slow.splice(slow.findLastIndex(([next]) => next.used > used) + 1, 0, [other, more]);
  return work;
}

const full = () =>
  new ApiException({
    code: 'rate_limited',
    message: 'Too many large requests are running right now. Wait a minute, then try again.',
    retryAfter: 60,
  });

/** The budget of this process for forms with files, and for uploads. */
export const fileMemory = createMemoryBudget(
  SITE_LIMITS.filesInMemoryBytes.value,
  SITE_LIMITS.filesInMemoryPerAddressBytes.value,
);

/** A budget for files that people read, so that slow readers can't keep others from sending files. */
export const readMemory = createMemoryBudget(
  SITE_LIMITS.fileReadsInMemoryBytes.value,
  SITE_LIMITS.fileReadsInMemoryPerAddressBytes.value,
);

/** A budget for large bodies without files, such as webhooks, so that files can't block them. */
export const bodyMemory = createMemoryBudget(
  SITE_LIMITS.largeBodiesInMemoryBytes.value,
  SITE_LIMITS.largeBodiesInMemoryPerAddressBytes.value,
);
