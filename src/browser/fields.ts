/** Reading, writing and checking the controls of a screen. The browser's own constraint validation finds what is wrong. */
import type { Answers } from '../form/condition.ts';
import { fromEntries, type Entries } from '../form/from-entries.ts';
import { UNTYPABLE } from '../form/untypable.ts';
import type { PageField, PageScreen } from '../publish/page-data.ts';

type Control = (HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement) & { minLength?: number };

/** The controls of a field, those of its parts included. */
export const controlsOf = (form: HTMLFormElement, id: string): Control[] => [
  ...form.querySelectorAll<Control>(`[name="${id}"],[name^="${id}."]`),
];

const isChoice = (control: Control): control is HTMLInputElement => /radio|checkbox/.test(control.type);

/** The answers in the controls of `screen`, as JSON values. */
export function readScreen(form: HTMLFormElement, screen: PageScreen): Answers {
  const answers: Answers = {};
  for (const { id, kind } of screen.fields) {
    // Much cheaper than a FormData of all screens, which a press would wait for.
    const entries = controlsOf(form, id).flatMap((control): Entries =>
      control.type === 'file' || (isChoice(control) && !control.checked) ? [] : [[control.name, control.value]],
    );
    const answer = fromEntries(kind, id, entries);
    if (answer !== undefined) answers[id] = answer;
  }
  return answers;
}

/** Puts the answers to `fields` into their controls. With `all`, those without an answer are emptied. */
export function writeAnswers(form: HTMLFormElement, fields: PageField[], answers: Answers, all: boolean): void {
  for (const { id } of fields) {
    const answer = answers[id];
    if (answer === undefined && !all) continue;
    for (const control of controlsOf(form, id)) {
      if (isChoice(control)) control.checked = [answer].flat().map(String).includes(control.value);
      else if (control.type !== 'file') {
        const part = (answer as Record<string, string> | undefined)?.[control.name.slice(id.length + 1)];
        control.value = String((control.name === id ? answer : part) ?? '');
      }
    }
  }
}

/** What is wrong with one control, by the browser's name for it. Text that cannot be read comes before text that is missing. */
export function flagOf({ type, validity, required, value, minLength = 0 }: Control): string | undefined {
  if (validity.badInput) return 'badInput';
  const typed = value.normalize().trim();
  // White space is no answer, whatever the browser thinks of it.
  if (!typed) return required ? 'valueMissing' : undefined;
  // Nobody can correct what nobody sees; the server leaves it out.
  if (type === 'hidden') return undefined;
  if (UNTYPABLE.test(typed)) return 'typeMismatch';
  if (!validity.valid) for (const flag in validity) if (validity[flag as keyof ValidityState]) return flag;
  // Browsers look at the length of what was typed, not of what was filled in or put back.
  return typed.length < minLength ? 'tooShort' : undefined;
}

/** What is wrong with the answer in a field's controls, as far as the browser can tell. */
function problemOf(id: string, controls: Control[]): string | undefined {
  const [first] = controls;
  if (first?.type === 'checkbox') {
    const ticked = controls.filter((control) => (control as HTMLInputElement).checked);
    const { required, min = 0, max = Infinity } = first.closest<HTMLElement>('[data-field]')?.dataset ?? {};
    if (!ticked[0]) return first.required || required ? 'valueMissing' : undefined;
    if ('alone' in ticked[0].dataset) return undefined;
    return ticked.length < +min ? 'few' : ticked.length > +max ? 'many' : undefined;
  }
  for (const control of controls) {
    const flag = flagOf(control);
    if (flag) return control.name === id ? flag : `${control.name.slice(id.length + 1)}:${flag}`;
  }
  return undefined;
}

/** Sentences for what is wrong on a screen, by field. */
export function checkScreen(form: HTMLFormElement, fields: PageField[], fallback: string): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { id, say } of fields) {
    const problem = problemOf(id, controlsOf(form, id));
    if (problem) errors[id] = say[problem] ?? say['typeMismatch'] ?? fallback;
  }
  return errors;
}
