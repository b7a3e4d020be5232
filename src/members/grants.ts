/** The roles that members have, as they are stored. */
import type { Database } from '../record/db/database.ts';
import { may, type Grant, type Role } from './roles.ts';

/** The role of the first member, and of a new member without another role. */
export const OWNER_OF_ALL: Grant = { role: 'owner', form: null, mayReveal: false };

/** Gives a member these roles, in addition to those that they have. */
export async function addGrants(db: Database, memberId: string, grants: readonly Grant[]): Promise<void> {
  if (!grants.length) return;
  const rows = grants.map(({ role, form, mayReveal }) => ({
    member_id: memberId,
    role,
    form,
    may_reveal: Number(mayReveal),
  }));
  await db.query.insertInto('grants').values(rows).execute();
}

/** Takes the roles for one form from all members, and from codes that are not used yet. A code without another role ends. */
export async function removeGrantsFor(db: Database, form: string): Promise<void> {
  await db.query.deleteFrom('grants').where('form', '=', form).execute();
  const codes = await db.query.selectFrom('member_codes').select(['email', 'grants']).where('grants', 'is not', null).execute(); // prettier-ignore
  for (const { email, grants } of codes) {
    const before = grantsOfCode(grants);
    const after = before.filter((grant) => grant.form !== form);
    if (after.length === before.length) continue;
    if (after.length)
      await db.query.updateTable('member_codes').set({ grants: JSON.stringify(after) }).where('email', '=', email).execute(); // prettier-ignore
    else await db.query.deleteFrom('member_codes').where('email', '=', email).execute();
  }
}

/** The roles that a new colleague gets with a code. @param stored JSON, or null for a code that was made without roles */
export const grantsOfCode = (stored: string | null): Grant[] =>
  stored === null ? [OWNER_OF_ALL] : (JSON.parse(stored) as Grant[]);

/** The roles of a member; empty for one that has none. */
export async function listGrants(db: Database, memberId: string): Promise<Grant[]> {
  const rows = await db.query
    .selectFrom('grants')
    .select(['role', 'form', 'may_reveal'])
    .where('member_id', '=', memberId)
    .orderBy('role')
    .orderBy('form')
    .execute();
  return rows.map(({ role, form, may_reveal }) => ({ role: role as Role, form, mayReveal: may_reveal === 1 }));
}

/** Whether a member may edit a form now, and see its sensitive answers. A removed member may do neither. */
export async function publishingRights(db: Database, memberId: string, form: string) {
  const grants = await listGrants(db, memberId);
  return {
    editForms: may(grants, 'editForms', form),
    revealAnswers: may(grants, 'revealAnswers', form),
    erasePeople: may(grants, 'erasePeople', form),
  };
}
