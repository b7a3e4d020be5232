/** The experience of a person when Smile fails. The table in docs/operate/reliability.md is written from here. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';
import { describe, expect, it } from 'vitest';
import { send, signature, webhook } from '../helpers/api/client.ts';
import { root } from '../helpers/site.ts';
import { DAY, HOUR, MINUTE } from './silent-smile.ts';
import { play, type Row, type Scene, type Stage } from './reliability.ts';

const at = (path: string, fault: Record<string, unknown>) => ({ fault: { path, ...fault } });
const users = (fault: Record<string, unknown>) => ({ before: at('/v1/users', fault) });
const created = (user: unknown, token: unknown) => JSON.stringify({ code: 'OK', message: 'Success', requestId: 'r', data: { user, token } }); // prettier-ignore
const token = { accessToken: 'x', expiresAt: '2099-01-01T00:00:00Z', mode: 'SANDBOX' };
const noWebhooks = { webhookDrop: ['ALL_EVENTS'] };

/** Webhooks that Smile would send of an account, as our secret signs them. */
const event = (userId: string, accountId: string, type: string, ago: number, id = crypto.randomUUID()) => ({
  id: `et-${id}`,
  version: 1,
  type,
  createdAt: new Date(Date.now() - ago * 1000).toISOString(),
  data: { userId, accountId, providers: ['grab'] },
});

const scenes: Scene[] = [
  { fault: 'Nothing, for comparison' },
  ...[400, 401, 403, 404, 415, 500, 501, 503, 504].map((status) => ({
    fault: `Smile answers ${status} when Flipsite creates a user`,
    ...users({ status }),
  })),
  { fault: 'Smile answers 429 once when Flipsite creates a user', ...users({ status: 429, times: 1 }) },
  { fault: 'Smile answers 429 every time', ...users({ status: 429 }) },
  { fault: 'Smile takes 2 seconds for each answer', ...users({ hangMs: 2000 }) },
  { fault: 'Smile does not answer', ...users({ hangMs: 60_000 }) },
  { fault: 'The answer breaks off in the middle', ...users({ cut: 0.5 }) },
  { fault: 'Smile creates the user, but its answer is lost', ...users({ lost: true, status: 504 }) },
  { fault: 'Smile creates the user, its answer is lost, and the person tries again', ...users({ lost: true, status: 504 }), triesAgain: true },
  { fault: 'Smile answers with an HTML page', ...users({ status: 200, body: '<html>Bad gateway</html>' }) },
  { fault: 'Smile sends an empty answer', ...users({ status: 200, body: '' }) },
  { fault: 'Smile answers 201 without a token', ...users({ status: 201, body: created({ id: 'u-1' }, undefined) }) },
  { fault: 'Smile sends an invalid user id', ...users({ status: 201, body: created({ id: '../x' }, token) }) },
  { fault: 'All webhooks are lost', before: noWebhooks },
  { fault: 'All webhooks are lost, and the person closes the tab before the page reports anything', before: noWebhooks, leaves: true, linking: ({ silent, userId }) => silent.link(userId) },
  { fault: 'The page reports nothing, but the webhooks arrive', linking: ({ silent, userId }) => silent.link(userId) },
  { fault: 'Every webhook arrives five times', before: { webhookRepeat: 5 } },
  { fault: 'Webhooks arrive twice and in random order', before: { webhookShuffle: true } },
  { fault: 'Webhooks arrive three seconds late', before: { webhookDelayMs: 3000 } },
  {
    fault: 'A webhook arrives before the callback that it confirms',
    linking: async ({ silent, userId, draft, claim }) => {
      const accountId = await silent.link(userId);
      while (!(await silent.accounts(draft))[0]?.confirmed) await new Promise((go) => setTimeout(go, 20));
      await claim(accountId);
    },
  },
  {
    fault: 'One sign-in fails, the next one succeeds, and its webhook is lost',
    before: { webhookDrop: ['ACCOUNT_CONNECTED'] },
    linking: async ({ silent, userId, draft, claim }) => {
      await draft.tell('onClose', { reason: 'error', screen: 'connect' });
      const accountId = await silent.link(userId);
      while (!(await silent.accounts(draft))[0]?.confirmed) await new Promise((go) => setTimeout(go, 20));
      await claim(accountId);
      return accountId;
    },
  },
  {
    fault: 'An old webhook arrives after a newer one',
    after: ({ silent, userId, accountId }) => webhook(silent.site, event(userId, accountId, 'ACCOUNT_FAILED', 600)),
  },
  {
    fault: 'A forged webhook reports that the account is disconnected',
    after: ({ silent, userId, accountId }) => {
      const body = JSON.stringify(event(userId, accountId, 'ACCOUNT_DISCONNECTED', 0));
      return send(silent.site, 'POST', '/api/webhooks/smile', body, { 'smile-signature': signature(body, 'guessed') });
    },
  },
  {
    fault: 'Someone changes a webhook in transit',
    after: ({ silent, userId, accountId }) => {
      const body = JSON.stringify(event(userId, accountId, 'ACCOUNT_FAILED', 0));
      const changed = body.replace('ACCOUNT_FAILED', 'ACCOUNT_DISCONNECTED');
      return send(silent.site, 'POST', '/api/webhooks/smile', changed, { 'smile-signature': signature(body) });
    },
  },
  {
    fault: 'A webhook has 5 MB',
    after: ({ silent, userId, accountId }) => webhook(silent.site, { ...event(userId, accountId, 'ACCOUNT_DISCONNECTED', 0), padding: 'x'.repeat(5_000_000) }),
  },
  { fault: 'Smile’s clock is one hour ahead', before: { clockSkewSeconds: 3600 } },
  { fault: 'Smile’s clock is one hour behind', before: { clockSkewSeconds: -3600 } },
  { fault: 'Webhooks are lost, and Smile is down when the person continues', before: noWebhooks, leaving: at('/v1', { status: 503 }) },
  { fault: 'Webhooks are lost, and Smile sends an unreadable list of accounts when the person continues', before: noWebhooks, leaving: at('/v1/accounts', { status: 200, body: '{"data":7}' }) },
  { fault: 'The page reports an account that Smile does not know', linking: ({ claim }) => claim('a-made-up') },
  { fault: 'The page reports an account of another person', linking: ({ claim }) => claim('a-theirs', 'u-other') },
  {
    fault: 'The page reports an invented account, and Smile is down when the person continues',
    linking: ({ claim }) => claim('a-made-up'),
    leaving: at('/v1', { status: 503 }),
  },
  { fault: 'Smile refuses one kind of data three times', linking: linkedWhile(at('/v1/ratings', { status: 400, times: 3 })), lookAfter: 3 * HOUR },
  { fault: 'The data breaks off in the middle at first', linking: linkedWhile(at('/v1/identities', { cut: 0.5, times: 8 })), lookAfter: 3 * HOUR },
  {
    fault: 'The person disconnects later, and the webhook is lost',
    before: noWebhooks,
    after: async ({ silent, accountId, set }) => {
      await silent.pass(5 * MINUTE, MINUTE);
      await set(noWebhooks);
      await silent.smile.call('DELETE', `/v1/accounts/${accountId}`);
    },
    lookAfter: 2 * DAY,
  },
]; // prettier-ignore

