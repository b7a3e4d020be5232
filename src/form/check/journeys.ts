/**
 * Journeys: none of them loops, and each screen and ending is reachable. So each journey ends: every screen leads to
 * another one, and a path without loops comes to an end.
 */
import type { Form } from '../schema.ts';
import type { Finding } from './finding.ts';
import type { Journeys } from './explore.ts';

export function journeyFaults(form: Form, loops: Journeys['loops'], { reached }: Journeys): Finding[] {
  const faults: Finding[] = loops.map(({ from, rule, to }) => ({
    place: {
      path: rule < 0 ? ['screens', screenAt(form, from), 'id'] : ['screens', screenAt(form, from), 'next', rule],
    },
    message: `screen \`${from}\` leads back to ${from === to ? 'itself' : `\`${to}\``}, so the form never ends`,
    remedy: `Write a later screen or an ending, like \`go: ${form.endings[0]?.id}\`. People can use the Back link to go back.`,
  }));
  form.screens.forEach(({ id }, at) => {
    if (!reached.has(id)) {
      faults.push({
        place: { path: ['screens', at, 'id'] },
        message: `no journey reaches screen \`${id}\``,
        remedy: `Add a rule that leads to it, like \`go: ${id}\`, or delete it.`,
      });
    }
  });
  form.endings.forEach(({ id }, at) => {
    // An ending may exist only for closed links.
    if (reached.has(id) || form.links?.some(({ ending }) => ending === id)) return;
    faults.push({
      place: { path: ['endings', at, 'id'] },
      message: `no journey reaches ending \`${id}\``,
      remedy: `Add a rule that leads to it, like \`go: ${id}\`, or delete it.`,
    });
  });
  return faults;
}

const screenAt = (form: Form, id: string): number => form.screens.findIndex((screen) => screen.id === id);
