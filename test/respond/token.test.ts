import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifySubmissionToken, tokenFor } from '../../src/respond/access/token.ts';
import { heldBytes } from '../helpers/heap.ts';
import { openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { itLong } from '../helpers/run/it-long.ts';

const FORM = `title: Hello
screens: [{ id: a, title: A, fields: [{ id: name, type: text, label: Name }] }]
endings: [{ id: done, title: Done }]
`;

describe('the token of a submission', () => {
  let site: TestSite;
  beforeAll(async () => {
    site = await openTestSite({ forms: { hello: FORM } });
  });
  afterAll(async () => {
    await site.close();
    removeFolder(site.folder);
  });

  it('opens it for 60 days, and says so', async () => {
    const headers = { 'content-type': 'application/json' };
    const started = await fetch(`${site.origin}/api/forms/hello/submissions`, { method: 'POST', headers, body: '{}' });
    const { id, token, expiresAt } = (await started.json()) as { id: string; token: string; expiresAt: string };
    const { created_at: createdAt } = await site.db.query
      .selectFrom('submissions')
      .select('created_at')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(60 * 86_400_000);

    const read = () =>
      fetch(`${site.origin}/api/submissions/${id}/answers`, { headers: { authorization: `Bearer ${token}` } });
    expect((await read()).status).toBe(200);
    const longAgo = new Date(Date.now() - 61 * 86_400_000).toISOString();
    await site.db.query.updateTable('submissions').set({ created_at: longAgo }).where('id', '=', id).execute();
    const late = await read();
    expect([late.status, await late.json()]).toMatchObject([404, { error: { code: 'unknown_submission' } }]);
  });
});

itLong('is not kept for ids that strangers make up', () => {
  const key = Buffer.alloc(32, 1);
  const before = heldBytes();
  for (let n = 0; n < 5_000; n++) {
    const address = Buffer.alloc(15_000, `${n} and so on, `).toString('latin1');
    expect(verifySubmissionToken([key], address, 'no token')).toBe(false);
    const id = address.slice(0, 36);
    expect(verifySubmissionToken([key], id, tokenFor([key], id))).toBe(true);
  }
  expect(heldBytes() - before).toBeLessThan(10_000_000);
  expect(verifySubmissionToken([key], 'another', 'no token')).toBe(false);
});
