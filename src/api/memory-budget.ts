/** Bounds what large bodies and files hold in memory together, however many come at once. */
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { ApiException } from './errors.ts';

/**
 * Runs `run`, which tells of all bytes that it holds as they come. What is only announced holds nothing: whoever sends
 * little of it would keep everybody else out. So nobody is let in any more when half of the room is taken, and the other half
 * is for those who are in; when that is gone too, who asks for more is refused.
 */
export interface MemoryBudget {
  <T>(run: Held<T>): Promise<T>;
  /** The same for what has been let in already, and holds more on the way: half of the room is kept for such. */
  further<T>(run: Held<T>): Promise<T>;
}

type Held<T> = (hold: (bytes: number) => void) => Promise<T>;

/** @param most bytes held by all together */
export function createMemoryBudget(most: number): MemoryBudget {
  let held = 0;
  const further: MemoryBudget['further'] = async (run) => {
    let own = 0;
    try {
      return await run((bytes) => {
        if (held + bytes > most) throw full();
        held += bytes;
        own += bytes;
      });
    } finally {
      held -= own;
    }
  };
  const enter = async <T>(run: Held<T>): Promise<T> => {
    if (held > most / 2) throw full();
    return further(run);
  };
  return Object.assign(enter, { further });
}

const full = () =>
  new ApiException({
    code: 'rate_limited',
    message: 'Too many large requests are running right now. Wait a minute, then try again.',
    retryAfter: 60,
  });

/** One for this process: forms posted with files, uploads, and reads of files share it. */
export const fileMemory = createMemoryBudget(SITE_LIMITS.filesInMemoryBytes.value);

/** Another one for large bodies without files, such as webhooks, so that neither keeps the other out. */
export const bodyMemory = createMemoryBudget(SITE_LIMITS.largeBodiesInMemoryBytes.value);
