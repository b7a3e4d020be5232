/** Reading and checking the controls of a screen. The browser's own constraint validation finds what is wrong. */
import type { Answers } from '../form/condition.ts';
import { fromStrings } from '../form/from-strings.ts';
import type { Problem } from '../form/fields/field-type.ts';
import { resolveDate } from '../form/relative-date.ts';
import type { PageField, PageScreen } from '../publish/page-data.ts';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export const controlsOf = (form: HTMLFormElement, id: string): Control[] => [
  ...form.querySelectorAll<Control>(`[name="${id}"]`),
];

/** The answers in the controls of `screen`, as JSON values. */
export function readScreen(form: HTMLFormElement, screen: PageScreen): Answers {
  const entries = new FormData(form);
  const answers: Answers = {};
  for (const { id, kind } of screen.fields) {
    const answer = fromStrings(kind, entries.getAll(id).map(String));
    if (answer !== undefined) answers[id] = answer;
  }
  return answers;
}

/** Puts kept answers back into the controls. */
export function writeAnswers(form: HTMLFormElement, answers: Answers): void {
  for (const [id, answer] of Object.entries(answers)) {
    for (const control of controlsOf(form, id)) {
      const choice = control instanceof HTMLInputElement && /radio|checkbox/.test(control.type);
      if (!choice) control.value = String(answer);
      else control.checked = [answer].flat().map(String).includes(control.value);
    }
  }
}

/** `data-min="today - 18 years"` becomes the person's own date. */
export function resolveDates(form: HTMLFormElement): void {
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  for (const control of form.querySelectorAll<HTMLInputElement>('[type=date]')) {
    for (const name of ['min', 'max'] as const) {
      const limit = control.dataset[name];
      if (limit) control[name] = resolveDate(limit, today);
    }
  }
}

const FLAGS: [keyof ValidityState, Problem][] = [
  ['badInput', 'type'],
  ['valueMissing', 'missing'],
  ['typeMismatch', 'type'],
  ['patternMismatch', 'pattern'],
  ['tooShort', 'short'],
  ['tooLong', 'long'],
  ['rangeUnderflow', 'low'],
  ['rangeOverflow', 'high'],
  ['stepMismatch', 'step'],
];

/** What is wrong with the answer in a field's controls, as far as the browser can tell. */
export function problemOf(controls: Control[]): Problem | undefined {
  const [first] = controls;
  if (!first) return undefined;
  if (first instanceof HTMLInputElement && first.type === 'checkbox') {
    const ticked = controls.filter((control) => (control as HTMLInputElement).checked).length;
    const group = first.closest<HTMLElement>('[data-field]')?.dataset ?? {};
    if (!ticked) return first.required || group['required'] ? 'missing' : undefined;
    if (ticked < Number(group['min'] ?? 0)) return 'few';
    return ticked > Number(group['max'] ?? Infinity) ? 'many' : undefined;
  }
  const flag = FLAGS.find(([name]) => controls.some((control) => control.validity[name]));
  if (flag) return flag[1];
  return first.required && !first.value.trim() ? 'missing' : undefined;
}

/** Sentences for what is wrong on a screen, by field. */
export function checkScreen(form: HTMLFormElement, fields: PageField[], fallback: string): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { id, say } of fields) {
    const problem = problemOf(controlsOf(form, id));
    if (problem) errors[id] = say[problem] ?? fallback;
  }
  return errors;
}
