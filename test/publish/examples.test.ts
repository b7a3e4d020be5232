/** Forms that are examples answer on local Smile and in private, and nowhere else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPublic } from '../../src/deliver/webhook-address.ts';
import { opensExamples } from '../../src/site/examples.ts';
import { ownAddresses } from '../../src/site/own-addresses.ts';
import { API_KEY, ask, openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../helpers/site.ts';

const PUBLIC = 'https://forms.acme.example';
const FORM = `
title: Own form
invite: { expires: 30 days }
screens: [{ id: one, title: One, fields: [{ id: name, type: text, label: Name }] }]
endings: [{ id: done, title: Done }]
`;
const forms = { own: FORM, tryout: FORM.replace('title: Own form', 'title: Try it\nexample: true') };

describe('examples', () => {
  const nowhere = { local: true, host: '0.0.0.0' };

  it.each([
    ['on local Smile, on a machine in a private network', { ...nowhere }, ['192.168.1.7', '127.0.0.1'], true],
    ['on local Smile, listening at this machine alone', { ...nowhere, host: '127.0.0.1' }, ['203.0.113.7'], true],
    ['at http://localhost', { ...nowhere, publicUrl: 'http://localhost:9999' }, ['8.8.8.8'], true],
    ['at a private address', { ...nowhere, publicUrl: 'http://10.0.0.5:8000' }, ['8.8.8.8'], true],
    ['at a name of a private network', { ...nowhere, publicUrl: 'http://flipsite:8000' }, [], true],
  ] as const)('answer %s', (_where, place, addresses, open) => {
    expect(
      opensExamples(
        place,
        isPublic,
        addresses?.map((address) => ({ address })),
      ),
    ).toBe(open);
  });

  it.each([
    ['with real keys', { local: false, host: '127.0.0.1' }, ['127.0.0.1']],
    ['at a public origin', { ...nowhere, publicUrl: PUBLIC }, ['127.0.0.1']],
    ['at a public address', { ...nowhere, publicUrl: 'http://[2a01:4f8::1]' }, ['127.0.0.1']],
    ['on a machine with a public address', nowhere, ['127.0.0.1', '8.8.8.8']],
    ['listening at every address, as 0', { ...nowhere, host: '0' }, ['8.8.8.8']],
    ['listening at every address, as ::0', { ...nowhere, host: '::0' }, ['8.8.8.8']],
    ['listening at a public address', { ...nowhere, host: '8.8.8.8' }, []],
    ['on a machine that does not tell its addresses', nowhere, undefined],
  ] as const)('do not answer %s', (_where, place, addresses) => {
    expect(
      opensExamples(
        place,
        isPublic,
        addresses?.map((address) => ({ address })),
      ),
    ).toBe(false);
  });
});

it('a system that does not tell the addresses of the machine is no error', () => {
  const refuse = (): never => {
    throw new Error('uv_interface_addresses returned Unknown system error 97');
  };
  expect(ownAddresses(refuse)).toBeUndefined();
  expect(ownAddresses()).toContainEqual(expect.objectContaining({ address: '127.0.0.1', internal: true }));
});

describe('a site at a public origin', () => {
  let site: TestSite;
  let cookie: string;
  beforeAll(async () => {
    site = await openTestSite({ forms, env: { PUBLIC_ORIGIN: PUBLIC, RATE_LIMIT: 'off' } });
    const set = await post('/admin/setup', { code: SETUP_CODE, email: 'ops@acme.example', password: 'a long enough secret' }); // prettier-ignore
    cookie = set.headers.get('set-cookie')?.split(';')[0] ?? '';
  });
  afterAll(async () => {
    await site.close();
    removeFolder(site.folder);
  });

  const post = (address: string, fields: Record<string, string>) =>
    fetch(site.origin + address, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: PUBLIC, 'content-type': 'application/x-www-form-urlencoded', ...(cookie && { cookie }) },
      body: new URLSearchParams(fields).toString(),
    });
  const statusOf = async (address: string) => (await fetch(site.origin + address)).status;

  it('answers 404 at the address of an example, in every language and version', async () => {
    const version = site.catalog.list().find(({ form }) => form.slug === 'tryout')?.version;

    expect(await statusOf('/own')).toBe(200);
    for (const address of ['/tryout', '/tryout/en', `/tryout?version=${version}`]) expect(await statusOf(address)).toBe(404);
  }); // prettier-ignore

  it('begins no submission of one', async () => {
    const start = await fetch(`${site.origin}/api/forms/tryout/submissions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }); // prettier-ignore
    expect([start.status, await start.json()]).toMatchObject([404, { error: { code: 'unknown_form' } }]);
    expect((await post('/tryout', { name: 'Ana' })).status).toBe(404);
  });

  it('names none to programs', async () => {
    const { items } = await ask<{ items: { slug: string }[] }>(site, 'forms');
    expect(items.map(({ slug }) => slug)).toEqual(['own']);
    const submissions = await fetch(`${site.origin}/api/forms/tryout/submissions`, { headers: { authorization: `Bearer ${API_KEY}` } }); // prettier-ignore
    expect(submissions.status).toBe(404);
  });

  it('lists them under Examples in the dashboard, without a link', async () => {
    const page = await (await fetch(`${site.origin}/admin`, { headers: { cookie } })).text();
    expect(page.indexOf('Examples</h2>')).toBeGreaterThan(page.indexOf('Own form'));
    expect(page.indexOf('Try it')).toBeGreaterThan(page.indexOf('Examples</h2>'));
    expect(page).toContain('href="/own"');
    expect(page).not.toContain('href="/tryout"');
    expect(await (await fetch(`${site.origin}/admin/forms/tryout`, { headers: { cookie } })).text()).toContain('This form is an example.'); // prettier-ignore
  });

  it('invites no person to one', async () => {
    const invited = await post('/admin/forms/tryout/invitations', { name: 'Ana', email: 'ana@mail.example' });
    expect([invited.status, await invited.text()]).toEqual([409, expect.stringContaining('This form is an example')]);
  });
});

describe('a site on local Smile at this machine', () => {
  it('serves its examples as any other form', async () => {
    const site = await openTestSite({ forms });
    expect((await fetch(`${site.origin}/tryout`)).status).toBe(200);
    await site.close();
    removeFolder(site.folder);
  });
});
