/** Watches a page from inside. It runs before the page's own scripts and touches nothing that it shows. */

export interface Shift {
  /** Milliseconds since the navigation began. */
  at: number;
  value: number;
  /**
   * Whether the standard does not count it (Layout Instability, hadRecentInput): it came within 500 ms of an input, or of
   * a change of the viewport, which emulating a phone makes at the beginning of every page.
   */
  excused: boolean;
  /** The elements that moved, by their tags. */
  moved: string[];
}

/** A press, and the frame that showed its effect. Milliseconds since the navigation began. */
export interface Shown {
  pressed: number;
  shown: number;
  /** Addresses that were fetched in between, from the first byte to the last: the press may have waited for them. */
  fetched: string[];
}

export interface Probe {
  shifts: Shift[];
  /** Tasks of more than 50 ms: when each began and how long it took, in milliseconds. */
  tasks: { at: number; duration: number }[];
  /** The end of the first frame in which the first control can be used. */
  usable: Promise<number>;
  /** Waits for the next press, and then for the frame in which something that matches `selector` is on screen. */
  press(selector: string): Promise<Shown>;
}

/** https://wicg.github.io/layout-instability/#sec-layout-shift */
interface LayoutShift extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  sources: { node: Node | null }[];
}

declare global {
  interface Window {
    probe: Probe;
  }
}

/**
 * Sets up `window.probe`. It is sent to the page as text, so that it may use nothing of this file.
 * @param first selects the first control
 * @param ready selects the element that the page's script adds
 */
export function watchPage({ first, ready }: { first: string; ready: string }): void {
  const onScreen = (selector: string): Element | undefined =>
    [...document.querySelectorAll(selector)].find((element) => {
      const { width, height, top, bottom } = element.getBoundingClientRect();
      const inside = width > 0 && height > 0 && bottom > 0 && top < innerHeight;
      return inside && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    });

  function isUsable(): boolean {
    const control = onScreen(first);
    if (!control || control.matches(':disabled,:read-only') || !document.querySelector(ready)) return false;
    const { left, top, width, height } = control.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, top + height / 2) === control;
  }

  /** When the first frame in which `holds` was through: a task that is queued in a frame runs after it was drawn. */
  const frameWhen = (holds: () => unknown): Promise<number> =>
    new Promise((done) => {
      const look = () => {
        if (!holds()) return void requestAnimationFrame(look);
        const after = new MessageChannel();
        after.port1.onmessage = () => {
          after.port1.close();
          done(performance.now());
        };
        after.port2.postMessage(0);
      };
      requestAnimationFrame(look);
    });

  const observe = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });

  const shifts: Shift[] = [];
  observe('layout-shift', (entry) => {
    const { startTime: at, value, hadRecentInput: excused, sources } = entry as LayoutShift;
    const moved = sources.map(({ node }) => (node instanceof Element ? node.outerHTML.replace(/>[^]*/, '>') : 'text'));
    shifts.push({ at, value, excused, moved });
  });
  const tasks: Probe['tasks'] = [];
  observe('longtask', ({ startTime: at, duration }) => tasks.push({ at, duration }));

  window.probe = {
    shifts,
    tasks,
    usable: frameWhen(isUsable),
    async press(selector) {
      if (onScreen(selector)) throw new Error(`${selector} is on screen before anything was pressed`);
      const pressed = await new Promise<number>((press) => {
        addEventListener('pointerup', ({ timeStamp }) => press(timeStamp), { capture: true, once: true });
      });
      const shown = await frameWhen(() => onScreen(selector));
      const fetched = (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
        .filter(({ startTime, responseEnd }) => startTime >= pressed && responseEnd <= shown)
        .map(({ name }) => name);
      return { pressed, shown, fetched };
    },
  };
}
