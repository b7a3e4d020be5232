/** What the address of a form's page says about who opens it. */
import { readTyped } from '../form/fields/typed.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import type { Form } from '../form/schema.ts';

const LONGEST = SITE_LIMITS.paramCharacters.value;

const MAX_UTM = SITE_LIMITS.utmParams.value;

/** Those of `given` that the form declares, and the first few `utm_*`. What could not be an answer, such as half a character, is none. */
export function paramsOf(form: Form, given: Record<string, string>): Record<string, string> {
  let utm = 0;
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, string][] => {
      const kept = form.params.includes(name) || (/^utm_[a-z_]{1,30}$/.test(name) && utm++ < MAX_UTM);
      const read = kept ? readTyped(value, 0, LONGEST) : undefined;
      return read && 'answer' in read ? [[name, read.answer]] : [];
    }),
  );
}
