/** Planned work that can be canceled at once. */
export interface Schedule {
  /** Runs `work` after `ms` milliseconds, unless the schedule is closed. @returns a function that cancels it */
  later(ms: number, work: () => void): () => void;
  /** Resolves after `ms` milliseconds, or as soon as the schedule is closed. */
  pause(ms: number): Promise<void>;
  /** Cancels everything, and accepts no further work. */
  close(): void;
}

export function createSchedule(): Schedule {
  const timers = new Map<NodeJS.Timeout, (() => void) | undefined>();
  let closed = false;

  function start(ms: number, work: () => void, whenClosed?: () => void) {
    if (closed) {
      whenClosed?.();
      return () => {};
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.set(timer, whenClosed);
    return () => {
      clearTimeout(timer);
      timers.delete(timer);
    };
  }

  return {
    later: (ms, work) => start(ms, work),
    pause: (ms) => new Promise((resolve) => start(ms, resolve, resolve)),
    close() {
      closed = true;
      for (const [timer, whenClosed] of timers) {
        clearTimeout(timer);
        whenClosed?.();
      }
      timers.clear();
    },
  };
}
