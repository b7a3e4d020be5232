/** The notice that a form notifies by email, and this site sends none. */
import type { Form } from '../../form/schema.ts';
import { type DashboardContext, mayHere } from '../context.ts';

export interface EmailOff {
  /** Whether the member may read the messages of the form. */
  maySeeMessages: boolean;
  /** Whether the member may open the settings of the site. */
  maySeeSettings: boolean;
}

/** Undefined where the form notifies no one by email, or the site sends emails. */
export function emailOffFor(c: DashboardContext, form: Form): EmailOff | undefined {
  if (c.var.options.mailing || !form.notify?.some(({ email }) => email !== undefined)) return undefined;
  return { maySeeMessages: mayHere(c, 'seePeople', form.slug), maySeeSettings: mayHere(c, 'changeSettings', null) };
}