function linkedWhile(settings: Record<string, unknown>) {
  return async ({ silent, userId, set, claim }: Stage) => {
    const accountId = await silent.link(userId);
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
    // Each person continues, or reads what to do.
    expect(row.saw).toMatch(/submitted the form|Connect a work account to continue|Closed the tab/);
    expect(row.stored).not.toMatch(/twice/);
  });
});

it('the table in docs/operate/reliability.md has every row', async () => {
  expect([...rows.keys()].sort()).toEqual(scenes.map(({ fault }) => fault).sort());
  const cells = (row: string[]) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const table = [
    cells(['Failure', 'What the person sees', 'What is stored']),
    cells(['---', '---', '---']),
    ...scenes.map(({ fault }) => cells([fault, rows.get(fault)?.saw ?? '', rows.get(fault)?.stored ?? ''])),
  ];
  const file = path.join(root, 'docs/operate/reliability.md');
  const config = await prettier.resolveConfig(file);
  const part = await prettier.format([INTRODUCTION, table.join('\n')].join('\n\n'), { ...config, parser: 'markdown' });
  const [others = ''] = readFileSync(file, 'utf8').split(/^(?=## When Smile fails$)/m);
  await expect(others + part).toMatchFileSnapshot(file);
});

const INTRODUCTION = `## When Smile fails

<!-- test/respond/reliability.test.ts plays each row and writes the table. After a change, run it with --update. -->

These rules hold in every failure:

- **Answers are safe.** Flipsite stores them before it calls Smile.
- **No one waits forever.** If Smile gives no token within 9 seconds, or its widget does not load within 20 seconds, the person reads that the window can’t open. Then the person can try again, or continue if the form has a rule for that.
- **One person is one user at Smile.** Smile has no idempotency keys, so Flipsite never blindly creates a second user. If an answer was lost, the next attempt first looks for the user with the id of the submission. It looks through at most 450 new users, for at most 4 seconds more. If it finds none, Flipsite creates another user and notes that in the timeline.
- **The browser proves nothing.** An account that only the page reports is a claim. A signed webhook or Smile’s API confirms it. If Smile is down, the person can continue, and the account stays unconfirmed until Smile answers. This is not so if a webhook has said that Smile is still checking the sign-in, and the next one is late. Then the person waits for it, or takes the way without an account, if the form has one.
- **A lost webhook costs only time.** Flipsite asks Smile about the accounts and documents of each submission after two minutes. It asks again after half the time since the last news, at most one day later. If strangers open thousands of sign-in windows, Flipsite asks about windows without an account later. Connected accounts and documents do not wait for them.
- **An old report changes nothing.** Flipsite compares the times of Smile’s clock.
- **Failed work is retried.** Flipsite retries reading and disconnecting for a week. The dashboard lists the rest with the reason and a button to retry.

How soon Flipsite finds an account when every webhook is lost:

- An account that was linked in the first four minutes is found two minutes later, even if the phone died.
- An account that was linked four hours after the window opened is found within two more hours.
- If nothing is connected, Flipsite stops asking five and a half hours after the window was last opened.
- Otherwise it stops 60 days after that, when Smile deletes its data. Flipsite asks once a day about an account that Smile keeps in sync, as long as it is connected, and reads the new data.

In the table, each failure lasts until the person submits the form, or as long as the row says. The last column shows what is stored one hour later, or once retries have finished.
A person who comes back after “Wait a moment and try again” continues like in the first row.`;
