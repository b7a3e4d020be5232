/** What the address of a form's page says about who opens it. */
import { readTyped } from '../form/fields/typed.ts';
import type { Form } from '../form/schema.ts';

/** In characters. */
const LONGEST = 500;

/** Those of `given` that the form declares, and `utm_*`. What could not be an answer, such as half a character, is none. */
export function paramsOf(form: Form, given: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, string][] => {
      const kept = form.params.includes(name) || /^utm_[a-z_]{1,30}$/.test(name);
      const read = kept ? readTyped(value, 0, LONGEST) : undefined;
      return read && 'answer' in read ? [[name, read.answer]] : [];
    }),
  );
}
