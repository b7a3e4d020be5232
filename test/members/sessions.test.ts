import { describe, expect, it } from 'vitest';
import { endSession, findSession, SESSION_DAYS, startSession } from '../../src/members/sessions.ts';
import { OWNER_OF_ALL } from '../../src/members/grants.ts';
import { addMember } from '../helpers/dashboard-client.ts';
import { later, NOW, temporaryDatabase } from '../helpers/database.ts';

const LIFE = SESSION_DAYS * 24 * 60 * 60;

async function signedIn() {
  const db = await temporaryDatabase();
  const member = {
    id: await addMember(db, 'ana@acme.example'),
    email: 'ana@acme.example',
    createdAt: NOW.toISOString(),
    grants: [OWNER_OF_ALL],
  };
  return { db, member, token: (await startSession(db, member.id, NOW)) ?? '' };
}

describe('a session', () => {
  it('belongs to its member until it ends', async () => {
    const { db, member, token } = await signedIn();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(await findSession(db, token, later(LIFE - 1))).toEqual(member);
    expect(await findSession(db, token, later(LIFE))).toBeUndefined();
    expect(await findSession(db, 'another', NOW)).toBeUndefined();
  });

  it('ends when the member signs out, and leaves the others open', async () => {
    const { db, member, token } = await signedIn();
    const other = (await startSession(db, member.id, NOW)) ?? '';
    await endSession(db, token);
    await endSession(db, token);
    expect(await findSession(db, token, NOW)).toBeUndefined();
    expect(await findSession(db, other, NOW)).toEqual(member);
  });

  it('is stored without its token, and cleared away after it has run out', async () => {
    const { db, member, token } = await signedIn();
    expect(JSON.stringify(await db.query.selectFrom('sessions').selectAll().execute())).not.toContain(token);
    await startSession(db, member.id, later(LIFE));
    expect(await db.query.selectFrom('sessions').selectAll().execute()).toHaveLength(1);
  });
});
