/**
 * A server that is killed while a member edits and publishes: acknowledged changes are there after the next start, as
 * one complete version.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { SavedDraft } from '../../../src/contract/editor.ts';
import { PLAIN } from '../../helpers/api/client.ts';
import { LONG } from '../../helpers/run/long.ts';
import { API_KEY } from '../../helpers/site.ts';
import { temporaryFolder } from '../../helpers/database.ts';
import { SETUP_CODE, startSite } from '../../site/running-site.ts';

/** How often the server is killed: once while drafts are saved, then twice while one is published, and so on. */
const KILLS = LONG ? 20 : 2;
/** Publishing takes about this, or less on SQLite. */
const PUBLISH_MS = 20;
const FORM = '/admin/forms/plain';

it(
  'loses no draft and no publication that was acknowledged, and keeps one whole version',
  { timeout: 300_000 },
  async () => {
    const formsDir = temporaryFolder();
    writeFileSync(path.join(formsDir, 'plain.yaml'), PLAIN);
    const site = await startSite({ RATE_LIMIT: 'off', FORMS_DIR: formsDir });
    onTestFinished(() => site.stop());
    let cookie = '';
    const post = async (address: string, body: RequestInit['body'], more: Record<string, string> = {}) => {
      const headers = { cookie, origin: site.origin, ...more };
      const response = await fetch(site.origin + address, { method: 'POST', body, headers, redirect: 'manual' });
      cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
      return response;
    };
    const get = async (address: string, headers: Record<string, string> = { cookie }) =>
      (await fetch(site.origin + address, { headers })).text();
    await post('/admin/setup', new URLSearchParams({ code: SETUP_CODE, email: 'ops@acme.example', password: 'four plain words here' })); // prettier-ignore
    await post(`${FORM}/settings`, new URLSearchParams({ owner: 'dashboard' }));

    const first = await textOnPage();
    const titled = (title: string) => first.replace(/^title: .*/m, `title: ${title}`);
    /** The draft and the publication that were acknowledged last, and the newest that was sent. */
    const draft = { acknowledged: first, sent: first, revision: 1 };
    const publication = { acknowledged: first, sent: first, number: 1 };
    for (let round = 0; round < KILLS; round++) {
      const publishes = round % 3 !== 0;
      const editing = edit(round, publishes);
      // Some saves, and then a moment of the next ones; or a moment of the publication that follows.
      await Promise.race([editing.begun, editing.ended]);
      await wait(publishes ? (PUBLISH_MS * round) / KILLS : 100 + 100 * Math.random());
      await site.kill();
      await editing.ended;
      await site.restart();
      await expectWhole();
    }
    expect(draft.revision).toBeGreaterThan(2 * KILLS);

    /** Saves one text after the other, until the server is gone. A member who publishes does so after two of them. */
    function edit(round: number, publishes: boolean) {
      const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
      const ended = (async () => {
        for (let index = 0; await save(titled(`Driver ${round}.${index}`)); index++) {
          if (index < 2) continue;
          if (publishes) {
            const page = await get(`${FORM}/publish`);
            publication.sent = draft.acknowledged;
            begin();
            await publish(page);
          } else begin();
        }
      })().catch((error: unknown) => {
        // A request that had no answer.
        if (!(error instanceof TypeError)) throw error;
      });
      return { begun, ended };
    }

    async function save(text: string): Promise<boolean> {
      draft.sent = text;
      const body = JSON.stringify({ text, base: draft.revision });
      const response = await post(`${FORM}/draft`, body, { 'content-type': 'application/json', accept: 'application/json' }); // prettier-ignore
      const { revision } = (await response.json()) as SavedDraft;
      expect([response.status, revision]).toEqual([200, draft.revision + 1]);
      Object.assign(draft, { acknowledged: text, revision });
      return true;
    }

    async function publish(page: string): Promise<void> {
      const fields = { base: valueOf(page, 'base'), replaces: valueOf(page, 'replaces'), understood: 'yes' };
      const response = await post(`${FORM}/publish`, new URLSearchParams(fields));
      const number = publication.number + 1;
      expect(response.headers.get('location')).toBe(`${FORM}/edit?published=${number}`);
      Object.assign(publication, { acknowledged: publication.sent, number });
    }

    /**
     * Compares the data after the start with the acknowledged changes. The last change may be stored without an answer.
     */
    async function expectWhole(): Promise<void> {
      const text = await textOnPage();
      expect([draft.acknowledged, draft.sent]).toContain(text);
      if (text !== draft.acknowledged) draft.revision++;
      draft.acknowledged = text;

      const key = { authorization: `Bearer ${API_KEY}` };
      const source = await fetch(`${site.origin}/api/forms/plain/source`, { headers: key });
      const published = await source.text();
      expect([publication.acknowledged, publication.sent]).toContain(published);
      if (published !== publication.acknowledged) publication.number++;
      publication.acknowledged = published;
      const numbers = numbersIn(await get(`${FORM}/history`));
      expect(numbers).toEqual(numbers.map((_, index) => publication.number - index));

      // The text compiles to the version of the page.
      const headers = { ...key, 'if-match': source.headers.get('etag') ?? '', 'content-type': 'text/yaml' };
      const again = await fetch(`${site.origin}/api/forms/plain/source?dry_run=true`, { method: 'PUT', body: published, headers }); // prettier-ignore
      const { version } = (await again.json()) as { version: string };
      const page = await get('/plain', {});
      expect(/"version":"([0-9a-f]{16})"/.exec(page)?.[1]).toBe(version);
    }

    async function textOnPage(): Promise<string> {
      const html = await get(`${FORM}/edit`);
      const [, text = ''] = /<textarea[^>]*>\n?([^<]*)/.exec(html) ?? [];
      return text.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'); // prettier-ignore
    }
  },
);

const valueOf = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

const numbersIn = (history: string): number[] =>
  [...history.matchAll(/version=(\d+)"/g)].map(([, number]) => Number(number));
