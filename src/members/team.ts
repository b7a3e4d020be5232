/** The team: all members with their roles, and the codes that are not used yet. */
import type { Database } from '../record/db/database.ts';
import { normalised } from './members.ts';
import { removeMember, withdrawCodesOf } from './codes.ts';
import { addGrants, grantsOfCode, listGrants } from './grants.ts';
import type { Grant } from './roles.ts';

export interface TeamMember {
  email: string;
  /** ISO 8601. */
  createdAt: string;
  grants: Grant[];
}

/** An unused code. `grants`: the roles of a new colleague; absent for a code with which a member chooses a new password. */
export interface OpenCode {
  email: string;
  /** ISO 8601. */
  expiresAt: string;
  grants: Grant[] | undefined;
}

/** All members, and the codes that are valid at `now`, by email. */
export async function listTeam(db: Database, now: Date): Promise<{ members: TeamMember[]; codes: OpenCode[] }> {
  const rows = await db.query.selectFrom('members').select(['id', 'email', 'created_at']).orderBy('email').execute();
  const members = await Promise.all(
    rows.map(async ({ id, email, created_at }) => ({ email, createdAt: created_at, grants: await listGrants(db, id) })),
  );
  const codes = await db.query
    .selectFrom('member_codes')
    .select(['email', 'expires_at', 'grants'])
    .where('expires_at', '>', now.toISOString())
    .orderBy('email')
    .execute();
  const known = new Set(members.map(({ email }) => email));
  return {
    members,
    codes: codes.map(({ email, expires_at, grants }) => ({
      email,
      expiresAt: expires_at,
      grants: known.has(email) ? undefined : grantsOfCode(grants),
    })),
  };
}

/** Why a change of the team was refused. */
export type TeamProblem = 'no member' | 'last owner';

/**
 * Gives a member these roles in place of those that they have. Their sessions go on, with the new roles. The codes that they
 * have made end, unless they can still change the team.
 * @returns the reason where it was refused
 */
export async function changeRoles(
  db: Database,
  address: string,
  grants: readonly Grant[],
  now: Date,
): Promise<TeamProblem | undefined> {
  return changeTeam(db, address, isOwnerOfAll(grants), async (trx, id) => {
    await trx.query.deleteFrom('grants').where('member_id', '=', id).execute();
    await addGrants(trx, id, grants);
    if (!isOwnerOfAll(grants)) await withdrawCodesOf(trx, id, now);
  });
}

/** Removes a member as `removeMember` does, unless no member would be left who can change the team. */
export const removeFromTeam = (db: Database, address: string, now: Date): Promise<TeamProblem | undefined> =>
  changeTeam(db, address, false, async (trx) => void (await removeMember(trx, address, now)));

/** @param staysOwner whether the member is an owner of all forms afterwards */
function changeTeam(
  db: Database,
  address: string,
  staysOwner: boolean,
  change: (trx: Database, id: string) => Promise<void>,
): Promise<TeamProblem | undefined> {
  // The transaction is serializable, so that two owners cannot remove each other at once.
  return db.transaction(async (trx) => {
    const email = normalised(address);
    const member = await trx.query.selectFrom('members').select('id').where('email', '=', email).executeTakeFirst();
    if (!member) return 'no member';
    const owners = await trx.query.selectFrom('grants').select('member_id').where('role', '=', 'owner').where('form', 'is', null).execute(); // prettier-ignore
    if (!staysOwner && owners.every(({ member_id }) => member_id === member.id)) return 'last owner';
    await change(trx, member.id);
    return undefined;
  });
}

const isOwnerOfAll = (grants: readonly Grant[]): boolean =>
  grants.some(({ role, form }) => role === 'owner' && form === null);
