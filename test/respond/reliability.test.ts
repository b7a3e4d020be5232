/** What becomes of a person when something is wrong with Smile. The table in docs/reliability.md is written from here. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';
import { describe, expect, it } from 'vitest';
import { send, signature, webhook } from '../api/attack.ts';
import { root } from '../helpers/site.ts';
import { DAY, HOUR, MINUTE } from './lost.ts';
import { play, type Row, type Scene, type Stage } from './reliability.ts';

const at = (path: string, fault: Record<string, unknown>) => ({ fault: { path, ...fault } });
const users = (fault: Record<string, unknown>) => ({ before: at('/v1/users', fault) });
const created = (user: unknown, token: unknown) => JSON.stringify({ code: 'OK', message: 'Success', requestId: 'r', data: { user, token } }); // prettier-ignore
const token = { accessToken: 'x', expiresAt: '2099-01-01T00:00:00Z', mode: 'SANDBOX' };
const deafTo = { webhookDrop: ['ALL_EVENTS'] };

/** Webhooks that Smile would send of an account, as our secret signs them. */
const event = (userId: string, accountId: string, type: string, ago: number, id = crypto.randomUUID()) => ({
  id: `et-${id}`,
  version: 1,
  type,
  createdAt: new Date(Date.now() - ago * 1000).toISOString(),
  data: { userId, accountId, providers: ['grab'] },
});

const scenes: Scene[] = [
  { fault: 'None, for comparison' },
  ...[400, 401, 403, 404, 415, 500, 501, 503, 504].map((status) => ({
    fault: `Smile answers ${status} when a user is made`,
    ...users({ status }),
  })),
  { fault: 'Smile answers 429 once when a user is made', ...users({ status: 429, times: 1 }) },
  { fault: 'Smile answers 429 for as long as it is asked', ...users({ status: 429 }) },
  { fault: 'Smile is slow: 2 s for each answer', ...users({ hangMs: 2000 }) },
  { fault: 'Smile does not answer at all', ...users({ hangMs: 60_000 }) },
  { fault: 'The answer is cut off in the middle', ...users({ cut: 0.5 }) },
  { fault: 'The user is made, but the answer is lost', ...users({ lost: true, status: 504 }) },
  { fault: 'The user is made, the answer is lost, and the person tries again', ...users({ lost: true, status: 504 }), triesAgain: true },
  { fault: 'A page of HTML in place of the answer', ...users({ status: 200, body: '<html>Bad gateway</html>' }) },
  { fault: 'An empty answer', ...users({ status: 200, body: '' }) },
  { fault: '201 without a token', ...users({ status: 201, body: created({ id: 'u-1' }, undefined) }) },
  { fault: 'A user id that is none', ...users({ status: 201, body: created({ id: '../x' }, token) }) },
  { fault: 'All webhooks are lost', before: deafTo },
  { fault: 'All webhooks are lost, and the tab is closed before the page can tell anything', before: deafTo, leaves: true, linking: ({ deaf, userId }) => deaf.link(userId) },
  { fault: 'The page tells nothing, and the webhooks come', linking: ({ deaf, userId }) => deaf.link(userId) },
  { fault: 'Every webhook comes five times', before: { webhookRepeat: 5 } },
  { fault: 'Webhooks come twice and in no order', before: { webhookShuffle: true } },
  { fault: 'Webhooks come three seconds late', before: { webhookDelayMs: 3000 } },
  {
    fault: 'A webhook comes before the callback that it confirms',
    linking: async ({ deaf, userId, draft, claim }) => {
      const accountId = await deaf.link(userId);
      while (!(await deaf.accounts(draft))[0]?.confirmed) await new Promise((go) => setTimeout(go, 20));
      await claim(accountId);
    },
  },
  {
    fault: 'One sign-in fails, the next one succeeds, and the webhook of that is lost',
    before: { webhookDrop: ['ACCOUNT_CONNECTED'] },
    linking: async ({ deaf, userId, draft, claim }) => {
      await draft.tell('onClose', { reason: 'error', screen: 'connect' });
      const accountId = await deaf.link(userId);
      while (!(await deaf.accounts(draft))[0]?.confirmed) await new Promise((go) => setTimeout(go, 20));
      await claim(accountId);
      return accountId;
    },
  },
  {
    fault: 'An old webhook comes after a newer one',
    after: ({ deaf, userId, accountId }) => webhook(deaf.site, event(userId, accountId, 'ACCOUNT_FAILED', 600)),
  },
  {
    fault: 'A forged webhook says that the account is disconnected',
    after: ({ deaf, userId, accountId }) => {
      const body = JSON.stringify(event(userId, accountId, 'ACCOUNT_DISCONNECTED', 0));
      return send(deaf.site, 'POST', '/api/webhooks/smile', body, { 'smile-signature': signature(body, 'guessed') });
    },
  },
  {
    fault: 'A webhook is changed on its way',
    after: ({ deaf, userId, accountId }) => {
      const body = JSON.stringify(event(userId, accountId, 'ACCOUNT_FAILED', 0));
      const changed = body.replace('ACCOUNT_FAILED', 'ACCOUNT_DISCONNECTED');
      return send(deaf.site, 'POST', '/api/webhooks/smile', changed, { 'smile-signature': signature(body) });
    },
  },
  {
    fault: 'A webhook of 5 MB',
    after: ({ deaf, userId, accountId }) => webhook(deaf.site, { ...event(userId, accountId, 'ACCOUNT_DISCONNECTED', 0), padding: 'x'.repeat(5_000_000) }),
  },
  { fault: 'Smile’s clock is an hour ahead', before: { clockSkewSeconds: 3600 } },
  { fault: 'Smile’s clock is an hour behind', before: { clockSkewSeconds: -3600 } },
  { fault: 'Smile is down when the person goes on, and webhooks are lost', before: deafTo, leaving: at('/v1', { status: 503 }) },
  { fault: 'Garbage in place of the accounts when the person goes on, and webhooks are lost', before: deafTo, leaving: at('/v1/accounts', { status: 200, body: '{"data":7}' }) },
  { fault: 'The page claims an account that Smile does not know', linking: ({ claim }) => claim('a-made-up') },
  { fault: 'The page claims an account of somebody else', linking: ({ claim }) => claim('a-theirs', 'u-other') },
  {
    fault: 'The account is made up, and Smile is down when the person goes on',
    linking: ({ claim }) => claim('a-made-up'),
    leaving: at('/v1', { status: 503 }),
  },
  { fault: 'Smile refuses one kind of data at first', linking: linkedWhile(at('/v1/ratings', { status: 400, times: 3 })), lookAfter: 3 * HOUR },
  { fault: 'The data is cut off in the middle at first', linking: linkedWhile(at('/v1/identities', { cut: 0.5, times: 8 })), lookAfter: 3 * HOUR },
  {
    fault: 'The person disconnects later, and no webhook tells',
    before: deafTo,
    after: async ({ deaf, accountId, set }) => {
      await deaf.pass(5 * MINUTE, MINUTE);
      await set(deafTo);
      await deaf.smile.call('DELETE', `/v1/accounts/${accountId}`);
    },
    lookAfter: 2 * DAY,
  },
]; // prettier-ignore

