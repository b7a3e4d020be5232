/** Serves everything under /admin: who may see it, what may be sent to it, and which page answers. */
import { hasMembers, type Member } from '../members/members.ts';
import { DEVICE_DAYS, deviceName, newDevice } from '../members/devices.ts';
import { endSession, findSession, SESSION_DAYS, startSession } from '../members/sessions.ts';
import type { SetupCode } from '../members/setup-code.ts';
import type { Database } from '../record/db/database.ts';
import type { Keys } from '../record/crypto/secrets.ts';
import type { SpamDecision } from '../record/submissions/suspicion.ts';
import type { FileStore } from '../record/files/store.ts';
import { findSubmission } from '../record/submissions/submissions.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import type { Dashboard, MessagePage } from './context.ts';
import { linksUnder } from './base.ts';
import { dashboardCookie, readCookie } from './cookie.ts';
import { runDeliveryAction, isDeliveryAction } from './delivery-actions.ts';
import { downloadCsv } from './download.ts';
import { createSignIn, WRONG_PASSWORD, type SignInResult } from './sign-in.ts';
import { runInvitationAction, isInvitationAction, isUpload, type MakeLink } from './invitation-actions.ts';
import { MAX_CSV_BYTES } from '../invite/people.ts';
import { errorMessagePage } from './error-message-page.ts';
import { dashboardFileResponse } from './file.ts';
import { exportPersonalData } from './data-export.ts';
import { revealAnswers } from './sensitive.ts';
import { contentPolicy, protectionAt } from './headers.ts';
import { downloadQr } from './qr.ts';
import { readPost, readUpload, safeNext } from './posted-form.ts';
import { smileView, type SmileAdmin } from './smile.ts';
import { readFilters } from './submissions.ts';
import { isRetryPath, retryJob } from './failed-jobs.ts';

export type DashboardOptions = {
  db: Database;
  files: FileStore;
  /** Renders one of Astro's pages. */
  render: (request: Request, locals: App.Locals) => Promise<Response>;
  setup: SetupCode;
  /** Sign the cookies of devices that have signed in. */
  keys: Keys;
  /** Stores whether a submission of a form is spam; false when there is none. */
  judge(slug: string, submission: string, verdict: SpamDecision, member: Member): Promise<boolean>;
  /** Erases a submission for good; false when there is nothing of it. */
  erase(id: string, member: Member): Promise<boolean>;
  /** What there is to do at Smile; without it, there is no page about it. */
  smile?: SmileAdmin | undefined;
  /** Makes the personal link of an invitation, at an origin. */
  linkOf?: MakeLink;
  /** Whether emails are sent. */
  mailing?: boolean;
  /** Whether forms that are examples answer here. */
  examples?: boolean;
  /** Hosts that webhooks may go to although they are private. */
  webhookHosts?: readonly string[];
  /** The origin that people see, where a proxy stands in front; without it, that of each request. */
  publicOrigin?: string | undefined;
  /** The path that the site stands under and a proxy strips, such as /forms; without it, the site has the host to itself. */
  base?: string | undefined;
  /** How long an address has to wait, in ms, until a page may be rendered for a visitor without a session; without it, never. */
  waitToRender?: ((remoteAddress: string) => Promise<number>) | undefined;
  log?: Log | undefined;
  clock?: () => Date;
};

/** The part of pino that is used here. Neither answers nor addresses with a search in them are ever logged. */
export type Log = Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>;

/** Who looks at a page, and when. */
type Seen = { origin: string; now: Date; member?: Member | undefined; remoteAddress?: string };
type Visit = Seen & {
  url: URL;
  remoteAddress: string;
  token: string | undefined;
  cookieOf(name: string): string | undefined;
};

const SESSION = 'flipsite';
const HOME = '/admin';
const SIGN_IN = '/admin/sign-in';
const SIGN_OUT = '/admin/sign-out';
const SETUP = '/admin/setup';
const CODE = '/admin/code';
const SMILE = '/admin/smile';
/** What the log says of who came in there. */
const SIGN_IN_LOGS: Record<string, string> = { [SETUP]: 'The dashboard has been set up', [CODE]: 'A code was used' };
const VERDICT = /^\/admin\/forms\/([^/]+)\/([^/]+)\/verdict$/;
const SENSITIVE = /^\/admin\/forms\/([^/]+)\/([^/]+)\/sensitive$/;
const ASKED = /^\/admin\/forms\/([^/]+)\/([^/]+)\/(person|erase)$/;
const CSV = /^\/admin\/forms\/([^/]+)\/submissions\.csv$/;
const QR = /^\/admin\/forms\/([^/]+)\/qr\.svg$/;
const FILE = /^\/admin\/forms\/([^/]+)\/([^/]+)\/files\/([^/]+)$/;

