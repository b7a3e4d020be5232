/** Bounds the memory of all large bodies and files together. */
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { ApiException } from '../errors.ts';

/**
 * Runs `run`, which reserves bytes as they arrive. It counts received bytes, not Content-Length, so that a slow client
 * cannot reserve the budget. New work is refused once half of the budget is used. Running work can use the other half.
 * @throws ApiException where the budget is used up
 */
export interface MemoryBudget {
  <T>(run: Reserving<T>): Promise<T>;
  /** The same for work that is running already, and can use the whole budget. */
  further<T>(run: Reserving<T>): Promise<T>;
  /** Whether new work is refused now. */
  isCrowded(): boolean;
}

type Reserving<T> = (reserve: (bytes: number) => void) => Promise<T>;

/** @param maxBytes of all work together */
export function createMemoryBudget(maxBytes: number): MemoryBudget {
  let used = 0;
  const further: MemoryBudget['further'] = async (run) => {
    let own = 0;
    try {
      return await run((bytes) => {
        if (used + bytes > maxBytes) throw full();
        used += bytes;
        own += bytes;
      });
    } finally {
      used -= own;
    }
  };
  const isCrowded = () => used > maxBytes / 2;
  const start = async <T>(run: Reserving<T>): Promise<T> => {
    if (isCrowded()) throw full();
    return further(run);
  };
  return Object.assign(start, { further, isCrowded });
}

const full = () =>
  new ApiException({
    code: 'rate_limited',
    message: 'Too many large requests are running right now. Wait a minute, then try again.',
    retryAfter: 60,
  });

/** The budget of this process for forms with files, for uploads and for downloads. */
export const fileMemory = createMemoryBudget(SITE_LIMITS.filesInMemoryBytes.value);

/** A second budget for large bodies without files, such as webhooks, so that files can't block them. */
export const bodyMemory = createMemoryBudget(SITE_LIMITS.largeBodiesInMemoryBytes.value);