function linkedWhile(settings: Record<string, unknown>) {
  return async ({ deaf, userId, set, claim }: Stage) => {
    const accountId = await deaf.link(userId);
    await set(settings);
    await claim(accountId);
    return accountId;
  };
}

const rows = new Map<string, Row>();

describe('a person meets', () => {
  it.concurrent.each(scenes)('$fault', { timeout: 120_000 }, async (scene) => {
    const row = await play(scene);
    rows.set(scene.fault, row);
    // Nobody is stuck: each goes on, or reads what to do and can.
    expect(row.saw).toMatch(/sent the form|Connect a work account to continue|Closed the tab/);
    expect(row.stored).not.toMatch(/twice/);
  });
});

it('the table in docs/reliability.md tells all of it', async () => {
  expect([...rows.keys()].sort()).toEqual(scenes.map(({ fault }) => fault).sort());
  const cells = (row: string[]) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const table = [
    cells(['What goes wrong', 'What the person sees', 'What is stored in the end']),
    cells(['---', '---', '---']),
    ...scenes.map(({ fault }) => cells([fault, rows.get(fault)?.saw ?? '', rows.get(fault)?.stored ?? ''])),
  ];
  const file = path.join(root, 'docs/reliability.md');
  const config = await prettier.resolveConfig(file);
  const part = await prettier.format([INTRODUCTION, table.join('\n')].join('\n\n'), { ...config, parser: 'markdown' });
  const [others = ''] = readFileSync(file, 'utf8').split(/^(?=## Smile$)/m);
  await expect(others + part).toMatchFileSnapshot(file);
});

const INTRODUCTION = `## Smile

<!-- The table is written by test/respond/reliability.test.ts, which plays each row. After a change, run it with --update. -->

What holds whatever Smile does:

- **Answers are safe.** They are stored before Smile is asked for anything.
- **Nobody waits for ever.** A token is there within 9 seconds, or the person reads that it is not, and can try again or go
  on where the form allows it.
- **One person is one user at Smile.** Smile takes no idempotency key, so a second user is never asked for blindly. Where the answer was lost, the next try looks first through the users that were made since, 450 at most and for
  4 seconds more, for the one that carries the submission’s id. Only if it is not there is another one made, and the
  timeline says so: the first may be there after all, with nothing linked.
- **The browser proves nothing.** What the page says of an account is a claim until a signed webhook or Smile’s API says
  so. If Smile cannot be asked, a claim lets the person go on, and stays marked as unconfirmed until Smile answers.
- **What nobody told is found.** Smile is asked about the accounts and documents of each submission again and again: after
  two minutes, and then after half the time that has passed since anything was last heard, at most a day later. What is linked
  in the first four minutes is known two minutes later, even if the phone died and every webhook was lost; one linked four
  hours after the window opened is known within two hours more. This ends when nothing can change any more: five and a
  half hours after the window was last opened with nothing connected, or 60 days after, when Smile forgets. An account that
  Smile keeps in sync is asked about once a day for as long as it is connected, and what a sync brings is read.
- **Statuses do not go back.** A report that is older by Smile’s clock than the one that stands changes nothing.
- **What is owed is done.** Reading, disconnecting and asking are tried again for a week, and what still fails is shown in the
  dashboard with its reason and a button that tries it again.

Below, each fault is in force until the form is sent, or for as long as the row says; the last column is what stands an
hour later, or longer where it takes longer. Had the person come back after “Wait a moment and try again”, they would have
gone on as in the first row.`;
