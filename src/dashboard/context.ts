/** What the dashboard's pages are given to render with. */
import type { Member } from '../members/members.ts';
import type { SmileView } from './smile.ts';
import type { InviteProblem, PersonalLink } from './invitation-actions.ts';
import type { Database } from '../record/db/database.ts';

export type Dashboard = {
  db: Database;
  now: Date;
  /** Where the site is reached, such as https://forms.acme.example: the forms' addresses begin with it. */
  origin: string;
  /** Who is signed in; absent on the pages that are open to everyone. */
  member?: Member | undefined;
  /** A path under /admin to go on to after signing in. */
  next?: string | undefined;
  /** How things stand at Smile, on the page about it. */
  smile?: SmileView | undefined;
  /** Why what was sent has been refused, and what may be shown again of it. */
  refused?: SignInError | undefined;
  /** The fields whose sensitive answers the member has asked for. */
  uncovered?: ReadonlySet<string> | undefined;
  /** What was wrong with people who were to be invited. */
  inviting?: InviteProblem | undefined;
  /** The personal link that the member has asked for. */
  linked?: PersonalLink | undefined;
  /** Whether emails are sent; without a mail server they are kept. */
  mailing: boolean;
  /** Whether forms that are examples answer here. */
  examples: boolean;
  /** What the page says when there is nothing else to show. */
  messagePage?: MessagePage | undefined;
};

/** `field` is the input it is about. Codes and passwords are never shown again. */
export type SignInError = {
  status: number;
  fault: string;
  field?: 'code' | 'email' | 'password' | undefined;
  email: string;
  code?: string | undefined;
};

export type MessagePage = { status: number; title: string; text: string };
