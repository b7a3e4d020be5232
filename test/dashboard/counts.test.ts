/** One definition of counting: every figure, every list and every export of a form has the same submissions. */
import { afterEach, expect, it } from 'vitest';
import { countByForm, countCompleted, rebuildTallies, submittedPerDay } from '../../src/record/submissions/tallies.ts';
import { begin, openSmallSite, send, type Draft } from '../helpers/api/client.ts';
import { API_KEY, ask, removeFolder, type TestSite } from '../helpers/site.ts';
import { startSession } from '../../src/members/sessions.ts';
import { addMember } from '../helpers/dashboard-client.ts';
import { INVITING } from '../invite/forms.ts';
import { pdf } from '../helpers/samples/files.ts';
import { signedIn, visitor, wordsOf, type Visitor } from '../helpers/visitor.ts';

const form = (more = '') => `
title: Driver
${more}
screens:
  - id: about
    title: About
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
      - { id: status, type: radio, label: Working?, options: [{ value: employed, label: Employed }, { value: none, label: None }] }
    next: [{ when: { status: none }, go: not_yet }]
endings:
  - { id: done, title: Thank you }
  - { id: not_yet, title: Not yet, outcome: disqualified }
`;

let site: TestSite;
afterEach(async () => {
  await site.close();
  removeFolder(site.folder);
});

async function begun(name: string, given: unknown = {}, status = 'employed'): Promise<Draft> {
  const draft = await begin(site, 'driver', given);
  expect((await draft.put('about', { full_name: name, status })).status).toBe(200);
  return draft;
}

async function sent(name: string, given: unknown = {}, status?: string): Promise<Draft> {
  const draft = await begun(name, given, status);
  expect((await draft.post('submit')).status).toBe(200);
  return draft;
}

const judge = (member: Visitor, { id }: Draft, verdict: string) =>
  member(`/admin/forms/driver/people/${id}/verdict`, { verdict });

const remove = ({ id }: Draft) =>
  fetch(`${site.origin}/api/submissions/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${API_KEY}` } });

/** The names in the list with these filters. */
const listed = async (member: Visitor, query = '') =>
  [...(await member(`/admin/forms/driver/people${query}`)).text.matchAll(/<a class="name"[^>]*>\s*<bdi>([^<]*)/g)].map((one) => one[1]); // prettier-ignore

async function csv(member: Visitor, query = ''): Promise<string[]> {
  const [, ...rows] = (await member(`/admin/forms/driver/submissions.csv${query}`)).text.trimEnd().split('\r\n');
  return rows;
}

it('the card, the page, the list, the CSV file, the API and the tallies agree, and the page counts the submissions that are left out', async () => {
  site = await openSmallSite({ forms: { driver: form() } });
  const member = await signedIn(site);
  await begin(site, 'driver');
  await begun('Dora Draft');
  await sent('Ana Sent');
  await sent('Ben Early', {}, 'none');
  await sent('Cara Suspected', { trap: 'x' });
  await judge(member, await sent('Dan Spam'), 'spam');
  await judge(member, await sent('Eva Fine', { trap: 'x' }), 'fine');
  const gone = [await sent('Fay Deleted'), await sent('Gus Deleted', { trap: 'x' }), await begun('Hal Deleted')];
  for (const one of gone) expect((await remove(one)).status).toBe(204);

  const counted = ['Eva Fine', 'Ben Early', 'Ana Sent', 'Dora Draft'];
  expect((await countByForm(site.db)).get('driver')).toEqual({ started: 4, connected: 0, submitted: 3, completed: 2, quarantined: 2, deleted: 2 }); // prettier-ignore
  expect(await countCompleted(site.db, 'driver')).toBe(2);
  expect(
    (await submittedPerDay(site.db, 'driver', new Date(Date.now() - 86_400_000))).reduce(
      (sum, day) => sum + day.submitted,
      0,
    ),
  ).toBe(3);
  const card = wordsOf((await member('/admin')).text);
  expect(card).toContain('All time: 4 started, 0 connected now, 2 completed (without 2 deleted after sending)');
  expect(card).toMatch(/Last 7 days Started \d Connected 0 Completed \d \d of them deleted since/);

  const page = wordsOf((await member('/admin/forms/driver/people')).text);
  expect(page).toContain('4 submissions, newest first');
  expect(page).toMatch(/Not counted and not listed: +2 in quarantine +2 were deleted after sending/);
  expect(await listed(member)).toEqual(counted);
  const [first = '', ...others] = await csv(member);
  expect([first, ...others].map((row) => counted.find((name) => row.includes(name)))).toEqual(counted);

  const { items } = await ask<{ items: { counted: boolean; answers: { full_name?: string } }[] }>(site, 'forms/driver/submissions'); // prettier-ignore
  expect(items).toHaveLength(10);
  expect(items.filter((item) => item.counted).map(({ answers }) => answers.full_name)).toEqual(counted);
});

