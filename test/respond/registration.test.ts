/**
 * Our webhook at Smile: registered with a secret that no one sees, replaced without losing an event, and applied again.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealKeys } from '../../src/record/crypto/seal.ts';
import { lastUpdateOf } from '../../src/dashboard/smile-connection/smile.ts';
import { registerWebhook, webhookState } from '../../src/respond/smile/register.ts';
import { replayWebhooks } from '../../src/respond/smile/webhook.ts';
import type { Services } from '../../src/respond/services.ts';
import { smileAdmin } from '../../src/site/smile-admin.ts';
import { webhookSecrets } from '../../src/record/webhook-registrations.ts';
import { createSmileClient } from '../../src/smile/client.ts';
import { defaultKeys } from '../../src/local-smile/local-smile.ts';
import { eventually, send, signature, webhook } from '../helpers/api/client.ts';
import { postgresFor } from '../helpers/postgres/postgres.ts';
import { ask } from '../helpers/site.ts';
import { commandArguments } from '../helpers/programs.ts';
import { signedIn, wordsOf } from '../helpers/visitor.ts';
import { describeLong } from '../helpers/run/it-long.ts';
import { DAY, HOUR, openSilentSmile, type SilentSmile } from './silent-smile.ts';

let silent: SilentSmile;
beforeEach(async () => {
  silent = await openSilentSmile();
});
afterEach(() => silent.close());

const client = () => createSmileClient({ host: silent.smile.origin, ...defaultKeys });
const parts = () => ({ db: silent.site.db, smile: client(), now: () => new Date(silent.now()) });
const url = () => `${silent.site.origin}/api/webhooks/smile`;
const there = async () =>
  (await silent.smile.call('GET', '/v1/webhooks')).body.data.items as { id: string; secret: string }[];

describe('registering', () => {
  it('brings the webhooks of Smile, signed with a secret that is encrypted everywhere', async () => {
    await registerWebhook(parts(), url());
    const [own] = await there();
    expect(own?.secret).toMatch(/^[\w-]{43}$/);
    const rows = await silent.site.db.query.selectFrom('smile_webhooks').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(own?.secret);
    expect(silent.site.logged()).not.toContain(own?.secret);

    const { draft, userId } = await silent.open();
    const accountId = await silent.link(userId);
    const seen = () => silent.accounts(draft);
    await eventually(async () => (await seen()).some(({ status }) => status === 'CONNECTED'));
    expect(await seen()).toMatchObject([{ accountId, confirmed: true }]);
  });

  it('a second time replaces the first, and webhooks of the first are accepted for a day', async () => {
    await registerWebhook(parts(), url());
    const [first] = await there();
    await registerWebhook(parts(), url());
    const [second, ...more] = await there();
    expect(more).toEqual([]);
    expect(second?.secret).not.toBe(first?.secret);
    const late = JSON.stringify({ id: 'et-late', version: 1, type: 'USER_CREATED', createdAt: '2026-11-24T10:00:00Z', data: {} }); // prettier-ignore
    const said = async (secret = '') => (await send(silent.site, 'POST', '/api/webhooks/smile', late, { 'smile-signature': signature(late, secret) })).status; // prettier-ignore
    expect(await said(first?.secret)).toBe(200);
    expect(await said(second?.secret)).toBe(200);
    expect(await said('anything')).toBe(401);
    await silent.pass(DAY * 1.1);
    expect(await said(first?.secret)).toBe(401);
    expect(await said(second?.secret)).toBe(200);
  });

  it('leaves webhooks of others alone', async () => {
    const theirs = { name: 'Payroll', url: 'https://acme.example/hook', eventTypes: ['ALL_EVENTS'], active: true, secret: 'x' }; // prettier-ignore
    await silent.smile.call('POST', '/v1/webhooks', theirs);
    await registerWebhook(parts(), url());
    await registerWebhook(parts(), url());
    expect((await there()).map(({ secret }) => secret)).toContain('x');
    expect(await there()).toHaveLength(2);
  });

  it('that Smile refuses or does not answer leaves the one before as it was, and is mended by the next', { timeout: 60_000 }, async () => {
    await registerWebhook(parts(), url());
    const [first] = await there();
    for (const fault of [{ status: 400 }, { status: 500 }, { status: 200, body: '<html>' }]) {
      await silent.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/webhooks', ...fault } });
      await expect(registerWebhook(parts(), url())).rejects.toThrow(/^Smile/);
      await silent.smile.call('PATCH', '/__local/settings', { fault: null });
      expect(await there()).toEqual([first]);
    }
    await registerWebhook(parts(), url());
    expect(await there()).toHaveLength(1);
    expect((await there())[0]?.secret).not.toBe(first?.secret);
    expect(await webhookSecrets(silent.site.db, new Date(silent.now()))).toContain((await there())[0]?.secret);
  }); // prettier-ignore

  it('that Smile refuses does not name an earlier one, where there was none', async () => {
    await silent.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/webhooks', status: 401 } });
    const said = await smileAdmin(parts() as unknown as Services, { local: false, secretSet: false, site: silent.site.origin }).register(); // prettier-ignore
    expect(said).toMatch(
      /^The webhook was not registered\. .* Flipsite accepts the same updates as before\. Try again\.$/,
    );
    expect(said).not.toContain('previous');
  });

  it('counts no update of local Smile, from before the keys were set, as one of Smile', async () => {
    const seen = async (byHand = false) => {
      const { own, lastAt } = await webhookState(parts(), url());
      return lastUpdateOf({ local: false, byHand }, { since: own?.createdAt, lastAt });
    };
    const arrive = (id: string) => silent.site.db.query.insertInto('events').values({ scope: 'smile', id, submission_id: null, smile_user_id: null, name: 'USER_CREATED', source: 'webhook', at: parts().now().toISOString(), received_at: parts().now().toISOString(), data: '{}' }).execute(); // prettier-ignore
    expect(await seen()).toEqual({ words: 'No update is stored.' });
    await arrive('et-local');
    expect(await seen()).toBeUndefined();
    await silent.pass(HOUR);
    await registerWebhook(parts(), url());
    expect(await seen()).toEqual({ words: 'No update has come since this site was connected.' });
    const member = await signedIn(silent.site, parts().now());
    for (const page of ['/admin/settings', '/admin/settings/smile'])
      expect(wordsOf((await member(page)).text)).toContain('No update has come since this site was connected.');
    await silent.pass(HOUR);
    await arrive('et-smile');
    expect(await seen()).toEqual({ words: 'Last update:', at: parts().now().toISOString() });
    expect(wordsOf((await member('/admin/settings/smile')).text)).toMatch(/Last update: \d/);
  });

  it('shows its state', async () => {
    const state = (address: string | undefined = url(), { db, smile } = parts()) =>
      webhookState({ db, smile }, address);
    expect(await state()).toMatchObject({ own: undefined, atSmile: undefined, fault: undefined });
    const made = await registerWebhook(parts(), url());
    expect(await state()).toMatchObject({ own: { smileId: made.id }, atSmile: { active: true }, missed: undefined });
    expect((await state('https://new.example.com/api/webhooks/smile')).missed).toBe(
      `Smile sends its webhooks to ${url()}, but the address of this site is https://new.example.com/api/webhooks/smile.`,
    );
    expect((await state(url().replace('http:', 'HTTP:'))).missed).toBeUndefined();
    const withoutKey = { ...parts(), db: { ...parts().db, keys: sealKeys([randomBytes(32)]) } };
    expect((await state(url(), withoutKey)).missed).toMatch('the key that encrypted their secret is lost');
    await silent.smile.call('DELETE', `/v1/webhooks/${made.id}`);
    expect(await state()).toMatchObject({ own: { smileId: made.id }, atSmile: undefined, missed: undefined });
    await silent.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1', status: 401 } });
    expect((await state()).fault).toBe('Smile refused the keys. Check API_KEY, API_SECRET and OPEN_API_HOST.');
  });
});

describe('playing again', () => {
  it('changes nothing that was taken in before, however often', async () => {
    const { draft, userId } = await silent.open();
    const about = (type: string, minute: number, id = type) =>
      webhook(silent.site, { id: `et-${id}`, version: 1, type, createdAt: `2026-11-01T10:0${minute}:00Z`, data: { userId, accountId: 'a-1', providers: ['grab'] } }); // prettier-ignore
    for (const [at, type] of ['ACCOUNT_CREATED', 'ACCOUNT_FAILED', 'ACCOUNT_CONNECTED', 'ACCOUNT_DISCONNECTED', 'SOMETHING_NEW'].entries()) await about(type, at); // prettier-ignore
    const before = await ask(silent.site, `submissions/${draft.id}`);
    for (let time = 0; time < 3; time++) {
      expect(await replayWebhooks(parts())).toEqual({ events: 5, changed: 0 });
    }
    expect(await ask(silent.site, `submissions/${draft.id}`)).toEqual(before);
    expect(await replayWebhooks(parts(), new Date(silent.now() + DAY))).toEqual({ events: 0, changed: 0 });
  });

  it('applies the webhooks that had no submission when they came', async () => {
    const early = { id: 'et-early', version: 1, type: 'ACCOUNT_CONNECTED', createdAt: '2026-11-01T10:00:00Z' };
    const { draft, userId } = await silent.open();
    const data = { userId, accountId: 'a-early', providers: ['grab'] };
    await silent.site.db.query
      .updateTable('submissions')
      .set({ smile_user_id: null })
      .where('id', '=', draft.id)
      .execute();
    await webhook(silent.site, { ...early, data });
    await silent.site.db.query
      .updateTable('submissions')
      .set({ smile_user_id: userId })
      .where('id', '=', draft.id)
      .execute();
    expect(await silent.accounts(draft)).toEqual([]);
    expect(await replayWebhooks(parts())).toEqual({ events: 1, changed: 1 });
    expect(await silent.accounts(draft)).toMatchObject([
      { accountId: 'a-early', status: 'CONNECTED', confirmed: true },
    ]);
  });

  it('goes through many', { timeout: 60_000 }, async () => {
    const rows = Array.from({ length: 450 }, (_, n) => ({
      scope: 'smile',
      id: `et-${n}`,
      submission_id: null,
      smile_user_id: null,
      name: 'USER_CREATED',
      source: 'webhook',
      at: '2026-11-24T10:00:00.000Z',
      received_at: '2026-11-24T10:00:00.000Z',
      data: JSON.stringify({ id: `et-${n}`, version: 1, type: 'USER_CREATED', createdAt: '2026-11-24T10:00:00Z', data: {} }),
    })); // prettier-ignore
    for (let at = 0; at < rows.length; at += 90) await silent.site.db.query.insertInto('events').values(rows.slice(at, at + 90)).execute(); // prettier-ignore
    expect((await replayWebhooks(parts())).events).toBe(450);
  });
});

describeLong('npm run smile', () => {
  const run = (...words: string[]) => runAt(silent.smile.origin, ...words);
  const runAt = async (smile: string, ...words: string[]) => {
    const database = await postgresFor(silent.site.folder);
    const env = {
      ...process.env,
      ...(database && { DATABASE_URL: database }),
      API_KEY: defaultKeys.apiKey,
      API_SECRET: defaultKeys.apiSecret,
      OPEN_API_HOST: `${smile}/v1`,
      PUBLIC_ORIGIN: silent.site.origin,
      DATA_DIR: path.join(silent.site.folder, 'data'),
    };
    return promisify(execFile)(process.execPath, [...commandArguments('smile'), ...words], { env, cwd: silent.site.folder }).then(
      ({ stdout }) => stdout,
      (error: { stderr: string }) => error.stderr,
    ); // prettier-ignore
  };

  it(
    'does not say that nothing has changed where Smile fails after it made the webhook',
    { timeout: 60_000 },
    async () => {
      const failing = createServer((request, response) => {
        if (request.method === 'GET') return response.writeHead(401).end('{}');
        const { method, headers, url: address = '' } = request;
        return request.pipe(httpRequest(silent.smile.origin + address, { method, headers }, (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 0, answer.headers)))); // prettier-ignore
      });
      await once(failing.listen(0, '127.0.0.1'), 'listening');
      const said = await runAt(`http://127.0.0.1:${(failing.address() as AddressInfo).port}`, 'register');
      failing.close();
      expect(await there()).toHaveLength(1);
      expect(said).toMatch(/ Flipsite accepts the same webhooks as before\. Try again\.\n$/);
    },
  );

  it('registers beside a running server, which believes the new secret at once', { timeout: 60_000 }, async () => {
    expect(await run('webhook')).toContain('This site has registered no webhook.');
    const said = await run('register');
    expect(said).toContain(`Smile now sends its webhooks to ${url()}.`);
    expect(said).toContain('Smile has the webhook of this site. It is active.');
    expect(said).not.toContain((await there())[0]?.secret);
    const { draft, userId } = await silent.open();
    await silent.link(userId);
    await eventually(async () => (await silent.accounts(draft))[0]?.status === 'CONNECTED');
    expect(await run('replay')).toMatch(/^Replayed \d+ webhooks\. 0 webhooks changed an account\./);
    for (const day of ['11/20', '2026-02-31'])
      expect(await run('replay', day)).toContain(
        `'${day}' is invalid for argument 'from'. Write a day like 2026-11-20.`,
      );
    expect(await run('sing')).toContain('too many arguments. Expected 0 arguments but got 1: sing.');
  });
});
