/** The pages that the server renders for respondents, as data for the internal route. */
import type { Answers } from '../../form/runtime/condition.ts';
import type { Form } from '../../form/schema.ts';
import type { Language } from '../../form/wording/wording.ts';
import type { SiteContext } from './page-data.ts';

export interface FormView {
  kind: 'form';
  form: Form;
  version: string;
  language: Language;
  site: SiteContext;
  values?: Answers;
  errors?: Record<string, string>;
  notice?: string | undefined;
}

export interface MessageView {
  kind: 'message';
  /** The websites that may show the page in a frame. */
  embed?: readonly string[];
  language: Language;
  brand: string;
  color?: string | undefined;
  title: string;
  text?: string | undefined;
  reference?: string | undefined;
  /** The id of a request that failed, for support. */
  requestId?: string | undefined;
  /** For the person who runs the site, in English. */
  operatorNote?: string | undefined;
  /** `keepsFragment`: the link gets the fragment of this page's address. */
  link?: { href: string; label: string; note?: string; keepsFragment?: boolean } | undefined;
  /** An email address for questions. */
  contact?: string | undefined;
  /** The way to ask where there is no address, as a sentence. */
  help?: string | undefined;
  /**
   * The form and a version on which people have begun. People who started on this device, or have a resume link, are sent to
   * their submission.
   */
  resumeForm?: { slug: string; version: string } | undefined;
}

export interface PasswordView {
  kind: 'password';
  /** The websites that may show the page in a frame. */
  embed?: readonly string[];
  language: Language;
  brand: string;
  color?: string | undefined;
  languages: readonly Language[];
  /** The address of the form, and its query. */
  address: string;
  search: string;
  /** The address that receives the password. */
  action: string;
  /** Whether people can be invited to the form. Their link opens it without the password. */
  hasInvitations: boolean;
  /** The error of the last attempt. */
  error?: string;
}

/** The page inside a widget's frame. */
export interface FrameView {
  kind: 'frame';
}

/** The page behind the link of an invitation. */
export interface InvitedView {
  kind: 'invited';
  language: Language;
  brand: string;
  color?: string | undefined;
  form: Form;
  /** The name of the inviting company, if the form has one. */
  company: string | undefined;
  base: string;
  /** The base of the API's address, before `/api`. */
  api: string;
}

export type View = FormView | FrameView | MessageView | PasswordView | InvitedView;
