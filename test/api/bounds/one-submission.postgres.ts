/** Changes of one submission, which all need its row. */
import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { send } from '../../helpers/api/client.ts';
import { beforePapers, openPapers } from '../../helpers/api/papers.ts';
import { pdf } from '../../helpers/samples/files.ts';
import type { Database } from '../../../src/record/db/database.ts';
import { lockSubmission } from '../../../src/record/submissions/submissions.ts';
import { openTestSite, removeFolder } from '../../helpers/site.ts';

const FORM = 'title: T\nscreens:\n  - id: one\n    title: One\n    fields: [{ id: a, type: text, label: A }]\nendings: [{ id: done, title: Done }]\n'; // prettier-ignore

/** @returns the most transactions that were open at once since then */
function countTransactions(db: Database): () => number {
  const transaction = db.transaction.bind(db);
  let [now, most] = [0, 0];
  vi.spyOn(db, 'transaction').mockImplementation(async (run, options) => {
    most = Math.max(most, ++now);
    return transaction(run, options).finally(() => now--);
  });
  return () => most;
}

it('changes of one submission wait for each other without a transaction, so that they keep no connection from others', async () => {
  const site = await openTestSite({ forms: { f: FORM } });
  try {
    const send = async (method: string, path: string, body: object, token = '') => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const response = await fetch(`${site.origin}/api/${path}`, { method, headers, body: JSON.stringify(body) });
      return { status: response.status, json: (await response.json()) as { id: string; token: string } };
    };
    const { id, token } = (await send('POST', 'forms/f/submissions', {})).json;
    const mostAtOnce = countTransactions(site.db);
    const at = new Date().toISOString();
    const event = () => ({ events: [{ id: randomUUID(), name: 'onUIEvent', at, data: {} }] });
    const told = await Promise.all(
      Array.from({ length: 10 }, (_, n) => [
        send('PUT', `submissions/${id}/answers`, { screen: 'one', answers: { a: `${n}` } }, token),
        send('POST', `submissions/${id}/events`, event(), token),
      ]).flat(),
    );
    expect(told.map(({ status }) => status)).toEqual(told.map(() => 200));
    expect(mostAtOnce()).toBeLessThan(4);
  } finally {
    await site.close();
    removeFolder(site.folder);
  }
});

it('uploads and removals of files wait without a transaction too', async () => {
  const site = await openPapers();
  try {
    const draft = await beforePapers(site);
    const mostAtOnce = countTransactions(site.db);
    const uploads = await Promise.all(Array.from({ length: 8 }, (_, n) => draft.upload('cv', pdf(`${n}`))));
    expect(uploads.filter(({ status }) => status === 201)).toHaveLength(2);
    const { items } = (await draft.files()).body;
    const removals = [...items, ...items, ...items].map(({ id }: { id: string }) => draft.remove(id));
    expect(new Set((await Promise.all(removals)).map(({ status }) => status))).toEqual(new Set([200]));
    // Results and jobs have transactions of their own.
    expect(mostAtOnce()).toBeLessThan(4);
  } finally {
    await site.close();
    removeFolder(site.folder);
  }
});

it('changes of one submission leave connections to others while another program holds its row', async () => {
  const site = await openPapers();
  try {
    const [draft, other] = [await beforePapers(site), await beforePapers(site)];
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { promise: locked, resolve: hasLock } = Promise.withResolvers<void>();
    const holding = site.db.transaction(
      async (trx) => {
        await lockSubmission(trx, draft.id);
        hasLock();
        await held;
      },
      { locksRow: true },
    );
    await locked;
    const at = new Date().toISOString();
    const tell = () => send(site, 'POST', `/api/submissions/${draft.id}/events`, { events: [{ id: randomUUID(), name: 'screenSeen', at, data: {} }] }, { ...draft.headers, 'content-language': 'es' }); // prettier-ignore
    const told = Array.from({ length: 30 }, tell);
    expect((await other.put('about', { full_name: 'Ben', tax: 'TAX-123-456' })).status).toBe(200);
    release();
    await holding;
    expect(new Set((await Promise.all(told)).map(({ status }) => status))).toEqual(new Set([200]));
  } finally {
    await site.close();
    removeFolder(site.folder);
  }
});
