import { writeFileSync } from 'node:fs';
import path from 'node:path';
/** Suspected spam is stored like anything else and marked, and a member decides about it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Challenge } from '../../src/contract/api.ts';
import { countByForm, rebuildTallies } from '../../src/record/submissions/tallies.ts';
import { ask, SETUP_CODE, type TestSite } from '../helpers/site.ts';
import { draftOf, eventually, send, type Draft, type ApiResponse } from '../helpers/api/client.ts';
import { clock, filled, limited, openLimited, post, startOf } from '../helpers/api/limited.ts';
import { solve } from './bounds/proof.ts';

const TWO = `
title: Two screens
screens:
  - { id: one, title: One, fields: [{ id: full_name, type: text, label: Full name, required: true }] }
  - id: two
    title: Two
    fields:
      - { id: town, type: text, label: Town, required: true }
      - { id: job, type: text, label: Job, required: true }
      - { id: fine, type: yes_no, label: Fine? }
endings:
  - { id: done, title: Done }
`;

const time = clock('2026-12-15T12:00:00Z');
let site: TestSite;
beforeAll(async () => {
  const forms = {
    trap: limited('limits: { max: 1, one_per: email }'),
    two: TWO,
    work: limited('proof_of_work: true'),
    desk: limited('limits: { one_per: email }'),
  };
  site = await openLimited(forms, time.now, { RATE_LIMIT: 'on' });
});
afterAll(() => site.close());

interface Item {
  id: string;
  quarantined: boolean;
  status: string;
}
const item = (id: string): Promise<Item> => ask<Item>(site, `submissions/${id}`);
/** Tests that look for the newest move the clock before: within a millisecond, ids are in no order. */
const newest = async (slug: string): Promise<Item> => {
  const { items } = await ask<{ items: Item[] }>(site, `forms/${slug}/submissions`);
  return items[0] as Item;
};
const suspicionOf = async (id: string) => {
  const row = await site.db.query.selectFrom('submissions').select('suspicion').where('id', '=', id).executeTakeFirst();
  return row?.suspicion && (JSON.parse(row.suspicion) as string[]);
};

async function sent(slug: string, email: string, start: Record<string, unknown> = {}): Promise<Draft> {
  const draft = draftOf(site, (await startOf(site, slug, start)).body);
  expect((await draft.put('only', { email })).status).toBe(200);
  expect((await draft.post('submit')).status).toBe(200);
  return draft;
}

/** The people with a submission of the form `trap` in quarantine. */
let bot: Draft;

describe('a field that people cannot see', () => {
  it('marks a person who fills it in, and changes nothing else for this person', async () => {
    bot = await sent('trap', 'bot@b.co', { trap: 'https://spam.example' });
    expect(await item(bot.id)).toMatchObject({ quarantined: true, status: 'submitted' });
    expect(await suspicionOf(bot.id)).toEqual(['trap']);
  });

  it('leaves the last place of a form to others', async () => {
    time.on(2);
    expect((await startOf(site, 'trap')).status).toBe(201);
  });

  it('marks a post of a browser too', async () => {
    time.on(1);
    const said = await post(site, '/desk', { email: 'bot2@b.co', website_url_2: 'x' });
    expect(said.status).toBe(303);
    expect((await newest('desk')).quarantined).toBe(true);
  });

  it('is no field that a form can have', async () => {
    const { parseForm } = await import('../../src/form/parse.ts');
    const parsed = parseForm('form.yaml', TWO.replace('full_name', 'website_url_2'), time.now());
    expect(parsed.ok ? [] : parsed.faults.map(({ message }) => message)).toEqual([
      'the id `website_url_2` is reserved',
    ]);
  });
});

describe('the time it takes', () => {
  const through = async (seconds: number, sent: object = {}, params: object = {}): Promise<Item> => {
    const draft = draftOf(site, (await startOf(site, 'two', { params })).body);
    expect((await draft.put('one', { full_name: 'Ana' })).status).toBe(200);
    time.on(seconds);
    expect((await draft.put('two', { town: 'Cebu', job: 'Driver', fine: true })).status).toBe(200);
    expect((await draft.post('submit', sent)).status).toBe(200);
    return item(draft.id);
  };

  it('of two seconds and half of one for each typed field is a person’s', async () => {
    expect((await through(3)).quarantined).toBe(false);
  });

  it('that is too short marks the submission as spam', async () => {
    const fast = await through(2.9);
    expect(fast.quarantined).toBe(true);
    expect(await suspicionOf(fast.id)).toEqual(['fast']);
  });

  it('is less by half a second for each field that the link fills in', async () => {
    const prefilled = { town: 'Cebu', fine: 'true', other: 'x' };
    expect((await through(2.5, {}, prefilled)).quarantined).toBe(false);
    expect((await through(2.4, {}, prefilled)).quarantined).toBe(true);
  });

  it('is the one of the page, where all of it waited for the network', async () => {
    expect((await through(0.1, { openMs: 90_000 })).quarantined).toBe(false);
  });

  it('is not known of a form of one screen, whose answers were typed before it began', async () => {
    const draft = await filled(site, 'desk', 'quick@b.co');
    await draft.post('submit');
    expect((await item(draft.id)).quarantined).toBe(false);
  });

  it('is not known of a page that a browser posts itself', async () => {
    time.on(1);
    await post(site, '/two', { full_name: 'Ana', town: 'Cebu', job: 'Driver' });
    expect(await newest('two')).toMatchObject({ quarantined: false, status: 'submitted' });
  });
});

