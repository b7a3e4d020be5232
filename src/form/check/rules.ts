/** Rules: each one reads an answer that can have been given by then, and compares it with a value it can have. */
import { comparisons, type Comparison, type Condition } from '../condition.ts';
import { typeOf, type Field } from '../fields/fields.ts';
import { nearest } from '../nearest.ts';
import type { Form, Screen } from '../schema.ts';
import type { Finding } from './check.ts';
import { statesLeft, type Journeys } from './explore.ts';

export function ruleFaults(form: Form, { before, reached }: Journeys): Finding[] {
  return form.screens.flatMap((screen, at) => {
    const earlier = before.get(screen.id) ?? new Set<string>();
    const own = screen.wink ? [screen.id] : screen.fields.map(({ id }) => id);
    const shows = screen.fields.flatMap((field, index) => {
      const given = new Set([...earlier, ...own.slice(0, index)]);
      return conditionFaults(
        form,
        field.show_when,
        ['screens', at, 'fields', index, 'show_when'],
        given,
        reached.has(screen.id),
      );
    });
    const rules = screen.next.flatMap((rule, index) => {
      const given = new Set([...earlier, ...own]);
      return conditionFaults(form, rule.when, ['screens', at, 'next', index, 'when'], given, reached.has(screen.id));
    });
    return [...shows, ...rules];
  });
}

/** On a screen that no journey reaches nothing can have been given; that is told once, as unreachable. */
function conditionFaults(
  form: Form,
  condition: Condition | undefined,
  path: PropertyKey[],
  given: Set<string>,
  onAJourney: boolean,
): Finding[] {
  return comparisons(condition).flatMap((comparison) => {
    const id = comparison[1];
    const place = { path, find: id };
    const asked = questionOf(form, id);
    if (!asked) return [{ place, ...unknown(form, id) }];
    if (onAJourney && !given.has(id)) {
      return [
        {
          place,
          message: `this rule reads \`${id}\`, which no journey has asked by then`,
          remedy: `Ask it earlier, or read an answer that comes before.`,
        },
      ];
    }
    const wrong = !('type' in asked) ? winkFault(asked, comparison) : fieldFault(asked, comparison);
    return wrong ? [{ place, ...wrong }] : [];
  });
}

function questionOf(form: Form, id: string): Field | Screen | undefined {
  const wink = form.screens.find((screen) => screen.wink && screen.id === id);
  return wink ?? form.screens.flatMap((screen) => screen.fields).find((field) => field.id === id);
}

type Words = Pick<Finding, 'message' | 'remedy'>;

function unknown(form: Form, id: string): Words {
  const screens = form.screens.filter((screen) => !screen.wink && screen.id === id);
  if (screens.length)
    return {
      message: `a rule cannot read screen \`${id}\``,
      remedy: 'Name one of its fields. Only a screen with a Wink widget has a state of its own.',
    };
  const known = form.screens.flatMap((screen) => (screen.wink ? [screen.id] : screen.fields.map((field) => field.id)));
  const near = nearest(id, known);
  return {
    message: `no field is called \`${id}\``,
    remedy: near ? `Did you mean \`${near}\`?` : `There are: ${known.join(', ')}.`,
  };
}

function winkFault(screen: Screen, [name, id, wanted]: Comparison): Words | undefined {
  if (name !== 'is' && name !== 'not')
    return {
      message: `\`${id}\` is a Wink screen and has a state, not a ${name === 'answered' ? 'mere answer' : 'number or date'}`,
      remedy: `Write for example { ${id}: connected }.`,
    };
  const states: string[] = statesLeft(screen);
  return neverIs(
    id,
    wanted.filter((value) => !states.includes(String(value))),
    states,
  );
}

function fieldFault(field: Field, [name, id, wanted]: Comparison): Words | undefined {
  const { kind } = typeOf(field);
  const values = typeOf(field).values(field)?.map(String);
  if (kind === 'nothing')
    return { message: `\`${id}\` is a statement and has no answer`, remedy: 'Read a field that asks something.' };
  if (name === 'answered') return undefined;
  if (name === 'has') {
    if (kind !== 'list')
      return {
        message: `\`contains\` is for checkboxes, and \`${id}\` has a single answer`,
        remedy: `Write { ${id}: ${wanted[0]} }.`,
      };
    return neverIs(
      id,
      wanted.filter((value) => !values?.includes(value)),
      values,
    );
  }
  if (name === 'is' || name === 'not') {
    if (kind === 'list')
      return {
        message: `\`${id}\` has several answers, so none of them alone`,
        remedy: `Write { ${id}: { contains: ${wanted[0]} } }.`,
      };
    return neverIs(
      id,
      wanted.filter((value) => !canBe(field, value)),
      values ??
        (kind === 'number' ? ['a number within its limits'] : kind === 'date' ? ['a date like 2026-12-31'] : undefined),
    );
  }
  if (name === 'before' || name === 'after') {
    return kind === 'date'
      ? undefined
      : {
          message: `\`${name}\` is for dates, and \`${id}\` is none`,
          remedy: `Compare it with a value: { ${id}: … }.`,
        };
  }
  if (field.type !== 'number')
    return {
      message: `\`${WRITTEN[name]}\` is for numbers, and \`${id}\` is none`,
      remedy: `Compare it with a value: { ${id}: … }.`,
    };
  const [least, most] = [field.min ?? -Infinity, field.max ?? Infinity];
  const never =
    (name === 'min' && wanted > most) ||
    (name === 'above' && wanted >= most) ||
    (name === 'max' && wanted < least) ||
    (name === 'below' && wanted <= least);
  return never
    ? {
        message: `no answer to \`${id}\` is ${WRITTEN[name].replace('_', ' ')} ${wanted}`,
        remedy: `Its answers go from ${least} to ${most}.`,
      }
    : undefined;
}

const WRITTEN = { min: 'at_least', max: 'at_most', above: 'more_than', below: 'less_than' };

function canBe(field: Field, value: unknown): boolean {
  if (field.type === 'date') return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
  const read = typeOf(field).read(field, value, { earliest: '0001-01-01', latest: '9999-12-31' });
  return 'answer' in read && read.answer === value;
}

function neverIs(id: string, never: unknown[], can: string[] | undefined): Words | undefined {
  if (never.length === 0) return undefined;
  const [first] = never;
  const near = can && nearest(String(first), can);
  const all = can ? `It can be: ${can.join(', ')}.` : '';
  return {
    message: `\`${id}\` can never be ${typeof first === 'string' ? `"${first}"` : String(first)}`,
    remedy: near ? `Did you mean ${near}? ${all}` : all,
  };
}
