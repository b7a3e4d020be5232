/** The names of providers, which change seldom: asked for once, and remembered while the server runs. */
import { setTimeout as wait } from 'node:timers/promises';
import type { SmileClient } from '../../smile/client.ts';
import type { Desk } from '../desk.ts';

/** How long anybody waits for names, and how soon after a failure they are asked for again, in ms. */
const PATIENCE = 1_000;
const AGAIN = 60_000;

interface Known {
  names: Map<string, string>;
  asking?: Promise<unknown> | undefined;
  failedAt?: number;
}

const known = new WeakMap<SmileClient, Known>();

/** The names of the providers `ids`, as far as they are known within a second. Without Smile there are none. */
export async function providerNames({ smile, log, now }: Desk, ids: string[]): Promise<Map<string, string>> {
  const mine: Known = known.get(smile) ?? { names: new Map() };
  known.set(smile, mine);
  const missing = [...new Set(ids)].filter((id) => !mine.names.has(id));
  const resting = mine.failedAt !== undefined && Math.abs(now().getTime() - mine.failedAt) < AGAIN;
  if (!missing.length || (resting && !mine.asking)) return mine.names;
  mine.asking ??= smile
    .listProviders({ ids: missing })
    .then(
      (providers) => {
        for (const { id, name } of providers) mine.names.set(id, name);
        // One that Smile does not name is not asked about again and again.
        if (missing.some((id) => !mine.names.has(id))) mine.failedAt = now().getTime();
      },
      (error: Error) => {
        mine.failedAt = now().getTime();
        log.warn({ reason: error.name }, 'the names of providers could not be had from Smile');
      },
    )
    .finally(() => delete mine.asking);
  await Promise.race([mine.asking, wait(PATIENCE, undefined, { ref: false })]);
  return mine.names;
}
