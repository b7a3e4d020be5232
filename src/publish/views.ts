/** The pages that the server has rendered for respondents, as data for the one internal route. */
import type { Answers } from '../form/runtime/condition.ts';
import type { Form } from '../form/schema.ts';
import type { Language } from '../form/wording/wording.ts';
import type { SiteContext } from './page-data.ts';

export interface FormView {
  kind: 'form';
  form: Form;
  version: string;
  language: Language;
  site: SiteContext;
  values?: Answers;
  errors?: Record<string, string>;
}

export interface MessageView {
  kind: 'notice';
  language: Language;
  brand: string;
  color?: string | undefined;
  title: string;
  text?: string | undefined;
  reference?: string | undefined;
  /** `onward`: the fragment of this page's address goes on with it. */
  link?: { href: string; label: string; note?: string; onward?: boolean } | undefined;
  /** An email address for questions. */
  contact?: string | undefined;
  /** The form and its version now: whoever has begun on this device, or brings a link to go on, is sent on to theirs. */
  begun?: { slug: string; version: string };
}

export interface PasswordView {
  kind: 'password';
  language: Language;
  brand: string;
  color?: string | undefined;
  languages: readonly Language[];
  /** The address of the form, and the query that it was asked for with. */
  address: string;
  search: string;
  /** Where the password is sent. */
  action: string;
  /** What was wrong with the last try. */
  error?: string;
}

/** The page that a widget in a frame has to itself. */
export interface FrameView {
  kind: 'frame';
}

/** The page that the link of an invitation opens. */
export interface InvitedView {
  kind: 'invited';
  language: Language;
  brand: string;
  color?: string | undefined;
  form: Form;
  /** Who invites. */
  company: string;
  base: string;
  /** What stands before `/api`. */
  api: string;
}

export type View = FormView | FrameView | MessageView | PasswordView | InvitedView;