/**
 * Answers requests to paths under /admin. `request.url` is absolute; `remoteAddress` is that of the client, for slowing
 * down guesses. Never throws: what goes wrong is logged and answered with 500, and with 503 where the store is in the way.
 */
export function createDashboard(
  parts: DashboardOptions,
): (request: Request, remoteAddress: string) => Promise<Response> {
  const {
    db,
    files,
    render,
    setup,
    keys,
    publicOrigin,
    base = '',
    webhookHosts = [],
    log,
    clock = () => new Date(),
  } = parts;
  const entry = createSignIn(db, setup, keys);

  async function answer(request: Request, visit: Visit): Promise<Response> {
    if (request.method === 'POST') return post(request, visit);
    if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(visit, 'GET, HEAD, POST');
    const { url, origin, member, now } = visit;
    const path = url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '');
    if (path !== url.pathname) return redirect(path + url.search);
    const next = safeNext(url.searchParams.get('next'), origin);
    if (url.pathname === CODE) return member ? redirect(HOME) : page(visit, CODE);
    if (url.pathname === SIGN_IN || url.pathname === SETUP) {
      if (member) return redirect(next ?? HOME);
      const open = (await hasMembers(db)) ? SIGN_IN : SETUP;
      return open === url.pathname ? page(visit, open, { next }) : redirect(open);
    }
    if (!member) {
      if (!(await hasMembers(db))) return redirect(SETUP);
      const back = safeNext(url.pathname + url.search, origin);
      return back && back !== HOME ? toSignIn(back) : redirect(SIGN_IN);
    }
    if (url.pathname === SIGN_OUT) return notAllowed(visit, 'POST');
    const csv = CSV.exec(url.pathname)?.[1];
    const [, slug = '', submission = '', file = ''] = FILE.exec(url.pathname) ?? [];
    const qr = QR.exec(url.pathname)?.[1];
    const download = csv
      ? await downloadCsv(db, csv, now, csvFilters(url))
      : qr
        ? await downloadQr(db, qr, origin + base, parts.examples)
        : file &&
          (await dashboardFileResponse(db, files, slug, submission, file, {
            member,
            now,
            preview: url.searchParams.has('preview'),
          }));
    if (url.pathname === SMILE) return smilePage(visit);
    return download || page(visit, url.pathname + url.search);
  }

  async function post(request: Request, visit: Visit): Promise<Response> {
    const { pathname } = visit.url;
    // A file is read for members only.
    if (isUpload(pathname) && !visit.member) return redirect(SIGN_IN);
    const { dashboardPostBytes, signInPostBytes } = SITE_LIMITS;
    const read = isUpload(pathname)
      ? await readUpload(request, { origin: visit.origin, base }, MAX_CSV_BYTES)
      : await readPost(
          request,
          { origin: visit.origin, base },
          (visit.member ? dashboardPostBytes : signInPostBytes).value,
        );
    if ('status' in read) return notice(visit, read);
    const { form, file } = read instanceof URLSearchParams ? { form: read, file: undefined } : read;
    const { remoteAddress, now, cookieOf } = visit;
    const attempt = { form, remoteAddress, now, cookieOf };
    const next = safeNext(form.get('next'), visit.origin);
    if (pathname === SIGN_OUT) {
      if (visit.token) await endSession(db, visit.token);
      return redirect(SIGN_IN, dashboardCookie({ origin: visit.origin, base }, SESSION, undefined, SESSION_DAYS));
    }
    if (pathname === SIGN_IN) return startMemberSession(visit, await entry.signIn(attempt), SIGN_IN, next);
    const code = form.get('code') ?? undefined;
    if (pathname === SETUP) return startMemberSession(visit, await entry.setUp(attempt), SETUP, next, code);
    if (pathname === CODE) return startMemberSession(visit, await entry.redeem(attempt), CODE, next, code);
    const [, slug = '', submission = ''] = VERDICT.exec(pathname) ?? [];
    if (submission) return markSpamAction(visit, slug, submission, form.get('verdict'));
    const [, inForm = '', shown = ''] = SENSITIVE.exec(pathname) ?? [];
    if (shown) return revealPage(visit, inForm, shown, form.getAll('field'));
    const [, asking = '', whose = '', what] = ASKED.exec(pathname) ?? [];
    if (whose) return exportOrErase(visit, asking, whose, what === 'erase');
    const csv = CSV.exec(pathname)?.[1];
    if (csv) return downloadAll(visit, csv);
    if (pathname.startsWith(`${SMILE}/`)) return atSmile(visit, pathname.slice(SMILE.length + 1));
    if (isRetryPath(pathname)) {
      if (!visit.member) return toSignIn(next ?? SMILE);
      const gone = await retryJob(db, pathname, visit.now);
      return gone ? notice(visit, gone) : redirect(next ?? SMILE);
    }
    if (isDeliveryAction(pathname)) {
      if (!visit.member) return redirect(SIGN_IN);
      const acted = await runDeliveryAction({ db, webhookHosts, member: visit.member }, pathname, form, visit.now);
      if (acted) return 'goTo' in acted ? redirect(acted.goTo) : notice(visit, acted);
    }
    if (isInvitationAction(pathname)) {
      if (!visit.member) return redirect(SIGN_IN);
      const post = { path: pathname, origin: visit.origin + base, form, file, memberId: visit.member.id };
      const acted = await runInvitationAction(db, post, visit.now, parts.linkOf, parts.examples);
      if (acted && 'goTo' in acted) {
        const { erased: invitation } = acted;
        if (invitation) log?.info({ member: visit.member.id, invitation }, 'An invitation was erased');
        return redirect(acted.goTo);
      }
      if (acted && 'linked' in acted) {
        log?.info({ member: visit.member.id, invitation: acted.linked.id }, 'A personal link was shown');
        return page(visit, acted.page, { linked: acted.linked });
      }
      if (acted && 'trouble' in acted) return page(visit, acted.page, { inviting: acted.trouble });
      if (acted) return notice(visit, acted);
    }
    return notAllowed(visit, 'GET, HEAD');
  }

  const smilePage = async (visit: Visit, done?: string) =>
    page(visit, SMILE, { smile: parts.smile && (await smileView(parts.smile, done)) });

  async function atSmile(visit: Visit, what: string): Promise<Response> {
    if (!visit.member) return toSignIn(SMILE);
    if (!parts.smile || (what !== 'register' && what !== 'replay')) return notAllowed(visit, 'GET, HEAD');
    log?.info({ member: visit.member.id }, `At Smile: ${what}`);
    if (what === 'register')
      return smilePage(visit, (await parts.smile.register()) ?? 'The webhook is registered, with a new secret.');
    const { events, changed } = await parts.smile.replay();
    return smilePage(visit, `${events} webhooks were taken in again. ${changed} of them changed an account.`);
  }

  async function markSpamAction(
    visit: Visit,
    slug: string,
    submission: string,
    verdict: string | null,
  ): Promise<Response> {
    const here = `/admin/forms/${slug}/${submission}`;
    if (!visit.member) return toSignIn(here);
    if (verdict !== 'spam' && verdict !== 'fine') {
      return notice(visit, { status: 400, title: 'This is no verdict', text: 'Nothing was changed. A submission is spam, or it is not.' }); // prettier-ignore
    }
    const found = await parts.judge(slug, submission, verdict, visit.member);
    return found ? redirect(here) : page(visit, here);
  }

  /** What a person has asked for: a copy of their data, or that it is deleted. */
  async function exportOrErase(visit: Visit, slug: string, id: string, erasing: boolean): Promise<Response> {
    const here = `/admin/forms/${slug}/${id}`;
    const { member, now } = visit;
    if (!member) return toSignIn(here);
    if (!erasing) return (await exportPersonalData(db, files, { slug, id, member, now })) ?? page(visit, here);
    if ((await findSubmission(db, id))?.form === slug) await parts.erase(id, member);
    return redirect(here);
  }

  /** The page of a submission with some of its answers uncovered; who reloads it asks again. */
  async function revealPage(visit: Visit, slug: string, submission: string, fields: string[]): Promise<Response> {
    const here = `/admin/forms/${slug}/${submission}`;
    if (!visit.member) return toSignIn(here);
    const uncovered = await revealAnswers(db, slug, submission, fields, visit.member, visit.now);
    return uncovered.size > 0 ? page(visit, here, { uncovered }) : redirect(here);
  }

  async function downloadAll({ member, now, ...visit }: Visit, slug: string): Promise<Response> {
    const here = `/admin/forms/${slug}`;
    if (!member) return toSignIn(here);
    const csv = await downloadCsv(db, slug, now, csvFilters(visit.url), member);
    if (csv) log?.info({ member: member.id, form: slug }, 'Downloaded with sensitive answers');
    return csv ?? page({ ...visit, member, now }, here);
  }

  /**
   * A new session at every entry: one that somebody had put into the browser before ends.
   * @param code what was typed as the code, which stays in the form unless it was wrong
   */
  async function startMemberSession(
    visit: Visit,
    result: SignInResult,
    path: string,
    next: string | undefined,
    code?: string,
  ): Promise<Response> {
    if ('member' in result) {
      const { member, passwordHash } = result;
      const token = await startSession(db, member.id, visit.now, passwordHash);
      const { email } = member;
      if (!token)
        return startMemberSession(visit, { status: 422, field: 'password', email, fault: WRONG_PASSWORD }, path, next);
      if (visit.token) await endSession(db, visit.token);
      log?.info({ member: member.id }, SIGN_IN_LOGS[path] ?? 'Signed in');
      const place = { origin: visit.origin, base };
      return redirect(
        next ?? HOME,
        dashboardCookie(place, SESSION, token, SESSION_DAYS),
        dashboardCookie(place, deviceName(email), newDevice(keys, email, visit.now), DEVICE_DAYS),
      );
    }
    // Who has to wait was told of already, and could fill the disk with lines.
    if (!result.retryAfter)
      log?.warn({ remoteAddress: visit.remoteAddress, status: result.status }, `Refused at ${path}`);
    const refused = { ...result, code: result.field === 'code' ? undefined : code };
    const response = await page(visit, result.status === 409 ? SIGN_IN : path, { refused, next });
    if (result.retryAfter) response.headers.set('retry-after', String(result.retryAfter));
    return response;
  }

  async function page(visit: Seen, path: string, given: Partial<Dashboard> = {}): Promise<Response> {
    const { origin, now, member, remoteAddress } = visit;
    const waitMs = member || remoteAddress === undefined ? 0 : ((await parts.waitToRender?.(remoteAddress)) ?? 0);
    if (waitMs > 0) return tooManyPages(waitMs);
    const dashboard: Dashboard = {
      db,
      now,
      origin: origin + base,
      member,
      mailing: parts.mailing ?? false,
      examples: parts.examples ?? true,
      ...given,
    };
    const inline = { scripts: new Set<string>(), styles: new Set<string>() };
    const rendered = await render(new Request(new URL(path, origin)), { dashboard, inline });
    if (rendered.status >= 500) throw new Error(`The page ${new URL(path, origin).pathname} could not be rendered.`);
    const html = linksUnder(base, await rendered.text());
    return new Response(html, {
      status: given.inviting ? 422 : (given.refused ?? given.messagePage ?? rendered).status,
      headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': contentPolicy(inline) },
    });
  }

  const notice = (visit: Seen, said: MessagePage) => page(visit, '/admin/notice', { messagePage: said });

  async function notAllowed(visit: Visit, allow: string): Promise<Response> {
    const response = await notice(visit, { status: 405, title: 'This cannot be done here', text: `This address takes ${allow}.` }); // prettier-ignore
    response.headers.set('allow', allow);
    return response;
  }

  async function protectedAnswer(request: Request, remoteAddress: string): Promise<Response> {
    const url = new URL(request.url);
    const origin = publicOrigin ?? url.origin;
    const now = clock();
    const cookieOf = (name: string) => readCookie(request, { origin, base }, name);
    const token = cookieOf(SESSION);
    const member = token ? await findSession(db, token, now) : undefined;
    return answer(request, { url, origin, remoteAddress, now, token, member, cookieOf });
  }

  /** Says no more of whose visit it was than the request does: asking for a member may be what went wrong. */
  async function errorPage(request: Request, error: unknown): Promise<Response> {
    log?.error({ err: error }, 'The dashboard could not answer');
    const said = await errorMessagePage(error, db);
    const seen = { origin: publicOrigin ?? new URL(request.url).origin, now: clock() };
    const plain = () =>
      new Response(`${said.title}. ${said.text}`, {
        status: said.status,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
      });
    const response = await notice(seen, said).catch(plain);
    if (said.status === 503) response.headers.set('retry-after', '5');
    return response;
  }

  return async (request, remoteAddress) => {
    const response = await protectedAnswer(request, remoteAddress).catch((error: unknown) => errorPage(request, error));
    const location = response.headers.get('location');
    if (location) response.headers.set('location', base + location);
    for (const [name, value] of Object.entries(protectionAt(publicOrigin))) response.headers.set(name, value);
    return request.method === 'HEAD' ? new Response(null, response) : response;
  };
}

function csvFilters({ searchParams }: URL) {
  const { q, status } = readFilters(searchParams);
  return { status, search: q };
}

/** To the sign-in page, and from there back to `back`. */
const toSignIn = (back: string): Response => redirect(`${SIGN_IN}?next=${encodeURIComponent(back)}`);

/** Rendered pages cost the most, so this is none. */
const tooManyPages = (waitMs: number) =>
  new Response('Too many pages were opened from this network. Wait a minute, then try again.\n', {
    status: 429,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'retry-after': String(Math.ceil(waitMs / 1_000)) },
  });

function redirect(location: string, ...cookies: string[]): Response {
  const response = new Response(null, { status: 303, headers: { location } });
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  return response;
}
