/** State about clients, in bounded memory. */
import { createHash } from 'node:crypto';
import { SITE_LIMITS } from '../site-limits.ts';

/** Bounds the memory; an attacker with more addresses than this is not stopped by counting addresses. */
const MAX_KEYS = SITE_LIMITS.guessersRemembered.value;

/**
 * State by key, for a limited number of keys. Strangers choose the keys, such as an email of 60 kB, and a short substring can
 * keep a long text in memory. So only a hash of 44 characters is stored.
 */
export function createMemory<T>() {
  const known = new Map<string, T>();
  const held = (key: string) => createHash('sha256').update(key).digest('base64');
  return {
    get: (key: string) => known.get(held(key)),
    delete: (key: string) => known.delete(held(key)),
    /**
     * Sets `key` as the last one, so that the first key is the least active one. Removes the first if there are too
     * many.
     */
    setLast(key: string, value: T) {
      const name = held(key);
      known.delete(name);
      known.set(name, value);
      const [quietest] = known.keys();
      if (known.size > MAX_KEYS && quietest !== undefined) known.delete(quietest);
    },
  };
}
