/** Providers by the name that Smile gives them, over HTTP against local Smile. */
import { afterEach, expect, it } from 'vitest';
import { openDeaf, type Deaf } from '../respond/lost.ts';
import { signedIn, wordsOf } from './visitor.ts';

let deaf: Deaf;
afterEach(() => deaf.close());

/** A person who has signed in at a provider, as Smile has reported. */
async function linked(password: string, providerId: string): Promise<string> {
  const { draft, userId } = await deaf.open();
  await deaf.link(userId, { providerId, password });
  while (!(await deaf.accounts(draft)).length) await new Promise((go) => setTimeout(go, 20));
  return `/admin/forms/driver/people/${draft.id}`;
}

it('is on the page of a submission, in its timeline, in the list and in the file, with its id', async () => {
  deaf = await openDeaf({ webhooks: true });
  const page = await linked('wrong', 'abcplatform');
  await deaf.settle();
  const ask = await signedIn(deaf.site, new Date(deaf.now()));
  const text = wordsOf((await ask(page)).text);
  expect(text).toContain('Account sign-in started');
  expect(text).toMatch(/ABC Platform\. The provider did not accept/);
  expect(text).toMatch(/abcplatform, a-[0-9a-f]+, ERROR/);
  expect(wordsOf((await ask('/admin/forms/driver/people')).text)).toContain('ABC Platform');
  const [head = '', row = ''] = (await ask('/admin/forms/driver/submissions.csv')).text.split('\r\n');
  const at = head.split(',').indexOf('account_provider');
  expect(head.split(',')[at + 1]).toBe('account_provider_name');
  expect(row.split(',').slice(at, at + 2)).toEqual(['abcplatform', 'ABC Platform']);
});

it('is the id as long as Smile cannot be asked, and the name after that', async () => {
  deaf = await openDeaf({ webhooks: true });
  await deaf.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/providers', status: 503 } });
  const page = await linked('123456', 'grab');
  await deaf.settle();
  const ask = await signedIn(deaf.site, new Date(deaf.now()));
  expect(wordsOf((await ask(page)).text)).toMatch(/Account connected.*? grab /);
  await deaf.smile.call('PATCH', '/__local/settings', { fault: null });
  await deaf.pass(60_000);
  expect(wordsOf((await ask(page)).text)).toMatch(/Account connected.*? Grab /);
});

it('is asked for once where Smile has none, with any claim of a browser', async () => {
  deaf = await openDeaf();
  const { draft, userId } = await deaf.open();
  const account = { accountId: 'a-1', userId, providerId: 'made-up', screen: 'connect' };
  await draft.tell('onAccountCreated', account);
  const ask = await signedIn(deaf.site, new Date(deaf.now()));
  for (let time = 0; time < 3; time++) {
    expect(wordsOf((await ask(`/admin/forms/driver/people/${draft.id}`)).text)).toContain('made-up');
    await deaf.settle();
  }
  const { db } = deaf.site;
  expect(await db.query.selectFrom('providers').select(['id', 'name']).execute()).toEqual([
    { id: 'made-up', name: null },
  ]);
  expect(await db.query.selectFrom('jobs').select('id').where('kind', '=', 'provider').execute()).toEqual([]);
});
