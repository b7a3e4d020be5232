/** Where the person is and can go, from what is kept on the device. Decides by the same walk as the server. */
import type { Answers } from '../form/runtime/condition.ts';
import { nextOf, onScreen, walk, type Next, type Walk } from '../form/runtime/journey.ts';
import type { PageData, PageScreen } from '../contract/page.ts';
import type { Device } from './device.ts';

export function openNavigation(data: PageData, device: Device) {
  const passed = (id: string) => device.state.passed.includes(id);

  /** What is known on `screen` from the screens before it. */
  function before(screen: PageScreen): Answers {
    return without(walk(data, device.state.answers, (id) => id !== screen.id && passed(id)).known, screen);
  }

  return {
    /** The fields of `screen` that are asked, and the answers that count of those in its controls. */
    on: (screen: PageScreen, given: Answers) => onScreen(screen, before(screen), given),
    screen: (id: string | undefined) => data.screens.find((one) => one.id === id),
    /** As far as screens were left. */
    reached: (): Walk => walk(data, device.state.answers, passed),
    /** The whole way as it looks now: every screen taken as passed. */
    outlook: (): string[] => walk(data, device.state.answers, () => true).path,
    /** Where `screen` leads with the answers that count on it. */
    next: (screen: PageScreen, given: Answers): Next => nextOf(data, screen, { ...before(screen), ...given }),
  };
}

export type Navigation = ReturnType<typeof openNavigation>;

/** `answers` without those to the fields of `screen`. */
export const without = (answers: Answers, { fields }: PageScreen): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([id]) => !fields.some((field) => field.id === id)));
