/** Keeps typing quick where each change of the form takes long: then a change waits for a pause. Pure, but for the clock. */

export interface Pace {
  /** Makes a change with this text: at once, or after a pause where the last one took long. */
  change(text: string): void;
  /** Makes the change that waits now. */
  flush(): void;
}

/** A change that takes longer would be felt at each key, on a phone still more. In ms. */
const SLOW_MS = 12;
const PAUSE_MS = 200;

/** @param act makes the change */
export function paceOf(act: (text: string) => void, { slowMs = SLOW_MS, pauseMs = PAUSE_MS } = {}): Pace {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting: string | undefined;
  let isSlow = false;

  function make(text: string): void {
    clearTimeout(timer);
    waiting = undefined;
    const start = performance.now();
    act(text);
    isSlow = performance.now() - start > slowMs;
  }

  return {
    change(text) {
      if (!isSlow) return make(text);
      waiting = text;
      clearTimeout(timer);
      timer = setTimeout(() => make(text), pauseMs);
    },
    flush() {
      if (waiting !== undefined) make(waiting);
    },
  };
}
