/** Where the person is and can go, from the state on the device. It walks the form with the same code as the server. */
import type { Answers } from '../form/runtime/condition.ts';
import { nextOf, onScreen, walk, type Next, type Walk } from '../form/runtime/journey.ts';
import type { PageData, PageScreen } from '../contract/page.ts';
import type { Device } from './device.ts';

export function openNavigation(data: PageData, device: Device) {
  const passed = (id: string) => device.state.passed.includes(id);

  /** The answers of the path before `screen` that count. */
  function before(screen: PageScreen): Answers {
    return without(walk(data, device.state.answers, (id) => id !== screen.id && passed(id)).answers, screen);
  }

  return {
    without,
    /** The shown fields of `screen`, and those of the entered answers that count. */
    evaluate: (screen: PageScreen, entered: Answers) => onScreen(screen, before(screen), entered),
    screen: (id: string | undefined) => data.screens.find((one) => one.id === id),
    /** The walk as far as screens were left. */
    reached: (): Walk => walk(data, device.state.answers, passed),
    /** The complete path as it looks now, as if every screen were passed. */
    complete: (): Walk => walk(data, device.state.answers, () => true),
    /** Where `screen` leads with the entered answers. */
    next: (screen: PageScreen, entered: Answers): Next => nextOf(data, screen, { ...before(screen), ...entered }),
  };
}

export type Navigation = ReturnType<typeof openNavigation>;

/** `answers` without those to the fields of `screen`. */
export const without = (answers: Answers, { fields }: PageScreen): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([id]) => !fields.some((field) => field.id === id)));
