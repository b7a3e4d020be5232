/** SECRET_KEY has been changed: submissions from before continue. */
import { randomBytes } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { linkOf, verifyInvitationToken } from '../../src/invite/link.ts';
import type { Invitation } from '../../src/record/invitations.ts';
import { openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { draftOf, expectRefusal, send } from '../helpers/api/client.ts';
import { filled, limited, startOf } from '../helpers/api/limited.ts';

const forms = { once: limited('params: [customer_id]\nlimits: { one_per: email }') };
const opened: TestSite[] = [];
/** Of all of them: a start is repeated within a minute. */
const NOW = new Date();
afterAll(() => removeFolder(opened[0]?.folder ?? ''));

async function openWith(keys: Buffer[], folder?: string): Promise<TestSite> {
  const [SECRET_KEY = '', ...former] = keys.map((key) => key.toString('base64'));
  const env = { SECRET_KEY, ...(former.length && { FORMER_SECRET_KEYS: former.join(',') }), RATE_LIMIT: 'off' };
  const site = await openTestSite({ forms, env, key: keys[0], now: () => NOW, ...(folder && { folder }) });
  opened.push(site);
  return site;
}

it('keeps drafts open, answers taken and retries known, and gives new tokens by the new key', async () => {
  const [before, now] = [randomBytes(32), randomBytes(32)];
  const first = await openWith([before]);
  const begun = (
    await startOf(first, 'once', { params: { customer_id: '7' } }, { 'idempotency-key': 'one-and-the-same' })
  ).body;
  const sent = await filled(first, 'once', 'ana@b.co');
  expect((await sent.post('submit')).status).toBe(200);
  await first.close();

  await expect(openWith([now], first.folder)).rejects.toThrow('The database was last used with the secret key');
  const site = await openWith([now, before], first.folder);
  const draft = draftOf(site, begun);
  const resumed = await send(site, 'GET', `/api/submissions/${begun.id}/answers`, undefined, draft.headers);
  expect([resumed.status, resumed.body.params]).toEqual([200, { customer_id: '7' }]);
  await draft.put('only', { email: 'ana@b.co' });
  expectRefusal(await draft.post('submit'), 422, 'invalid_answers');
  expect((await draft.put('only', { email: 'ben@b.co' })).status).toBe(200);
  const again = await startOf(
    site,
    'once',
    { params: { customer_id: '7' } },
    { 'idempotency-key': 'one-and-the-same' },
  );
  expect([again.status, again.body.id]).toEqual([201, begun.id]);
  expect(again.body.token).not.toBe(begun.token);
  await site.close();

  const without = await openWith([now], first.folder);
  const theirs = (token: string) => draftOf(without, { id: begun.id, token }).put('only', { email: 'ben@b.co' });
  expectRefusal(await theirs(begun.token), 404, 'unknown_submission');
  expect((await theirs(again.body.token)).status).toBe(200);
  await without.close();
});

it('opens the links of invitations that were sent before, until the former key is taken out', () => {
  const [before, now] = [randomBytes(32), randomBytes(32)];
  const invitation = { id: 'i-1', form: 'once', language: 'en' } as Invitation;
  const token = linkOf([before], invitation, 'https://forms.acme.example').split('.').at(-1) ?? '';
  expect(verifyInvitationToken([now, before], 'i-1', token)).toBe(true);
  expect(verifyInvitationToken([now], 'i-1', token)).toBe(false);
  expect(linkOf([now, before], invitation, '')).not.toContain(token);
});
