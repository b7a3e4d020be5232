/**
 * Journeys: none leads round for ever, and every screen and ending is reached. So an ending is reached from every screen:
 * each one leads on, and what leads on and never round comes to an end.
 */
import type { Form } from '../schema.ts';
import type { Finding } from './finding.ts';
import type { Journeys } from './explore.ts';

export function journeyFaults(form: Form, loops: Journeys['loops'], { reached }: Journeys): Finding[] {
  const faults: Finding[] = loops.map(({ from, rule, to }) => ({
    place: {
      path: rule < 0 ? ['screens', screenAt(form, from), 'id'] : ['screens', screenAt(form, from), 'next', rule],
    },
    message: `a journey that reaches screen ${from} goes back to screen ${to}, and so round for ever`,
    remedy: `Let it go to a later screen or an ending, like go: ${form.endings[0]?.id}. People go back with the Back link.`,
  }));
  form.screens.forEach(({ id }, at) => {
    if (!reached.has(id)) {
      faults.push({
        place: { path: ['screens', at, 'id'] },
        message: `no journey reaches screen ${id}`,
        remedy: `Let a rule go to it (go: ${id}), or remove it.`,
      });
    }
  });
  form.endings.forEach(({ id }, at) => {
    if (reached.has(id)) return;
    faults.push({
      place: { path: ['endings', at, 'id'] },
      message: `no journey reaches ending ${id}`,
      remedy: `Let a rule go to it (go: ${id}), or remove it.`,
    });
  });
  return faults;
}

const screenAt = (form: Form, id: string): number => form.screens.findIndex((screen) => screen.id === id);
