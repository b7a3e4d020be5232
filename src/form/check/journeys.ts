/** Journeys: every screen and ending is reached, and from every screen an ending is. */
import type { Form } from '../schema.ts';
import type { Finding } from './finding.ts';
import { reachable, type Journeys } from './explore.ts';

/** @param all whether what is not reached is told too */
export function journeyFaults(form: Form, { edges, loops, reached }: Journeys, all: boolean): Finding[] {
  const faults: Finding[] = loops.map(({ from, rule, to }) => ({
    place: {
      path: rule < 0 ? ['screens', screenAt(form, from), 'id'] : ['screens', screenAt(form, from), 'next', rule],
    },
    message: `a journey that reaches screen ${from} goes back to screen ${to}, and so round for ever`,
    remedy: `Let it go to a later screen or an ending, like go: ${form.endings[0]?.id}. People go back with the Back link.`,
  }));
  if (!all) return faults;
  form.screens.forEach(({ id }, at) => {
    if (!reached.has(id)) {
      faults.push({
        place: { path: ['screens', at, 'id'] },
        message: `no journey reaches screen ${id}`,
        remedy: `Let a rule go to it (go: ${id}), or remove it.`,
      });
    } else if (!form.endings.some((ending) => reachable(edges, id).has(ending.id))) {
      faults.push({
        place: { path: ['screens', at, 'id'] },
        message: `screen ${id} is a dead end: no ending can be reached from it`,
        remedy: `Give it a rule that leads to an ending, such as next: ${form.endings[0]?.id}.`,
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
