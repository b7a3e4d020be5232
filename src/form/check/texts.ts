/** Texts: a piped answer is known by then, and no ending contains a sensitive answer. */
import { nearest } from '../faults/nearest.ts';
import { isText, schemaParts } from '../faults/schema-at.ts';
import { sensitiveFields } from '../inspect/sensitive.ts';
import { formSchema, type Form } from '../schema.ts';
import { pipes, type Text } from '../runtime/text.ts';
import type { Journeys } from './explore.ts';
import { pathOfField, type Finding } from './finding.ts';

interface Placed {
  text: Text;
  path: PropertyKey[];
  /** The id of the screen or ending that shows the text. A form's own title and description are on none. */
  on: string | undefined;
  /** No answer can be filled in there. */
  isFixed: boolean;
}

export const textFaults = (form: Form, journeys: Journeys): Finding[] =>
  textsOf(form).flatMap((placed) => pipeFaults(form, placed, journeys));

/** Keys of a field in attributes, in sentences that are made in advance, and in options, which answers name. */
const FIXED = ['placeholder', 'pattern_hint', 'min_label', 'max_label', 'options', 'other', 'none_of_these'];

function textsOf(form: Form): Placed[] {
  return [...schemaParts(formSchema, form)].flatMap(({ layers, value, path }): Placed[] => {
    const [list, at, within, index, ...rest] = path;
    const key = String(path.at(-1));
    if (!isText(layers) && key !== 'redirect') return [];
    // An invitation is sent before the first answer, and has variables of its own.
    if (list === 'invite') return [];
    const owner = list === 'screens' || list === 'endings' ? form[list][Number(at)] : undefined;
    const placed = { text: value as Text, path, on: owner?.id, isFixed: FIXED.some((one) => path.includes(one)) };
    if (within !== 'fields' || !owner || !('fields' in owner)) return [placed];
    const field = owner.fields[Number(index)];
    if (!field || field.follows) return [];
    const { other, none_of_these: none } = field as { other?: unknown; none_of_these?: unknown };
    // One of these keys made this option.
    if (rest[0] === 'options' && [other, none].includes(value)) return [];
    return [{ ...placed, path: [...pathOfField(owner, Number(at), Number(index)), ...rest] }];
  });
}

function pipeFaults(form: Form, { text, path, on, isFixed }: Placed, { before, reached }: Journeys): Finding[] {
  if (isFixed) return pipes(text).map((name) => ({ place: { path }, message: `{${name}} can't be filled in here`, remedy: 'Write it without braces.' })); // prettier-ignore
  const winks = form.screens.filter((screen) => screen.wink).map(({ id }) => id);
  const ending = form.endings.some(({ id }) => id === on);
  const secret = ending ? sensitiveFields(form) : undefined;
  const known = [...(before.get(on ?? '') ?? [])].filter((id) => !winks.includes(id) && !secret?.has(id));
  if (on) known.push(...form.params);
  if (ending) known.push('reference');
  const doubled = /\{(\{[a-z][a-z0-9_]*\})\}/.exec(typeof text === 'string' ? text : Object.values(text).join(' '));
  if (doubled) {
    return [{ place: { path }, message: `${doubled[0]} has double braces`, remedy: `Write ${doubled[1]}.` }];
  }
  // On an unreachable screen no answer is known. That screen has its own fault.
  if (on !== undefined && !reached.has(on)) return [];
  return pipes(text).flatMap((name): Finding[] => {
    if (secret?.has(name)) return [sensitiveFault(name, path)];
    if (known.includes(name)) return [];
    const near = nearest(name, known);
    const remedy = near
      ? `Write {${near}}.`
      : known.length
        ? `Use one of: ${known.map((id) => `{${id}}`).join(', ')}.`
        : 'Write it without braces. No answer is known here yet.';
    return [{ place: { path }, message: `{${name}} is not known here`, remedy, unknown: true }];
  });
}

/** The browser stores an ending for its tab, and an address in its history. Other websites log addresses. */
function sensitiveFault(name: string, path: PropertyKey[]): Finding {
  const key = path.find((part) => part === 'redirect');
  return key
    ? { place: { path }, message: `\`redirect\` puts the sensitive answer {${name}} into an address`, remedy: 'Use {reference} instead. Other websites and the browser keep the addresses that they open.' }
    : { place: { path }, message: `an ending can't show the sensitive answer {${name}}`, remedy: `Delete {${name}}, or show it on the last screen instead. The browser keeps the ending.` }; // prettier-ignore
}
