/** Failed work at Smile is tried again from the dashboard, over HTTP against local Smile. */
import { afterEach, expect, it } from 'vitest';
import { DRIVER } from '../helpers/api/client.ts';
import { HOUR, MINUTE, openSilentSmile, type SilentSmile } from '../respond/silent-smile.ts';
import { signedIn, visitor, wordsOf } from '../helpers/visitor.ts';

const FORM = DRIVER.replace('wink: { require: connected }', 'wink: { require: connected, retrieve: [identities] }');

let silent: SilentSmile;
afterEach(() => silent.close());

const fault = (path: string | null) =>
  silent.smile.call('PATCH', '/__local/settings', { fault: path && { path, status: 403 } });
const failed = () => silent.site.db.query.selectFrom('jobs').select('id').where('failed_at', 'is not', null).execute();
const actIn = (html: string) => /action="(\/admin\/jobs\/[^"]+)"/.exec(html)?.[1] ?? '';

it('says of the keys only that they are set, until it has asked Smile, which may refuse them', async () => {
  silent = await openSilentSmile();
  const ask = await signedIn(silent.site, new Date(silent.now()));
  const shown = async (path: string) => wordsOf((await ask(path)).text);
  expect(await shown('/admin/settings')).toContain(
    'Smile Keys set The keys of your Smile account are set. To see whether Smile accepts them, open Smile connection .',
  );
  expect(await shown('/admin/settings/smile')).toContain('Connected by hand');
  await silent.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1', status: 401 } });
  expect(await shown('/admin/settings/smile')).toContain(
    'Unknown Smile refused the keys. Check API_KEY, API_SECRET and OPEN_API_HOST.',
  );
});

/** A person whose data could not be read for more than a week. */
async function givenUp(): Promise<string> {
  silent = await openSilentSmile({ forms: { driver: FORM }, webhooks: true });
  const { draft, userId } = await silent.open();
  await fault('/v1/identities');
  await silent.link(userId);
  while (!(await silent.accounts(draft)).length) await new Promise((go) => setTimeout(go, 20));
  await silent.pass(5 * MINUTE, MINUTE);
  // The last of a week of tries. A late webhook of Smile starts the tries again.
  do {
    await silent.site.db.query.updateTable('jobs').set({ attempts: 172 }).where('kind', '=', 'retrieve').execute();
    await silent.pass(HOUR);
  } while (!(await failed()).length);
  return `/admin/forms/driver/people/${draft.id}`;
}

it('is done once Smile is well, and its button is gone', async () => {
  const page = await givenUp();
  const ask = await signedIn(silent.site, new Date(silent.now()));
  const before = (await ask(page)).text;
  expect(wordsOf(before)).toMatch(/Reading from the account has failed \d+ times Smile answered GET \/identities with 403 UNAUTHORIZED_ACCESS\. Flipsite does not try it again by itself\. Try again now/); // prettier-ignore
  const list = (await ask('/admin/settings/smile')).text;
  expect(wordsOf(list)).toMatch(/Failed Ana Reading from the account has failed/);
  expect(actIn(list)).toBe(actIn(before));

  const again = await ask(actIn(before), { next: page });
  expect([again.status, again.location]).toEqual([303, page]);
  expect(wordsOf((await ask(page)).text)).toContain('Reading from the account has failed before');
  expect((await ask('/admin/settings/smile')).text).not.toContain('>Failed<');
  await silent.settle();
  expect(wordsOf((await ask(page)).text)).toContain('has failed once');

  await fault(null);
  await ask(actIn(before), { next: page });
  await silent.settle();
  const after = wordsOf((await ask(page)).text);
  expect(after).not.toMatch(/has failed|Try again now/);
  expect(after).toContain('George Cimafranca Palomero, Jr');
  const gone = await ask(actIn(before), { next: page });
  expect([gone.status, wordsOf(gone.text)]).toEqual([404, expect.stringContaining('There is nothing to try again')]);
});

it('is for members, from the dashboard itself, and only for work that Smile has to accept', async () => {
  const page = await givenUp();
  const ask = await signedIn(silent.site, new Date(silent.now()));
  const act = actIn((await ask(page)).text);
  expect(await failed()).toHaveLength(1);
  const [stranger, elsewhere] = [
    await visitor(silent.site.origin)(act, {}),
    await ask(act, {}, 'https://evil.example'),
  ];
  expect(stranger.location).toMatch(/^\/admin\/sign-in/);
  expect(elsewhere.status).toBe(403);
  expect(await failed()).toHaveLength(1);
  expect((await ask(act, { next: 'https://evil.example/' })).location).toBe('/admin/settings/smile');
  const { id } = await silent.site.db.query.selectFrom('jobs').select('id').where('kind', '=', 'sweep').executeTakeFirstOrThrow(); // prettier-ignore
  expect((await ask(`/admin/jobs/${id}/retry`, {})).status).toBe(404);
});
