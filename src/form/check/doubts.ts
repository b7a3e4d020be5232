/** The uncertain parts of a form with faults, so that the check reports no fault that only follows from another one. */
import { formulaOf } from '../fields/fields.ts';
import { comparisons } from '../runtime/condition.ts';
import { reads } from '../runtime/expression.ts';
import { isIn, isRefused, isTouched, type Refused } from '../repair.ts';
import { fieldsOf, type Form } from '../schema.ts';
import { pathOfField, type Finding } from './finding.ts';

export interface Doubts {
  /** Ids of fields and Wink screens with unknown possible answers. */
  kinds: ReadonlySet<string>;
  /** Ids of fields and Wink screens that may have no answer, or an unknown one. Those in `kinds` are included. */
  answers: ReadonlySet<string>;
  /** Screens with uncertain transitions, each with all screens and endings that it may lead to. */
  possibleTargets: ReadonlyMap<string, string[]>;
}

/** @param findings the faults of names and rules so far */
export function doubtsOf(form: Form, refused: Refused, findings: Finding[]): Doubts {
  if (!refused.paths.length && !findings.length)
    return { kinds: new Set(), answers: new Set(), possibleTargets: new Map() };
  const places = findings.map(({ place }) => place.path);
  const isWrong = (path: PropertyKey[]) => isTouched(refused, path) || places.some((place) => isIn(place, path));
  const twice = repeated(form);

  const kinds = new Set(twice);
  const answers = new Set<string>();
  form.screens.forEach((screen, at) => {
    if (screen.wink && isTouched(refused, ['screens', at, 'wink'])) kinds.add(screen.id);
    screen.fields.forEach((field, index) => {
      const path = pathOfField(screen, at, index);
      if (isRefused(refused, [...path, 'type'])) kinds.add(field.id);
      if (isWrong(path)) answers.add(field.id);
    });
  });
  for (const id of kinds) answers.add(id);
  addDependent(form, answers);

  const ids = [...form.screens, ...form.endings].map(({ id }) => id);
  const possibleTargets = new Map<string, string[]>();
  form.screens.forEach((screen, at) => {
    const here = ['screens', at];
    const lost = twice.has(screen.id) || isRefused(refused, [...here, 'next']) || refused.paths.some((path) => isIn(path, here) && !SCREEN_KEYS.includes(path[2])); // prettier-ignore
    const targets = screen.next.map(({ go }) => go);
    const unsure =
      isWrong([...here, 'next']) ||
      isWrong([...here, 'wink']) ||
      screen.next.some(({ when }) => comparisons(when).some(([, id]) => answers.has(id) || !known(form, id)));
    if (lost || targets.some((go) => twice.has(go) || !ids.includes(go))) possibleTargets.set(screen.id, ids);
    else if (unsure) possibleTargets.set(screen.id, possibleTargetsOf(form, screen.id));
  });
  return { kinds, answers, possibleTargets };
}

/**
 * Every screen and ending that the screen `id` may lead to, whatever its conditions: the targets of its rules, and the
 * next one in the file.
 */
export function possibleTargetsOf(form: Form, id: string): string[] {
  const at = form.screens.findIndex((screen) => screen.id === id);
  const onward = form.screens[at + 1]?.id ?? form.endings[0]?.id ?? '';
  return [...(form.screens[at]?.next.map(({ go }) => go) ?? []), onward];
}

/** The parts of a screen that decide its transitions by themselves. */
const SCREEN_KEYS: unknown[] = ['fields', 'wink', 'next'];

const known = (form: Form, id: string): boolean =>
  form.screens.some((screen) => screen.id === id || screen.fields.some((field) => field.id === id));

/** Ids that several things share. */
function repeated(form: Form): Set<string> {
  const seen = new Set<string>();
  const ids = [...[...form.screens, ...fieldsOf(form), ...form.endings].map(({ id }) => id), ...form.params];
  return new Set(ids.filter((id) => seen.has(id) || !seen.add(id)));
}

/** Adds the fields that depend on such an answer: those that it shows, and those computed from it. */
function addDependent(form: Form, answers: Set<string>): void {
  for (let before = -1; before < answers.size;) {
    before = answers.size;
    for (const field of fieldsOf(form)) {
      const read = [...comparisons(field.show_when).map(([, id]) => id), ...reads(formulaOf(field) ?? 0)];
      if (read.some((id) => answers.has(id))) answers.add(field.id);
    }
  }
}