it.each([
  ['reviewer', 1],
  ['viewer', 0],
] as const)(
  'the card leads a %s to the people to check for spam only where they may see people',
  async (role, links) => {
    site = await openSmallSite({ forms: { driver: form() } });
    await sent('Cara Suspected', { trap: 'x' });
    const id = await addMember(site.db, 'some@acme.example', [{ role, form: 'driver', mayReveal: false }]);
    const member = visitor(site.origin, `flipsite=${await startSession(site.db, id, new Date())}`);
    const { text } = await member('/admin');
    expect(text).toContain('All time: 0 started');
    expect(text.split('status=quarantined')).toHaveLength(1 + links);
  },
);

it('a submission that a member marked as spam is not called one to check any more', async () => {
  site = await openSmallSite({ forms: { driver: form() } });
  const member = await signedIn(site);
  await judge(member, await sent('Cara Suspected', { trap: 'x' }), 'spam');
  expect(wordsOf((await member('/admin')).text)).toContain('1 in quarantine');
  const people = wordsOf((await member('/admin/forms/driver/people')).text);
  expect(people).toContain('In quarantine (1)');
});

it('the filter of sent submissions lists people who are not eligible too, so it is not called by the status of the others', async () => {
  site = await openSmallSite({ forms: { driver: form() } });
  const member = await signedIn(site);
  await sent('Ana Sent');
  await sent('Eva Not', {}, 'none');
  const { text } = await member('/admin/forms/driver/people?status=submitted');
  expect(text).toMatch(/<option value="submitted" selected[^>]*>\s*Sent\s*</);
  expect(wordsOf(text)).toMatch(/Eva Not.* Not eligible .*Ana Sent.* Submitted /);
});

it('each filter lists as many as its caption says, and the CSV file has the same rows', async () => {
  site = await openSmallSite({ forms: { driver: form() } });
  const member = await signedIn(site);
  await begun('Dora Draft');
  await sent('Ana Sent');
  await sent('Ben Sent');
  await sent('Cara Suspected', { trap: 'x' });
  await remove(await sent('Fay Deleted'));
  for (const [query, caption, names] of [
    ['?status=submitted', '2 of 3, newest first', ['Ben Sent', 'Ana Sent']],
    ['?status=draft', '1 of 3, newest first', ['Dora Draft']],
    ['?status=quarantined', '1 submission in quarantine, not counted', ['Cara Suspected']],
    ['?q=sent', 'Searched 4 submissions', ['Ben Sent', 'Ana Sent']],
  ] as const) {
    expect(wordsOf((await member(`/admin/forms/driver/people${query}`)).text)).toContain(caption);
    expect(await listed(member, query)).toEqual(names);
    expect((await csv(member, query)).map((row) => names.find((name) => row.includes(name)))).toEqual(names);
  }
  const text = wordsOf((await member('/admin/forms/driver/people?status=deleted')).text);
  expect(text).toContain('1 deleted submission, not counted');
  expect(await listed(member, '?status=deleted')).toHaveLength(1);
  expect((await csv(member, '?status=deleted'))[0]).toMatch(/^\w{3} \w{3} \w{2},deleted,/);
});

it('a search under any status finds people in quarantine, and a complete reference or id finds a submission in any state', async () => {
  site = await openSmallSite({ forms: { driver: form() } });
  const member = await signedIn(site);
  await sent('Ana Sent');
  const cara = await sent('Cara Suspected', { trap: 'x' });
  const fay = await sent('Fay Deleted');
  const { reference } = await ask<{ reference: string }>(site, `submissions/${cara.id}`);
  const gone = (await ask<{ reference: string }>(site, `submissions/${fay.id}`)).reference;
  await remove(fay);
  const empty = await begin(site, 'driver');
  for (const q of ['cara', cara.id, reference]) {
    const query = `?q=${encodeURIComponent(q)}`;
    expect(await listed(member, query)).toEqual(['Cara Suspected']);
    expect((await csv(member, query)).map((row) => row.includes('Cara Suspected'))).toEqual([true]);
    const everywhere = wordsOf((await member(`/admin/people${query}`)).text);
    expect(everywhere).toMatch(/Searched 2 submissions.*Cara Suspected.*Maybe spam/);
    expect(everywhere).not.toContain('Not counted and not listed: 1 in quarantine');
    expect(await listed(member, `${query}&status=submitted`)).toEqual([]);
  }
  for (const q of [fay.id, gone, empty.id]) {
    expect(await listed(member, `?q=${encodeURIComponent(q)}`)).toHaveLength(1);
  }
  expect(await listed(member)).toEqual(['Ana Sent']);
  const none = wordsOf((await member('/admin/people?q=zzz')).text);
  expect(none).toContain('1 submission is here without filters. The search looked through the 1 in quarantine too.');
  expect(none).not.toContain('invited');
});