describe('proof of work', () => {
  const challenge = async (slug = 'work'): Promise<Challenge> =>
    (await send(site, 'GET', `/api/forms/${slug}/challenge`)).body;
  const marked = async (body: unknown, headers = {}) => {
    const said: ApiResponse = await startOf(site, 'work', body, headers);
    expect(said.status).toBe(201);
    return (await item(said.body.id)).quarantined;
  };

  it('is required from a page of an earlier version too', async () => {
    // The site itself reads the file. A second reader could store the earlier text after it.
    const publish = async (keys: string) => {
      const before = site.catalog.current('late')?.version;
      writeFileSync(path.join(site.formsDir, 'late.yaml'), limited(keys));
      await eventually(async () => site.catalog.current('late')?.version !== before);
    };
    await publish('limits: { max: 100 }');
    const { version } = (await startOf(site, 'late')).body;
    await publish('proof_of_work: true');
    const said = await startOf(site, 'late', { version });
    expect(await suspicionOf(said.body.id)).toEqual(['no_proof']);
  });

  it('lets a person with a valid proof start without a mark', async () => {
    const given = await challenge();
    expect(given).toMatchObject({ algorithm: 'SHA-256', maxnumber: 50_000 });
    expect(await marked({ proof: solve(given) })).toBe(false);
  });

  it('counts once', async () => {
    const proof = solve(await challenge());
    const both = await Promise.all([marked({ proof }), marked({ proof })]);
    expect(both.toSorted()).toEqual([false, true]);
    expect(await marked({ proof })).toBe(true);
  });

  it('gives the same start after a lost answer, with any proof in the retry', async () => {
    const headers = { 'idempotency-key': 'the-answer-was-lost' };
    const first = await startOf(site, 'work', { proof: solve(await challenge()) }, headers);
    const again = await startOf(site, 'work', { proof: solve(await challenge()) }, headers);
    expect(again.body).toEqual(first.body);
    expect((await item(first.body.id)).quarantined).toBe(false);
  });

  it('marks a person without a valid proof, and refuses no person', async () => {
    const given = await challenge();
    const proof = JSON.parse(atob(solve(given))) as { number: number };
    const forged = [
      undefined,
      '',
      'not base64',
      btoa('null'),
      btoa('[]'),
      btoa(JSON.stringify({ ...proof, number: proof.number + 1 })),
      btoa(JSON.stringify({ ...proof, algorithm: 'MD5' })),
      btoa(JSON.stringify({ ...proof, signature: '0'.repeat(64) })),
      btoa(JSON.stringify({ ...proof, salt: given.salt.replace(/expires=\d+/, 'expires=9999999999') })),
      solve(await challenge('two')),
    ];
    for (const one of forged) expect(await marked({ ...(one !== undefined && { proof: one }) })).toBe(true);
    expect(await suspicionOf((await startOf(site, 'work')).body.id)).toEqual(['no_proof']);
  });

  it('is over after some minutes', async () => {
    const proof = solve(await challenge());
    time.on(20 * 60);
    expect(await marked({ proof })).toBe(true);
  });

  it('cannot come from a browser without scripts, which is kept and marked', async () => {
    time.on(1);
    expect((await post(site, '/work', { email: 'noscript@b.co' })).status).toBe(303);
    expect((await newest('work')).quarantined).toBe(true);
  });
});

