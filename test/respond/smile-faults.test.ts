/** Smile slow, down or wrong: a bounded wait, a sentence that says what to do, and every answer safe. */
import { describe, expect, it, type TestOptions } from 'vitest';
import { ask, removeFolder, type TestSite } from '../helpers/site.ts';
import { ABOUT, beforeConnect, controlSmile, openSmallSite, send } from '../helpers/api/client.ts';

/** Each fault meets a site of its own, whose breaker has counted nothing yet; so while one is waited for, others are met. */
async function atSite(run: (site: TestSite) => Promise<void>): Promise<void> {
  const site = await openSmallSite();
  try {
    await run(site);
  } finally {
    await site.close();
    removeFolder(site.folder);
  }
}

const together: TestOptions = { concurrent: true, timeout: 60_000 };

const created = (data: unknown) => JSON.stringify({ code: 'OK', message: 'Success', requestId: 'r', data });
const faults: [string, Record<string, unknown>][] = [
  ['400', { status: 400 }],
  ['401', { status: 401 }],
  ['403', { status: 403 }],
  ['404', { status: 404 }],
  ['429', { status: 429 }],
  ['500', { status: 500 }],
  ['503', { status: 503 }],
  ['garbage', { status: 201, body: '<html>Bad gateway</html>' }],
  ['nothing', { status: 201, body: '' }],
  ['JSON that is null', { status: 201, body: 'null' }],
  ['201 without a token', { status: 201, body: created({ user: { id: 'u-1' } }) }],
  ['201 with an empty token', { status: 201, body: created({ user: { id: 'u-1' }, token: { accessToken: '', expiresAt: '2099-01-01T00:00:00Z', mode: 'SANDBOX' } }) }], // prettier-ignore
  ['a user id that is a path', { status: 201, body: created({ user: { id: '../x' }, token: { accessToken: 'x', expiresAt: '2099-01-01T00:00:00Z', mode: 'SANDBOX' } }) }], // prettier-ignore
  ['a redirect', { status: 302, body: '' }],
  ['nothing at all', { hangMs: 60_000 }],
];

describe.each(faults)('Smile answering %s', together, (kind, fault) => {
  it.each(['/v1/users', '/v1/tokens'])('at %s', (path) =>
    atSite(async (site) => {
      const draft = await beforeConnect(site);
      const again = path === '/v1/tokens';
      // The first launch brings its token with the new user; only later ones ask for tokens.
      if (again) expect((await draft.post('link-token', { screen: 'connect' })).status).toBe(200);
      await controlSmile(site, 'PATCH', '/settings', { fault: { path, ...fault } });

      const said = await draft.post('link-token', { screen: 'connect' }, {});
      // If Smile no longer knows a user, Flipsite makes a new one, with its first token.
      const remade = again && kind === '404';
      if (!remade) {
        expect([502, 503, 504]).toContain(said.status);
        expect(said.body.error).toMatchObject({
          code: 'smile_unavailable',
          message: expect.stringMatching(/saved.*again/),
        });
        expect(said.text).not.toMatch(/local|token|stack|Basic|ECONN|zod/i);
      }
      const { answers, accounts, events } = await ask<{ answers: unknown; accounts: unknown; events: { name: string }[] }>(site, `submissions/${draft.id}`); // prettier-ignore
      expect([answers, accounts]).toEqual([{ ...ABOUT, wage: 5 }, []]);
      expect(events.filter(({ name }) => name === 'linkTokenIssued')).toHaveLength(remade ? 2 : again ? 1 : 0);
      expect((await draft.put('money', { wage: 6 })).status).toBe(200);

      await controlSmile(site, 'PATCH', '/settings', { fault: null });
      expect((await draft.post('link-token', { screen: 'connect' })).status).toBe(200);
    }),
  );
});

it('being down takes the way for failures, when the form has one', together, () =>
  atSite(async (site) => {
    const draft = await beforeConnect(site);
    await controlSmile(site, 'PATCH', '/settings', { fault: { path: '/v1', status: 500 } });
    await draft.post('link-token', { screen: 'connect' });
    expect((await draft.put('connect', {})).body).toMatchObject({ next: { screen: 'upload' }, state: 'failed' });
    await draft.put('upload', { why: 'Smile was down' });
    expect((await draft.post('submit')).body.ending.id).toBe('done');
  }),
);

it('answers everybody quickly while Smile hangs, and all else goes on', together, () =>
  atSite(async (site) => {
    const drafts = await Promise.all(Array.from({ length: 30 }, () => beforeConnect(site)));
    await controlSmile(site, 'PATCH', '/settings', { fault: { path: '/v1/users', hangMs: 60_000 } });
    const waiting = Promise.all(drafts.map((draft) => draft.post('link-token', { screen: 'connect' })));
    expect((await send(site, 'GET', '/driver')).status).toBe(200);
    expect((await drafts[0]?.put('money', { wage: 8 }))?.status).toBe(200);
    for (const { status, body } of await waiting) {
      expect([502, 503, 504]).toContain(status);
      expect(body.error.code).toBe('smile_unavailable');
    }
  }),
);

it('makes one user for a person who launches the widget 20 times at once', together, () =>
  atSite(async (site) => {
    const draft = await beforeConnect(site);
    const said = await Promise.all(Array.from({ length: 20 }, () => draft.post('link-token', { screen: 'connect' })));
    const launched = said.filter(({ status }) => status === 200);
    expect(new Set(launched.map(({ body }) => body.userId)).size).toBe(1);
    expect(new Set(launched.map(({ body }) => body.accessToken)).size).toBe(launched.length);
    expect(launched.length).toBe(20);
  }),
);
