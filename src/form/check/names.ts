/** Ids: each one is unique, and every `go` and `ends` names one. */
import { didYouMean } from '../faults/nearest.ts';
import { RESERVED_IDS } from '../id.ts';
import type { Form } from '../schema.ts';
import { pathOfField, type Finding } from './finding.ts';

export function nameFaults(form: Form): Finding[] {
  return [...repeated(form), ...targets(form)];
}

function repeated(form: Form): Finding[] {
  const seen = new Map<string, string>();
  const faults: Finding[] = [];
  const add = (id: string, what: string, path: PropertyKey[]) => {
    const before = seen.get(id);
    if (RESERVED_IDS.includes(id) || (form.review && what === 'screen' && id === 'review')) {
      faults.push({
        place: { path },
        message: `the id \`${id}\` is reserved`,
        remedy: `Write another id, like \`${id}_1\`.`,
      });
    } else if (before) {
      faults.push({
        place: { path },
        message: `the id \`${id}\` is already used by a ${before}`,
        remedy: `Write another id, like \`${id}_2\`. Each screen, field, ending and param has its own id.`,
      });
    }
    seen.set(id, what);
  };
  form.screens.forEach((screen, at) => {
    add(screen.id, 'screen', ['screens', at, 'id']);
    screen.fields.forEach((field, index) =>
      add(field.id, `field of screen \`${screen.id}\``, [...pathOfField(screen, at, index), 'id']),
    );
  });
  form.endings.forEach((ending, at) => add(ending.id, 'ending', ['endings', at, 'id']));
  form.params.forEach((param, at) => add(param, 'param', ['params', at]));
  return faults;
}

function targets(form: Form): Finding[] {
  const known = [...form.screens, ...form.endings].map(({ id }) => id);
  const faults: Finding[] = [];
  const unknown = (id: string, path: PropertyKey[], among: string[], what: string) => {
    if (among.includes(id)) return;
    const remedy = didYouMean(id, among, `Use one of: ${among.join(', ')}.`);
    faults.push({ place: { path }, message: `there is no ${what} \`${id}\``, remedy, unknown: true });
  };
  form.screens.forEach((screen, at) => {
    screen.next.forEach((rule, index) => {
      unknown(rule.go, ['screens', at, 'next', index, 'go'], known, 'screen or ending');
      const after = screen.next[index + 1];
      if (!rule.when && after) {
        faults.push({
          place: { path: ['screens', at, 'next', index + 1] },
          message: 'this rule is never used, because the rule before it always applies',
          remedy: 'Move the rule without `when` to the end.',
        });
      }
    });
  });
  form.examples.forEach((example, at) =>
    unknown(
      example.ends,
      ['examples', at, 'ends'],
      form.endings.map(({ id }) => id),
      'ending',
    ),
  );
  return faults;
}