it('a search that finds no submission says where the names of invited people are', async () => {
  site = await openSmallSite({ forms: { driver: INVITING } });
  const member = await signedIn(site);
  expect((await (await begin(site, 'driver')).put('about', { full_name: 'Ana', email: 'ana@x.example' })).status).toBe(200); // prettier-ignore
  await member('/admin/forms/driver/invitations', { name: 'Pat Invited', email: 'pat@x.example', language: 'en' });
  const left = 'This search does not look at the names and addresses of invitations.';
  expect(wordsOf((await member('/admin/people?q=pat')).text)).toContain(`${left} Each form lists them under “Invitations”.`); // prettier-ignore
  const { text } = await member('/admin/forms/driver/people?q=pat');
  expect(wordsOf(text)).toContain(`${left} Search the invitations`);
  const [, path = ''] = /href="([^"]+)">Search the invitations/.exec(text) ?? [];
  expect(wordsOf((await member(path)).text)).toContain('Pat Invited');
  expect(wordsOf((await member('/admin/forms/driver/people?q=ana')).text)).not.toContain(left);
});

it('a draft whose only answer is an uploaded file counts and is listed, until the person removes the file', async () => {
  site = await openSmallSite({
    forms: {
      driver: `
title: Papers
screens:
  - { id: first, title: Papers, fields: [{ id: cv, type: file, label: CV, accept: [pdf], sensitive: true, max_files: 2 }] }
  - { id: second, title: More, fields: [{ id: town, type: text, label: Town }] }
endings: [{ id: done, title: Thanks }]
`,
    },
  });
  const member = await signedIn(site);
  const draft = await begin(site, 'driver');
  const base = `/api/submissions/${draft.id}/files`;
  const bring = (name: string) => send(site, 'POST', `${base}?field=cv`, pdf('Ana'), { 'content-type': 'application/octet-stream', 'x-file-name': name, ...draft.headers }); // prettier-ignore
  const counts = async () => {
    const before = (await countByForm(site.db)).get('driver');
    await rebuildTallies(site.db);
    expect((await countByForm(site.db)).get('driver')).toEqual(before);
    return before;
  };
  expect(await counts()).toBeUndefined();
  const { body } = await bring('cv.pdf');
  expect(await counts()).toMatchObject({ started: 1, submitted: 0 });
  expect(await csv(member)).toHaveLength(1);
  expect((await member('/admin/people')).text).toContain(`/admin/forms/driver/people/${draft.id}`);
  const reached = await member('/admin/forms/driver/people?reached=screen:first');
  expect(reached.text).toContain(`/admin/forms/driver/people/${draft.id}`);
  // The next one is an answer once its screen is saved.
  const second = await bring('letter.pdf');
  const answers = async () => (await ask<{ answers: unknown }>(site, `submissions/${draft.id}`)).answers;
  expect(await answers()).toEqual({ cv: [body.id] });
  expect((await draft.put('first', { cv: [second.body.id] })).status).toBe(200);
  expect(await answers()).toEqual({ cv: [second.body.id] });
  expect((await send(site, 'DELETE', `${base}/${second.body.id}`, undefined, draft.headers)).status).toBe(200);
  expect(await counts()).toBeUndefined();
});

it('a form that only robots have filled in says so, and lists them where they are asked for', async () => {
  site = await openSmallSite({ forms: { driver: form() } });
  const member = await signedIn(site);
  await sent('Cara Suspected', { trap: 'x' });
  const page = wordsOf((await member('/admin/forms/driver/people')).text);
  expect(page).toContain('No submissions yet');
  expect(page).toContain('1 in quarantine');
  expect(await listed(member, '?status=quarantined')).toEqual(['Cara Suspected']);
});

it('an archived form whose submissions were all deleted does not say that no one has started it', async () => {
  site = await openSmallSite({ forms: { driver: form() } });
  const member = await signedIn(site);
  await remove(await sent('Fay Deleted'));
  await member('/admin/forms/driver/state', { do: 'archive' });
  const page = wordsOf((await member('/admin/forms/driver/people')).text);
  expect(page).toContain('No submissions The form is archived, so no one can start it.');
  expect(page).not.toContain('before anyone');
});

it('a quarantined or a deleted submission takes no place of limits.max, and a member can approve it only while there is one', async () => {
  site = await openSmallSite({ forms: { driver: form('limits: { max: 2 }') } });
  const member = await signedIn(site);
  const suspected = await sent('Cara Suspected', { trap: 'x' });
  const disqualified = await sent('Dan Suspected', { trap: 'x' }, 'none');
  await remove(await sent('Fay Deleted'));
  const ana = await sent('Ana');
  await sent('Ben');
  expect(wordsOf((await member('/admin')).text)).toContain('Full: 2 of 2');
  expect((await judge(member, disqualified, 'fine')).status).toBe(303);
  const refused = await judge(member, suspected, 'fine');
  expect([refused.status, wordsOf(refused.text)]).toEqual([409, expect.stringContaining('The form is full')]);
  expect(await countCompleted(site.db, 'driver')).toBe(2);
  await remove(ana);
  expect((await judge(member, suspected, 'fine')).status).toBe(303);
  expect(await countCompleted(site.db, 'driver')).toBe(2);
});
