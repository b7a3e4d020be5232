import type { Form } from '../schema.ts';

/** Finds ids in a form once. */
export function oncePerForm(find: (form: Form) => string[]): (form: Form) => ReadonlySet<string> {
  const known = new WeakMap<Form, ReadonlySet<string>>();
  return (form) => {
    const ids = known.get(form) ?? new Set(find(form));
    known.set(form, ids);
    return ids;
  };
}
