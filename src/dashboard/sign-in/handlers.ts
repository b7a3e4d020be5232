/** Signing in and out: the pages, and the handlers of their forms. */
import { DEVICE_DAYS, deviceName, newDevice } from '../../members/devices.ts';
import { hasMembers } from '../../members/members.ts';
import { endSession, SESSION_DAYS, startSession } from '../../members/sessions.ts';
import type { DashboardContext } from '../context.ts';
import { markMember, readCookie, removeCookie, unmarkMember, writeCookie } from '../http/cookies.ts';
import { page, redirect } from '../http/page.ts';
import { safeNext } from '../http/safe-next.ts';
import { HOME, SETUP, SIGN_IN } from '../open-paths.ts';
import { SESSION } from './session.ts';
import { WRONG_PASSWORD, type SignInAttempt, type SignInResult } from './sign-in.ts';

type EntryPage = 'signIn' | 'setup' | 'code';

/** The lines of the log. */
const LOGS = { signIn: 'Signed in', setup: 'The dashboard has been set up', code: 'A code was used' };

/** The page of the first member while there is none, and of all others afterwards. */
async function showEntry(c: DashboardContext, name: 'signIn' | 'setup'): Promise<Response> {
  const next = safeNext(c.req.query('next'), c.var.origin);
  if (c.var.member) return redirect(c, next ?? HOME);
  const open = (await hasMembers(c.var.options.db)) ? 'signIn' : 'setup';
  const lost = (['change', 'view'] as const).find((one) => one === c.req.query('lost'));
  return open === name ? page(c, name, { next, lost }) : redirect(c, open === 'signIn' ? SIGN_IN : SETUP);
}

export const showSignIn = (c: DashboardContext): Promise<Response> => showEntry(c, 'signIn');

export const showSetup = (c: DashboardContext): Promise<Response> => showEntry(c, 'setup');

export const showCode = (c: DashboardContext): Response | Promise<Response> =>
  c.var.member ? redirect(c, HOME) : page(c, 'code', {});

const attemptFrom = (c: DashboardContext): SignInAttempt => ({
  form: c.var.posted.form,
  remoteAddress: c.env.remoteAddress,
  now: c.var.now,
  cookieOf: (name) => readCookie(c, name),
});

export const handleSignIn = async (c: DashboardContext): Promise<Response> =>
  startMemberSession(c, 'signIn', await c.var.signIn.signIn(attemptFrom(c)));

export const setUp = async (c: DashboardContext): Promise<Response> =>
  startMemberSession(c, 'setup', await c.var.signIn.setUp(attemptFrom(c)));

export const handleCode = async (c: DashboardContext): Promise<Response> =>
  startMemberSession(c, 'code', await c.var.signIn.redeem(attemptFrom(c)));

export async function signOut(c: DashboardContext): Promise<Response> {
  const token = readCookie(c, SESSION);
  if (token) await endSession(c.var.options.db, token);
  removeCookie(c, SESSION);
  unmarkMember(c);
  return redirect(c, SIGN_IN);
}

/** Starts a new session each time. Ends the old one, which an attacker may have put into the browser. */
async function startMemberSession(c: DashboardContext, name: EntryPage, result: SignInResult): Promise<Response> {
  const { options, now, origin, posted } = c.var;
  const next = safeNext(posted.form.get('next'), origin);
  if (!('member' in result)) return showError(c, name, result, next);
  const { member, passwordHash } = result;
  const token = await startSession(options.db, member.id, now, passwordHash);
  const { email } = member;
  if (!token) return showError(c, name, { status: 422, field: 'password', email, fault: WRONG_PASSWORD }, next);
  const before = readCookie(c, SESSION);
  if (before) await endSession(options.db, before);
  options.log?.info({ member: member.id }, LOGS[name]);
  writeCookie(c, SESSION, token, SESSION_DAYS);
  writeCookie(c, deviceName(email), newDevice(options.keys, email, now), DEVICE_DAYS);
  markMember(c, SESSION_DAYS);
  return redirect(c, next ?? HOME);
}

/** The page again, with the error. A code stays in its field unless it was wrong, and a password never does. */
async function showError(
  c: DashboardContext,
  name: EntryPage,
  error: Exclude<SignInResult, { member: unknown }>,
  next: string | undefined,
): Promise<Response> {
  const { status, field, retryAfter } = error;
  c.var.options.countRefusedSignIn?.();
  // The log already has the person who must wait. More lines could fill the disk.
  if (!retryAfter && c.var.signIn.mayLogRefusal(c.var.now))
    c.var.options.log?.warn({ remoteAddress: c.env.remoteAddress, status }, `Refused at ${c.req.path}`);
  const code = field === 'code' ? undefined : (c.var.posted.form.get('code') ?? undefined);
  // Another person has set up the dashboard in the meantime.
  const response = await page(c, status === 409 ? 'signIn' : name, { next, error: { ...error, code } }, status);
  if (retryAfter) response.headers.set('retry-after', String(retryAfter));
  return response;
}
