/** Requests that change one submission. */
import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { openTestSite, removeFolder } from '../../helpers/site.ts';

const FORM = 'title: T\nscreens:\n  - id: one\n    title: One\n    fields: [{ id: a, type: text, label: A }]\nendings: [{ id: done, title: Done }]\n'; // prettier-ignore

it('wait for each other without a transaction, so that they keep no connection from others', async () => {
  const site = await openTestSite({ forms: { f: FORM } });
  try {
    const send = async (method: string, path: string, body: object, token = '') => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const response = await fetch(`${site.origin}/api/${path}`, { method, headers, body: JSON.stringify(body) });
      return { status: response.status, json: (await response.json()) as { id: string; token: string } };
    };
    const { id, token } = (await send('POST', 'forms/f/submissions', {})).json;
    const transaction = site.db.transaction.bind(site.db);
    let [now, most] = [0, 0];
    vi.spyOn(site.db, 'transaction').mockImplementation(async (run, options) => {
      most = Math.max(most, ++now);
      return transaction(run, options).finally(() => now--);
    });
    const at = new Date().toISOString();
    const event = () => ({ events: [{ id: randomUUID(), name: 'onUIEvent', at, data: {} }] });
    const told = await Promise.all(
      Array.from({ length: 10 }, (_, n) => [
        send('PUT', `submissions/${id}/answers`, { screen: 'one', answers: { a: `${n}` } }, token),
        send('POST', `submissions/${id}/events`, event(), token),
      ]).flat(),
    );
    expect(told.map(({ status }) => status)).toEqual(told.map(() => 200));
    expect(most).toBeLessThan(4);
  } finally {
    await site.close();
    removeFolder(site.folder);
  }
});
