/** The context of the dashboard's handlers. */
import type { Context } from 'hono';
import type { Form } from '../form/schema.ts';
import type { Member } from '../members/members.ts';
import { may, type Permission } from '../members/roles.ts';
import type { SignedIn } from '../members/sessions.ts';
import type { SetupCode } from '../members/setup-code.ts';
import type { Database } from '../record/db/database.ts';
import type { Links } from '../links/registry.ts';
import type { Catalog } from '../publish/catalog.ts';
import type { Publisher } from '../publish/publisher.ts';
import type { FileStore } from '../record/files/store.ts';
import type { Keys } from '../record/crypto/secrets.ts';
import type { ResultCounting } from '../record/results/result-worker.ts';
import type { SpamDecision, SpamDecisionOutcome } from '../record/submissions/suspicion.ts';
import type { SharedCounts } from '../site-limits/counting/shared-counts.ts';
import type { PostedForm } from './http/posted-form.ts';
import type { MakeLink } from './invitations/invitation-actions.ts';
import type { PreviewAdmin } from './preview/admin.ts';
import type { LiveResults } from './results/live.ts';
import type { SiteSetup } from './settings/view.ts';
import type { SignIn } from './sign-in/sign-in.ts';
import type { SmileAdmin } from './smile-connection/smile.ts';

export type DashboardOptions = {
  db: Database;
  files: FileStore;
  catalog: Catalog;
  links: Links;
  /** Whether the card of a form at a path can be drawn. Without it, no card is drawn. */
  canDraw?(path: string): boolean;
  /** Checks and publishes texts of forms. */
  publisher: Publisher;
  /** Tries the stored submissions of a form with a version that is not published yet. Returns the result in sentences. */
  rehearse(before: Form | undefined, after: Form): Promise<string[]>;
  /** Brings the numbers of Results up to date, and counts test answers. */
  results: Pick<ResultCounting, 'countWaiting' | 'countTests'>;
  /** Tells open pages of new numbers. Without it, they ask again and again. */
  live?: LiveResults | undefined;
  /** Is called when a form from another origin is refused. `expected`: the origin of the site. `host`: of the request. */
  refusedOrigin?(posted: { origin: string; expected: string; host: string }): void;
  /** Counts a sign-in or a code that was refused. */
  countRefusedSignIn?(): void;
  /** Renders one of Astro's pages. */
  render: (request: Request, locals: App.Locals) => Promise<Response>;
  setup: SetupCode;
  /** Sign the cookies of devices that have signed in. */
  keys: Keys;
  /** Stores whether a submission of a form is spam. */
  decideSpam(slug: string, submission: string, verdict: SpamDecision, member: Member): Promise<SpamDecisionOutcome>;
  /** Deletes a submission for good. False when nothing is left of it. */
  erase(id: string, member: Member): Promise<boolean>;
  /** The state of the connection to Smile, and its actions. Without it there is no such page. */
  smile?: SmileAdmin | undefined;
  /** The previews of forms. Without it there is no such page. */
  previews?: PreviewAdmin | undefined;
  /** Makes the personal link of an invitation, at an origin. */
  linkOf?: MakeLink;
  /** The values that the environment sets, for the page of settings. */
  siteSetup?: SiteSetup | undefined;
  /** Whether emails are sent. */
  mailing?: boolean;
  /** Whether emails, webhooks and calls to Smile leave the site. */
  outgoing?: boolean;
  /** Whether forms that are examples answer here. */
  examples?: boolean;
  /** Hosts that webhooks may go to although they are private. */
  webhookHosts?: readonly string[];
  /** The origin that people see, behind a proxy. Without it, the origin of each request. */
  publicOrigin?: string | undefined;
  /** The path that the site has and a proxy removes, such as /forms. Without it, the site has the host to itself. */
  base?: string | undefined;
  /** The time in ms that an address has to wait until it may send a request. Each asks the database for its session. */
  waitToAsk?: ((remoteAddress: string) => number) | undefined;
  /** The time in ms that an address has to wait until a page may be rendered for a visitor without a session. */
  waitToRender?: ((remoteAddress: string) => number) | undefined;
  /** Counts attempts to sign in on other servers too. */
  sharedCounts?: SharedCounts | undefined;
  log?: Log | undefined;
  /** Logs a failed request. Of those that fail for the same reason, only some have a line. */
  logError?(error: unknown, about: { method: string; path: string; requestId: string }): void;
  clock?: () => Date;
  /** The version of Flipsite. */
  version?: string;
};

/** The part of pino that is used here. Neither answers nor addresses with a search in them are ever logged. */
export type Log = Record<'info' | 'warn', (fields: object, message: string) => void>;

export type DashboardEnv = {
  Bindings: { remoteAddress: string };
  Variables: {
    options: DashboardOptions;
    signIn: SignIn;
    /** The origin in the address bar, such as https://forms.acme.example. */
    origin: string;
    /** The path that a proxy removes, or nothing. */
    base: string;
    now: Date;
    /** Absent without a session, and when it could not be read. */
    member: SignedIn | undefined;
    /** The fields of a posted form and the bytes of its file, or a body of JSON. */
    posted: PostedForm;
  };
};

export type DashboardContext = Context<DashboardEnv>;

/** The member who asks. @throws {Error} without a session, which only open pages allow */
export function memberOf(c: DashboardContext): SignedIn {
  if (!c.var.member) throw new Error(`${c.req.path} needs a member.`);
  return c.var.member;
}

/** Whether the member has `permission` on a form, or on the site itself for null. */
export const mayHere = (c: DashboardContext, permission: Permission, form: string | null): boolean =>
  may(c.var.member?.grants ?? [], permission, form);

/** The part of the path with this name in the table of routes. */
export const param = (c: DashboardContext, name: string): string => c.req.param(name) ?? '';

/** The name of the campaign link with an id. A link that is gone has its id. */
export const linkNamesOfSite =
  (c: DashboardContext) =>
  (id: string): string =>
    c.var.options.links.find(id)?.link.name ?? id;

/** The address of the site as people write it, with the path that a proxy removes. */
export const siteAddress = (c: DashboardContext): string => c.var.origin + c.var.base;
