/** Bounds what large bodies hold in memory together, however many come at once. */
import { Refused } from './errors.ts';

/** Runs `run`, which holds up to `bytes`, or refuses it while too many others run. */
export type Room = <T>(bytes: number, run: () => Promise<T>) => Promise<T>;

/** @param most bytes held by all together */
export function createRoom(most: number): Room {
  let held = 0;
  return async (bytes, run) => {
    if (held + bytes > most) {
      const message = 'Too many large forms are being sent right now. Wait a minute and send it again.';
      throw new Refused({ code: 'rate_limited', message });
    }
    held += bytes;
    try {
      return await run();
    } finally {
      held -= bytes;
    }
  };
}
