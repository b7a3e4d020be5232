/** Failed work at Smile is tried again from the dashboard, over HTTP against local Smile. */
import { afterEach, expect, it } from 'vitest';
import { DRIVER } from '../helpers/api/client.ts';
import { HOUR, MINUTE, openDeaf, type Deaf } from '../respond/lost.ts';
import { signedIn, visitor, wordsOf } from './visitor.ts';

const FORM = DRIVER.replace('wink: { require: connected }', 'wink: { require: connected, retrieve: [identities] }');

let deaf: Deaf;
afterEach(() => deaf.close());

const fault = (path: string | null) =>
  deaf.smile.call('PATCH', '/__local/settings', { fault: path && { path, status: 403 } });
const failed = () => deaf.site.db.query.selectFrom('jobs').select('id').where('failed_at', 'is not', null).execute();
const actIn = (html: string) => /action="(\/admin\/jobs\/[^"]+)"/.exec(html)?.[1] ?? '';

/** A person whose data could not be read for more than a week. */
async function givenUp(): Promise<string> {
  deaf = await openDeaf({ forms: { driver: FORM }, webhooks: true });
  const { draft, userId } = await deaf.open();
  await fault('/v1/identities');
  await deaf.link(userId);
  while (!(await deaf.accounts(draft)).length) await new Promise((go) => setTimeout(go, 20));
  await deaf.pass(5 * MINUTE, MINUTE);
  // The last of a week of tries. A late webhook of Smile starts the tries again.
  do {
    await deaf.site.db.query.updateTable('jobs').set({ attempts: 172 }).where('kind', '=', 'retrieve').execute();
    await deaf.pass(HOUR);
  } while (!(await failed()).length);
  return `/admin/forms/driver/people/${draft.id}`;
}

it('is done once Smile is well, and its button is gone', async () => {
  const page = await givenUp();
  const ask = await signedIn(deaf.site, new Date(deaf.now()));
  const before = (await ask(page)).text;
  expect(wordsOf(before)).toMatch(/Reading from the account has failed \d+ times Smile answered GET \/identities with 403 UNAUTHORIZED_ACCESS\. Flipsite does not try it again by itself\. Try again now/); // prettier-ignore
  const list = (await ask('/admin/settings/smile')).text;
  expect(wordsOf(list)).toMatch(/Failed Ana Reading from the account has failed/);
  expect(actIn(list)).toBe(actIn(before));

  const again = await ask(actIn(before), { next: page });
  expect([again.status, again.location]).toEqual([303, page]);
  expect(wordsOf((await ask(page)).text)).toContain('Reading from the account has failed before');
  expect((await ask('/admin/settings/smile')).text).not.toContain('>Failed<');
  await deaf.settle();
  expect(wordsOf((await ask(page)).text)).toContain('has failed once');

  await fault(null);
  await ask(actIn(before), { next: page });
  await deaf.settle();
  const after = wordsOf((await ask(page)).text);
  expect(after).not.toMatch(/has failed|Try again now/);
  expect(after).toContain('George Cimafranca Palomero, Jr');
  const gone = await ask(actIn(before), { next: page });
  expect([gone.status, wordsOf(gone.text)]).toEqual([404, expect.stringContaining('There is nothing to try again')]);
});

it('is for members, from the dashboard itself, and only for work that Smile has to accept', async () => {
  const page = await givenUp();
  const ask = await signedIn(deaf.site, new Date(deaf.now()));
  const act = actIn((await ask(page)).text);
  expect(await failed()).toHaveLength(1);
  const [stranger, elsewhere] = [await visitor(deaf.site.origin)(act, {}), await ask(act, {}, 'https://evil.example')];
  expect(stranger.location).toMatch(/^\/admin\/sign-in/);
  expect(elsewhere.status).toBe(403);
  expect(await failed()).toHaveLength(1);
  expect((await ask(act, { next: 'https://evil.example/' })).location).toBe('/admin/settings/smile');
  const { id } = await deaf.site.db.query.selectFrom('jobs').select('id').where('kind', '=', 'sweep').executeTakeFirstOrThrow(); // prettier-ignore
  expect((await ask(`/admin/jobs/${id}/retry`, {})).status).toBe(404);
});
