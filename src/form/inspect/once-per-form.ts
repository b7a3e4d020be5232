import type { Form } from '../schema.ts';

/** Finds something in a form once. A parsed form never changes. */
export function oncePerForm<T extends object>(find: (form: Form) => T): (form: Form) => T {
  const known = new WeakMap<Form, T>();
  return (form) => {
    const found = known.get(form) ?? find(form);
    known.set(form, found);
    return found;
  };
}
