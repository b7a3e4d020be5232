/** Reads, writes and checks the controls of a screen, with the browser's constraint validation. */
import type { Answers } from '../form/runtime/condition.ts';
import { fromEntries, type Entries } from '../form/runtime/from-entries.ts';
import type { PageData, PageField, PageScreen } from '../contract/page.ts';
import { controlsOf, flagOf, type PageControl } from './controls.ts';
import { compositeError } from './composite-errors.ts';
import { countProblem } from './checkbox-rules.ts';

const isChoice = (control: PageControl): control is HTMLInputElement => /radio|checkbox/.test(control.type);

/** The answers in the controls of `screen`, as JSON values. */
export function readControls(form: HTMLFormElement, screen: PageScreen): Answers {
  const answers: Answers = {};
  for (const { id, kind } of screen.fields) {
    // Much cheaper than a FormData of all screens, which would delay a press.
    const entries = controlsOf(form, id)
      .filter((control) => control.type !== 'file' && (!isChoice(control) || control.checked))
      .map((control): Entries[number] => [control.name, control.value]);
    const answer = fromEntries(kind, id, entries);
    if (answer !== undefined) answers[id] = answer;
  }
  return answers;
}

/**
 * Writes the answers to `fields` into their controls. An answer that the control refuses, such as an unknown choice,
 * counts as none.
 * @param all the values of all these controls, as typed. Fields without an answer are emptied, except those that people
 * don't see: a sensitive value is not kept, and comes from the page or its address again
 */
export function writeAnswers(form: HTMLFormElement, fields: PageField[], answers: Answers, all?: Answers): void {
  for (const { id, kind } of fields) {
    const answer = answers[id];
    if (answer === undefined && (!all || kind === 'hidden')) continue;
    for (const control of controlsOf(form, id)) {
      const { value } = control;
      if (isChoice(control)) {
        const isKept = control.checked && !all && control.type !== 'checkbox';
        control.checked = isKept || [answer].flat().map(String).includes(value);
      } else if (kind !== 'files') {
        // An input of the chunk `amounts` accepts a number. Others convert it to text. An answer with parts belongs to
        // another type that the field had before, if the input is none of them.
        const parts = (typeof answer === 'object' ? answer : { '': answer }) as Record<string, string>;
        const entered = parts[control.name.slice(id.length + 1)] ?? '';
        control.value = entered;
        if (entered && !control.value) control.value = value;
      }
    }
  }
}

/** The problem with a field's answer, as far as the browser can tell. */
function problemOf(id: string, controls: PageControl[]): string | undefined {
  const [first] = controls;
  if (first?.type === 'checkbox') {
    const ticked = controls.filter((control) => (control as HTMLInputElement).checked);
    const { dataset } = first.closest('[data-field]') as HTMLElement;
    if (ticked[0]) return countProblem(ticked, dataset);
    return first.required || 'required' in dataset ? 'valueMissing' : undefined;
  }
  for (const control of controls) {
    const flag = flagOf(control);
    if (flag) return `${control.name}:${flag}`.slice(id.length + 1);
  }
  return undefined;
}

/** A sentence for each field with a problem. */
export function checkScreen(
  form: HTMLFormElement,
  fields: PageField[],
  words: PageData['words'],
): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { id, say } of fields) {
    const controls = controlsOf(form, id);
    const problem = problemOf(id, controls);
    if (problem)
      errors[id] = compositeError(id, controls, say, words) ?? say[problem] ?? say['typeMismatch'] ?? words.checkAnswer;
  }
  return errors;
}
