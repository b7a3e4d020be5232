/** The address of a site, which may listen at one address of its machine, and not on all networks. */
import { expect, it, onTestFinished } from 'vitest';
import { addressOf } from '../../src/environment/site-address.ts';
import { openTestSite, removeFolder } from '../helpers/site.ts';

const LINKED = `title: Linked
screens:
  - id: connect
    title: Connect
    wink: { retrieve: [identities] }
endings: [{ id: done, title: Thank you }]
`;

/** Linux and Windows have the whole network 127.0.0.0/8. */
it.skipIf(process.platform === 'darwin')('names that address, and reaches local Smile at it', async () => {
  const site = await openTestSite({ forms: { linked: LINKED }, env: { APP_HOST: '127.0.0.2' } });
  onTestFinished(async () => {
    await site.close();
    removeFolder(site.folder);
  });
  expect(site.address).toBe(`http://127.0.0.2:${site.port}`);
  const post = async (path: string, body: object, token = '') => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const response = await fetch(`${site.address}/api/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return (await response.json()) as Record<string, string>;
  };
  const { id, token } = await post('forms/linked/submissions', { language: 'en' });
  expect(await post(`submissions/${id}/link-token`, { screen: 'connect' }, token)).toHaveProperty('accessToken');
});

it.each([
  ['0.0.0.0', 'localhost'],
  ['::', 'localhost'],
  ['127.0.0.1', 'localhost'],
  ['::1', 'localhost'],
  ['127.0.0.12', '127.0.0.12'],
  ['fd00::5', '[fd00::5]'],
  ['office', 'office'],
])('is opened, where it listens at %s, at %s', (host, name) => {
  expect(addressOf({ host, port: 8000 })).toBe(`http://${name}:8000`);
});
