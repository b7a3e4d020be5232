/** Sends pending items one at a time and in order, and retries after a failure. */

/**
 * Thrown without an answer of Flipsite, or with one that a retry may change: the network, 429, 5xx. The message is the id
 * of the request, if the log of the server has one.
 */
export class TryAgain extends Error {}

/** Waits between attempts, in ms. */
const WAITS = [1_000, 2_000, 5_000, 10_000, 20_000];
/** The wait after these. */
const LONGEST_WAIT = 60_000;

/**
 * @param send sends everything pending, including items added meanwhile
 * @param hasMore whether an item can be sent
 * @param onFailure called after each attempt without an answer
 * @returns a function that sends, and resolves to whether nothing is pending
 */
export function openQueue(
  send: () => Promise<void>,
  hasMore: () => unknown,
  onFailure: (error: TryAgain) => void,
): () => Promise<boolean> {
  let running: Promise<boolean> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  async function run(): Promise<boolean> {
    try {
      do await send();
      while (hasMore());
      failures = 0;
      return true;
    } catch (error) {
      if (!(error instanceof TryAgain)) throw error;
      onFailure(error);
      timer = setTimeout(() => void flush(), WAITS[failures++] ?? LONGEST_WAIT);
      return false;
    } finally {
      running = undefined;
    }
  }

  function flush(): Promise<boolean> {
    clearTimeout(timer);
    return (running ??= run());
  }

  return flush;
}
