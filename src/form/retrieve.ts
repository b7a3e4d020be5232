/** What a form reads from the accounts that are linked on its Wink screens. */
import type { DataPoint, Form, Wink } from './schema.ts';
import { widgetsOf } from './wink.ts';

/** What is read from accounts that were linked on `screen`, each once. */
export const retrievedOn = (form: Form, screen: string): DataPoint[] => [
  ...new Set(widgetsAt(form, screen).flatMap(({ retrieve }) => retrieve)),
];

/** Whether accounts that were linked on `screen` are disconnected at Smile once all of that is stored. */
export const isRevokedAfter = (form: Form, screen: string): boolean =>
  widgetsAt(form, screen).some(({ revoke }) => revoke === 'after_retrieval');

const widgetsAt = (form: Form, screen: string): Wink[] =>
  form.screens.filter(({ id }) => id === screen).flatMap(({ wink }) => widgetsOf(wink));
