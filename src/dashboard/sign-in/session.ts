/** The session of the member who asks. */
import { may, type Permission } from '../../members/roles.ts';
import { findSession, type SignedIn } from '../../members/sessions.ts';
import type { DashboardContext } from '../context.ts';
import { readCookie } from '../http/cookies.ts';

/** The cookie of a session. */
export const SESSION = 'flipsite';

/** The member of the cookie as the database has them now. Undefined without a session. */
export async function findSignedIn(c: DashboardContext): Promise<SignedIn | undefined> {
  const { db, clock = () => new Date() } = c.var.options;
  const token = readCookie(c, SESSION);
  return token ? findSession(db, token, clock()) : undefined;
}

/** Asks again whether the member has a permission: an answer that takes long ends with the session, and with the role. */
export const stillMay =
  (c: DashboardContext, permission: Permission, form: string): (() => Promise<boolean>) =>
  async () =>
    may((await findSignedIn(c))?.grants ?? [], permission, form);
