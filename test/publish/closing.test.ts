/** A member closes, opens and archives a form: at once, on every server, and without a change of its text. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parseForm } from '../../src/form/parse.ts';
import { openCatalog } from '../../src/publish/catalog.ts';
import { saveVersion } from '../../src/record/versions.ts';
import { versionStatus } from '../../src/respond/start.ts';
import type { Services } from '../../src/respond/services.ts';
import { actOnForm, listFormActs, type FormAct } from '../../src/record/forms/form-acts.ts';
import { inviteAvailability } from '../../src/invite/availability.ts';
import type { TestSite } from '../helpers/site.ts';
import { begin, openSmallSite, send } from '../helpers/api/client.ts';
import { clock, limited, post } from '../helpers/api/limited.ts';

const time = clock('2026-12-01T09:30:00Z');
let site: TestSite;
const JOB = `title: Job
screens: [{ id: connect, title: Connect, wink: { require: connected } }]
endings: [{ id: done, title: Done }]
`;

beforeAll(async () => {
  const fair = limited('limits: { closes: 2026-11-30, contact: ops@acme.example }\n');
  const few = limited('limits: { max: 1 }\n');
  const soon = limited('limits: { opens: 2027-01-10, timezone: Asia/Manila }\n');
  site = await openSmallSite({ now: time.now, forms: { job: JOB, ride: limited('invite: {}\n'), fair, few, soon } });
});
afterAll(() => site.close());

const act = async (form: string, wanted: FormAct) => {
  const isChanged = await actOnForm(site.db, form, wanted, 'member', time.now());
  await site.catalog.refresh();
  return isChanged;
};

it('a full form that a member closes says that it is closed', async () => {
  expect((await send(site, 'GET', '/few')).status).toBe(200);
  const draft = await begin(site, 'few');
  await draft.put('only', { email: 'ana@mail.example' });
  expect((await draft.post('submit')).status).toBe(200);
  time.on(3);
  expect((await send(site, 'GET', '/few')).text).toContain('is full');
  expect(await act('few', 'close')).toBe(true);
  expect((await send(site, 'GET', '/few')).text).toContain('<h1>This form is closed</h1>');
});

it('a closed form shows its closed page, and people who have started can finish for an hour', async () => {
  const early = await begin(site, 'ride');
  const late = await begin(site, 'ride');
  const version = site.catalog.current('ride')?.version;
  expect(await act('ride', 'close')).toBe(true);
  expect(await act('ride', 'close')).toBe(false);
  // The form has no time zone, so its people can have another day than UTC.
  const page = await send(site, 'GET', '/ride');
  expect(page).toMatchObject({ status: 403, text: expect.stringContaining('<h1>This form is closed</h1>') });
  expect(page.text).not.toContain('It closed on');
  expect(page.text).toContain('<p>If you have questions, ask the person or company that gave you the link.</p>');
  expect(await send(site, 'POST', '/api/forms/ride/submissions', {})).toMatchObject({
    status: 403,
    body: { error: { code: 'form_closed', message: 'This form is closed.' } },
  });
  expect(site.catalog.current('ride')?.version).toBe(version);
  expect((await early.put('only', { email: 'ana@mail.example' })).status).toBe(200);
  expect((await early.post('submit')).status).toBe(200);
  time.on(3_601);
  await late.put('only', { email: 'ben@mail.example' });
  expect(await late.post('submit')).toMatchObject({ status: 403, body: { error: { code: 'form_closed' } } });
  const form = site.catalog.current('ride')?.form;
  expect(form && (await inviteAvailability(site.db, form, { removed: false, now: time.now() }))).toMatchObject({ refusal: expect.stringContaining('Open it again') }); // prettier-ignore

  expect(await act('ride', 'open')).toBe(true);
  expect((await send(site, 'GET', '/ride')).status).toBe(200);
  expect((await late.post('submit')).status).toBe(200);
  expect((await listFormActs(site.db, 'ride', 10)).map((one) => one.act)).toEqual(['open', 'close']);
});

it('another server sees it when it reads the state of the forms', async () => {
  const other = await openCatalog(site.db);
  await actOnForm(site.db, 'ride', 'close', 'member', time.now());
  expect(other.current('ride')?.form.limits).toBeUndefined();
  await other.refresh();
  expect(other.current('ride')?.form.limits).toMatchObject({ closes: time.now().toISOString() });
  expect((await openCatalog(site.db)).current('ride')?.form.limits).toBeDefined();
  const version = other.current('ride')?.version ?? '';
  expect((await other.version('ride', version))?.limits).toBeUndefined();
  await act('ride', 'open');
});

it('a closed form opens no widget once nobody can finish it', async () => {
  const draft = await begin(site, 'job');
  const launch = () => draft.post('link-token', { screen: 'connect' });
  await act('job', 'close');
  // For an hour, people who have started can finish.
  expect((await launch()).status).toBe(200);
  time.on(3_601);
  expect(await launch()).toMatchObject({ status: 403, body: { error: { code: 'form_closed', message: 'This form is closed.' } } }); // prettier-ignore
  await act('job', 'open');
  expect((await launch()).status).toBe(200);
});

it('a form with a time zone that a member closes says when, in that zone', async () => {
  const zoned = await openSmallSite({ now: () => new Date('2026-11-29T19:27:00Z'), forms: { ride: limited('limits: { timezone: Asia/Manila }\n') } }); // prettier-ignore
  await actOnForm(zoned.db, 'ride', 'close', 'member', new Date('2026-11-29T19:27:00Z'));
  await zoned.catalog.refresh();
  expect((await send(zoned, 'GET', '/ride')).text).toMatch(/It closed on November 30, 2026 at 3:27\sAM GMT\+8\./);
  await zoned.close();
});

it('a form that has closed by its own date keeps that date', async () => {
  await act('fair', 'close');
  const page = await send(site, 'GET', '/fair');
  expect(page.text).toContain('November 30, 2026');
  expect(page.text).toContain('ops@acme.example');
  expect(page.text).not.toContain('If you have questions');
});

it('an archived form is closed, and opens again', async () => {
  expect(await act('ride', 'archive')).toBe(true);
  expect((await send(site, 'GET', '/ride')).status).toBe(403);
  expect(await act('ride', 'open')).toBe(true);
  expect((await send(site, 'GET', '/ride')).status).toBe(200);
});

it('a form that is closed before it opens is closed at once, and its questions stay unseen', async () => {
  await act('soon', 'close');
  time.on(60);
  const version = site.catalog.current('soon')?.version ?? '';
  for (const address of ['/soon', `/soon?version=${version}`]) {
    const page = await send(site, 'GET', address);
    expect(page).toMatchObject({ status: 403, text: expect.stringContaining('<h1>This form is closed</h1>') });
    expect(page.text).not.toContain(version);
    expect(page.text).not.toContain('name="email"');
  }
  expect((await post(site, '/soon', { email: 'eve@mail.example' })).status).toBe(403);
  await act('soon', 'open');
  expect((await send(site, 'GET', '/soon')).text).toContain('It opens on January 10, 2027.');
});

it('a member cannot act on a form that does not exist', async () => {
  expect(await act('missing', 'close')).toBe(false);
});

it('another server reads the state of all forms for a version only if the form has another one by now', async () => {
  const other = await openCatalog(site.db);
  const refresh = vi.spyOn(other, 'refresh');
  const services = { db: site.db, catalog: other, now: time.now } as unknown as Services;
  const status = (version: string) => versionStatus(services, 'fair', version);
  expect(await status('0123456789abcdef')).toMatchObject({ ok: true });
  expect(refresh).not.toHaveBeenCalled();
  const parsed = parseForm('fair.yaml', limited(''), time.now()); // prettier-ignore
  if (!parsed.ok) throw new Error(parsed.faults[0]?.message);
  const version = await saveVersion(site.db, parsed.form, time.now());
  expect(await status(version)).toMatchObject({ body: { startable: true } });
  expect(refresh).toHaveBeenCalledOnce();
  expect(other.current('fair')?.version).toBe(version);
});
