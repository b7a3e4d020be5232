/** A test for each limit in `SMILE_LIMITS`. */
import { expect } from 'vitest';
import type { SMILE_LIMITS } from '../../src/site-limits/smile-limits.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { createSmileClient, type SmileClient } from '../../src/smile/client.ts';
import { ok, raw, startScriptedSmile, type ScriptedSmile } from '../smile/scripted-smile.ts';
import type { Scenario } from './scenario.ts';

const account = {
  id: 'a-1',
  userId: 'acme-1',
  providerId: 'abccorp',
  connectionStatus: 'CONNECTED',
  connection: { status: 'CONNECTED', updatedAt: '2026-01-01T00:00:00Z' },
};

/** Runs `act` with a client of a Smile with scripted answers. */
const withSmile =
  (act: (client: SmileClient, smile: ScriptedSmile) => Promise<void>): Scenario =>
  async () => {
    const smile = await startScriptedSmile();
    const keys = { apiKey: 'the-key', apiSecret: 'the-secret' };
    // The calls do not wait for a time in which Smile would allow them, so the clock goes on as if they had.
    let slept = 0;
    const now = () => performance.now() + slept;
    const sleep = (ms: number) => Promise.resolve((slept += ms));
    try {
      await act(createSmileClient({ host: smile.host, ...keys, timeoutMs: 30_000, budgetMs: 120_000, now, sleep }), smile); // prettier-ignore
    } finally {
      await smile.close();
    }
  };

const accountsOfBytes = (bytes: number) => {
  const text = JSON.stringify({ code: 'OK', data: { items: [{ ...account, comment: '' }] } });
  return raw(200, text.replace('"comment":""', `"comment":"${'x'.repeat(bytes - text.length)}"`));
};

/** An answer with `lists` documents, each with `items` files and in a list of documents. */
const documents = (lists: number, items: number) => {
  const document = { id: 'd', userId: 'acme-1', state: { status: 'ANALYZED' }, rawFiles: Array(items).fill({}) };
  return ok({ items: Array(lists).fill(document) });
};

/** Answers with `pages` pages of one account each. */
function accountPages(smile: ScriptedSmile, { comment = '', pages = Infinity, onPage = () => {} } = {}): void {
  let page = 0;
  smile.answers((response) => {
    page++;
    onPage();
    ok({ items: [{ ...account, comment }], ...(page < pages && { nextCursor: `page-${page}` }) })(response);
  });
}

const tooLarge = "Smile's answer to GET /accounts is too large";

export const smileScenarios: Record<keyof typeof SMILE_LIMITS, Scenario> = {
  smileAnswerBytes: withSmile(async (client, smile) => {
    smile.answers(accountsOfBytes(SITE_LIMITS.smileAnswerBytes.value));
    expect(await client.listAccounts('acme-1')).toHaveLength(1);
    smile.answers(accountsOfBytes(SITE_LIMITS.smileAnswerBytes.value + 1));
    await expect(client.listAccounts('acme-1')).rejects.toThrow(tooLarge);
  }),

  smileListBytes: withSmile(async (client, smile) => {
    const size = SITE_LIMITS.smileListBytes.value / 5;
    accountPages(smile, { comment: 'x'.repeat(size) });
    expect(await client.listAllAccounts({ limit: 4 })).toHaveLength(4);
    accountPages(smile, { comment: 'x'.repeat(size) });
    await expect(client.listAllAccounts({ limit: 5 })).rejects.toThrow(tooLarge);
  }),

  smilePages: withSmile(async (client, smile) => {
    const most = SITE_LIMITS.smilePages.value + 1;
    accountPages(smile, { pages: most });
    expect(await client.listAllAccounts()).toHaveLength(most);
    accountPages(smile, { pages: most + 1 });
    await expect(client.listAllAccounts()).rejects.toThrow('GET /accounts: the pages do not end');
  }),

  async smileListMs() {
    const smile = await startScriptedSmile();
    let time = 0;
    const sleep = async (ms: number) => void (time += ms);
    const client = createSmileClient({ host: smile.host, apiKey: 'k', apiSecret: 's', now: () => time, sleep });
    const listIn = (pages: number) => {
      accountPages(smile, { pages, onPage: () => (time += 3_000) });
      return client.listAllAccounts();
    };
    try {
      const most = SITE_LIMITS.smileListMs.value / 3_000;
      expect(await listIn(most)).toHaveLength(most);
      await expect(listIn(most + 1)).rejects.toThrow('GET /accounts: the pages together take too long');
    } finally {
      await smile.close();
    }
  },

  smileListItems: withSmile(async (client, smile) => {
    const most = SITE_LIMITS.smileListItems.value;
    smile.answers(documents(most, 0));
    expect(await client.listArchives({ userId: 'acme-1' })).toHaveLength(most);
    smile.answers(documents(most + 1, 0));
    await expect(client.listArchives({ userId: 'acme-1' })).rejects.toThrow('has no usable data');
  }),

  smileItemsTogether: withSmile(async (client, smile) => {
    const lists = SITE_LIMITS.smileItemsTogether.value / 10_000;
    smile.answers(documents(lists, 9_999));
    expect(await client.listArchives({ userId: 'acme-1' })).toHaveLength(lists);
    smile.answers(documents(lists, 10_000));
    await expect(client.listArchives({ userId: 'acme-1' })).rejects.toThrow('has no usable data');
  }),

  smileAccounts: withSmile(async (client, smile) => {
    const most = SITE_LIMITS.smileAccounts.value;
    const accounts = Array.from({ length: most + 1 }, (_, at) => ({ ...account, id: `a-${at}` }));
    smile.answers(ok({ items: accounts }));
    expect(await client.listAccounts('acme-1')).toHaveLength(most);
  }),
};