describe('the dashboard', () => {
  let cookie = '';
  beforeAll(async () => {
    const fields = { code: SETUP_CODE, email: 'ops@acme.example', password: 'correct horse battery' };
    const said = await post(site, '/admin/setup', fields);
    cookie = said.headers.get('set-cookie')?.split(';')[0] ?? '';
  });
  const open = async (path: string) => (await send(site, 'GET', `/admin/forms/${path}`, undefined, { cookie })).text;
  const judge = (draft: { id: string }, verdict: string, headers: Record<string, string> = { cookie }) =>
    post(site, `/admin/forms/desk/people/${draft.id}/verdict`, { verdict }, headers);

  it('leaves quarantine out of the list, says so, and shows it with the reason where it is asked for', async () => {
    const spam = await sent('desk', 'spam@b.co', { trap: 'x' });
    const real = await sent('desk', 'real@b.co');
    const all = await open('desk/people');
    expect(all).not.toContain(spam.id);
    expect(all).toContain('2 in quarantine');
    expect(all).toMatch(/In quarantine \(2\)/);
    const only = await open('desk/people?status=quarantined');
    expect(only).toMatch(/Maybe spam[^]+Filled in a hidden field/);
    expect(only).toContain(spam.id);
    expect(only).not.toContain(real.id);
    expect((await send(site, 'GET', '/admin', undefined, { cookie })).text).toContain('Fair ride');
  });

  it('lets a member decide, and records the member', async () => {
    const draft = await sent('desk', 'ana@b.co', { trap: 'x' });
    expect(await open(`desk/people/${draft.id}`)).toContain('Not spam');
    const next = (await judge(draft, 'fine')).headers.get('location') ?? '';
    expect(next).toBe(`/admin/forms/desk/people/${draft.id}?done=fine`);
    expect((await send(site, 'GET', next, undefined, { cookie })).text).toContain('It is not spam. The submission is counted now.'); // prettier-ignore
    expect((await item(draft.id)).quarantined).toBe(false);
    const page = await open(`desk/people/${draft.id}`);
    expect(page).not.toContain('It is not spam.');
    expect(page).toContain('Marked as not spam');
    expect(page).toContain('By ops@acme.example');
    const { events } = await ask<{ events: { name: string; source: string; data: unknown }[] }>(site, `submissions/${draft.id}`); // prettier-ignore
    expect(events.at(-1)).toMatchObject({ name: 'markedNotSpam', source: 'server', data: { email: 'ops@acme.example' } }); // prettier-ignore
  });

  it('takes a place once a member says that it is fine, and gives it back as spam', async () => {
    const path = `/admin/forms/trap/people/${bot.id}/verdict`;
    await post(site, path, { verdict: 'fine' }, { cookie });
    time.on(2);
    expect((await startOf(site, 'trap')).body.error.code).toBe('form_full');
    await post(site, path, { verdict: 'spam' }, { cookie });
    time.on(2);
    const ana = await sent('trap', 'bot@b.co');
    expect(await item(ana.id)).toMatchObject({ quarantined: false, status: 'submitted' });
    time.on(2);
    expect((await startOf(site, 'trap')).body.error.code).toBe('form_full');
  });

  it('leaves the unique answer of a submission in quarantine free, until a member says that it is no spam', async () => {
    const first = await sent('desk', 'held@b.co', { trap: 'x' });
    const another = async () => {
      const draft = draftOf(site, (await startOf(site, 'desk')).body);
      expect((await draft.put('only', { email: 'held@b.co' })).status).toBe(200);
      return { id: draft.id, status: (await draft.post('submit')).status };
    };
    await judge(first, 'fine');
    expect((await another()).status).toBe(422);
    await judge(first, 'spam');
    expect((await another()).status).toBe(200);
    await sent('desk', 'robot@b.co', { trap: 'x' });
    expect((await item((await sent('desk', 'robot@b.co')).id)).quarantined).toBe(false);
  });

  it('keeps a decision after later signs of spam, and records it once', async () => {
    const draft = draftOf(site, (await startOf(site, 'two', { trap: 'x' })).body);
    const path = `/admin/forms/two/people/${draft.id}/verdict`;
    for (let time = 0; time < 2; time++)
      expect((await post(site, path, { verdict: 'fine' }, { cookie })).status).toBe(303);
    await draft.put('one', { full_name: 'Bot' });
    await draft.put('two', { town: 'Cebu', job: 'Driver' });
    await draft.post('submit');
    expect(await suspicionOf(draft.id)).toEqual(['trap', 'fast']);
    expect((await item(draft.id)).quarantined).toBe(false);
    const { events } = await ask<{ events: { name: string }[] }>(site, `submissions/${draft.id}`);
    expect(events.filter(({ name }) => name === 'markedNotSpam')).toHaveLength(1);
  });

  it('takes a verdict from members only, from its own pages, and no other word', async () => {
    const draft = await sent('desk', 'eve@b.co', { trap: 'x' });
    expect((await judge(draft, 'fine', {})).headers.get('location')).toMatch(/^\/admin\/sign-in\?next=/);
    expect((await judge(draft, 'fine', { cookie, origin: 'https://evil.example' })).status).toBe(403);
    expect((await judge(draft, 'maybe')).status).toBe(400);
    expect((await judge({ id: 'nothing' }, 'fine')).status).toBe(404);
    expect(
      (await post(site, `/admin/forms/two/people/${draft.id}/verdict`, { verdict: 'fine' }, { cookie })).status,
    ).toBe(404);
    expect((await item(draft.id)).quarantined).toBe(true);
  });
});

it('leaves counts behind that are equal to a count of all submissions', async () => {
  const stored = await countByForm(site.db);
  await rebuildTallies(site.db);
  expect(stored).toEqual(await countByForm(site.db));
  expect(stored.get('two')?.quarantined).toBeGreaterThan(0);
});
