/** Providers by the name that Smile gives them, over HTTP against local Smile. */
import { afterEach, expect, it } from 'vitest';
import { openSilentSmile, type SilentSmile } from '../respond/silent-smile.ts';
import { signedIn, wordsOf } from '../helpers/visitor.ts';

let silent: SilentSmile;
afterEach(() => silent.close());

/** A person who has signed in at a provider, as Smile has reported. */
async function linked(password: string, providerId: string): Promise<string> {
  const { draft, userId } = await silent.open();
  await silent.link(userId, { providerId, password });
  while (!(await silent.accounts(draft)).length) await new Promise((go) => setTimeout(go, 20));
  return `/admin/forms/driver/people/${draft.id}`;
}

it('is on the page of a submission, in its timeline, in the list and in the file, with its id', async () => {
  silent = await openSilentSmile({ webhooks: true });
  const page = await linked('wrong', 'abcplatform');
  await silent.settle();
  const ask = await signedIn(silent.site, new Date(silent.now()));
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
  silent = await openSilentSmile({ webhooks: true });
  await silent.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/providers', status: 503 } });
  const page = await linked('123456', 'grab');
  await silent.settle();
  const ask = await signedIn(silent.site, new Date(silent.now()));
  expect(wordsOf((await ask(page)).text)).toMatch(/Account connected.*? grab /);
  await silent.smile.call('PATCH', '/__local/settings', { fault: null });
  await silent.pass(60_000);
  expect(wordsOf((await ask(page)).text)).toMatch(/Account connected.*? Grab /);
});

it('is asked for once where Smile has none, with any claim of a browser', async () => {
  silent = await openSilentSmile();
  const { draft, userId } = await silent.open();
  const account = { accountId: 'a-1', userId, providerId: 'made-up', screen: 'connect' };
  await draft.tell('onAccountCreated', account);
  const ask = await signedIn(silent.site, new Date(silent.now()));
  for (let time = 0; time < 3; time++) {
    expect(wordsOf((await ask(`/admin/forms/driver/people/${draft.id}`)).text)).toContain('made-up');
    await silent.settle();
  }
  const { db } = silent.site;
  expect(await db.query.selectFrom('providers').select(['id', 'name']).execute()).toEqual([
    { id: 'made-up', name: null },
  ]);
  expect(await db.query.selectFrom('jobs').select('id').where('kind', '=', 'provider').execute()).toEqual([]);
});
