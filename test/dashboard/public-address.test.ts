/** Behind a proxy, Flipsite knows the address that people open. */
import { afterEach, expect, it } from 'vitest';
import { ROUTES } from '../../src/dashboard/routes.ts';
import { begin } from '../helpers/api/client.ts';
import { openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';
import { signedIn } from '../helpers/visitor.ts';

let site: TestSite;
afterEach(async () => {
  await site.close();
  removeFolder(site.folder);
});

const FORM = `
title: Hello
embed: { allow: [https://acme.example] }
links: [{ id: flyer }]
screens: [{ id: only, title: Only, fields: [{ id: email, type: email, label: Email, required: true }] }]
endings: [{ id: done, title: Done }]
`;
/** Addresses that only the machine itself reaches. */
const HERE = /127\.0\.0\.1|localhost/g;

it('no page and no code that a member copies names the address of the machine', async () => {
  const address = 'https://forms.acme.example';
  site = await openTestSite({ forms: { hello: FORM }, env: { PUBLIC_ORIGIN: address } });
  const draft = await begin(site, 'hello', {});
  const ask = await signedIn(site);
  const ids: Record<string, string> = { slug: 'hello', link: 'flyer', submission: draft.id };
  const pages = ROUTES.filter(({ method, path }) => method === 'GET' && !/live$|:(file|delivery)/.test(path));
  const found = await Promise.all(
    pages.map(async ({ path }) => {
      const { text } = await ask(path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? name));
      return [path, text.match(HERE)] as const;
    }),
  );
  expect(found.filter(([, places]) => places)).toEqual([]);
  expect((await ask('/admin/forms/hello/share')).text).toContain(`${address}/embed.js`);
});
