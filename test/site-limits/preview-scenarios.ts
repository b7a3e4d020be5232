/** A test for each limit in `PREVIEW_LIMITS`. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { previewExpiry, signPreview, type PreviewKind } from '../../src/publish/previews/preview-token.ts';
import { saveDraft } from '../../src/record/forms/drafts.ts';
import { setManagedIn } from '../../src/record/forms/form-states.ts';
import type { PREVIEW_LIMITS } from '../../src/site-limits/preview-limits.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { openDatabase, closeDatabase, type Database } from '../../src/record/db/database.ts';
import { begin, expectRefusal, flood, openSmallSite, PLAIN, requestOf, send } from '../helpers/api/client.ts';
import { beforePapers, PAPERS } from '../helpers/api/papers.ts';
import { clock } from '../helpers/api/limited.ts';
import { pdf } from '../helpers/samples/files.ts';
import type { TestSite } from '../helpers/site.ts';
import type { Scenario } from './scenario.ts';

const DAY_S = 86_400;

interface Previewed {
  site: TestSite;
  time: ReturnType<typeof clock>;
  /** The origin of a preview, as one of a site. */
  at(form: string, kind?: PreviewKind): { origin: string };
  /** Runs in the store of previews. */
  inStore<T>(run: (store: Database) => Promise<T>): Promise<T>;
}

/** Runs with the previews of two forms. */
async function onPreviews(
  run: (previewed: Previewed) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  const key = randomBytes(32);
  const time = clock('2026-12-01T09:30:00Z');
  const site = await openSmallSite({ key, now: time.now, forms: { plain: PLAIN, papers: PAPERS }, env });
  const at = (form: string, kind: PreviewKind = 'review') => {
    const expiresAt = previewExpiry(kind, time.now());
    return { origin: `${site.origin}/preview/${signPreview([key], { form, kind, generation: 1, expiresAt })}` };
  };
  try {
    await run({
      site,
      time,
      at,
      async inStore(use) {
        const store = await openDatabase(`sqlite:${site.folder}/data/preview.sqlite`, [key]);
        return use(store).finally(() => closeDatabase(store));
      },
    });
  } finally {
    await site.close();
  }
}

/** A link works until its last second, and no longer. */
const linkLasts = (kind: PreviewKind, days: number) =>
  onPreviews(async ({ time, at }) => {
    const preview = at('plain', kind);
    time.on(days * DAY_S);
    expect((await send(preview, 'GET', '/plain')).status).toBe(200);
    time.on(3_600);
    expect((await send(preview, 'GET', '/plain')).status).toBe(410);
  });

const note = (at: { origin: string }, more: object) =>
  send(at, 'POST', '/-/comments', { kind: 'comment', name: 'Ben', text: 'Hm', version: 'seen', ...more });

const idsIn = async (store: Database) => (await store.query.selectFrom('submissions').select('id').execute()).map(({ id }) => id); // prettier-ignore

export const previewScenarios: Record<keyof typeof PREVIEW_LIMITS, Scenario> = {
  previewLinkDays: () => linkLasts('review', SITE_LIMITS.previewLinkDays.value),
  previewPhoneDays: () => linkLasts('phone', SITE_LIMITS.previewPhoneDays.value),
  async previewRequestsPerAddressAndMinute() {
    await onPreviews(
      async ({ site, at }) => {
        const most = SITE_LIMITS.previewRequestsPerAddressAndMinute.value;
        const ask = (path: string, from = '203.0.113.7') =>
          send(at('plain'), 'GET', path, undefined, { 'x-forwarded-for': from });
        expect((await ask('/-/state')).status).toBe(200);
        const wrong = () => requestOf('GET', '/preview/plain.wrong/-/state', { 'x-forwarded-for': '203.0.113.7' });
        const statuses = await flood(site.port, most - 2, wrong);
        expect(new Set(statuses)).toEqual(new Set([404]));
        expect((await ask('/-/state')).status).toBe(200);

        const refusal = await ask('/-/state');
        expectRefusal(refusal, 429, 'rate_limited');
        // A page asks again by itself.
        const page = await ask('/plain');
        expect([page.status, page.headers.get('content-type')]).toEqual([429, 'text/html; charset=utf-8']);
        for (const { headers } of [refusal, page]) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
        expect(page.headers.get('refresh')).toBe(page.headers.get('retry-after'));

        expect((await ask('/plain', '203.0.113.8')).status).toBe(200);
        expect((await send(site, 'GET', '/plain', undefined, { 'x-forwarded-for': '203.0.113.7' })).status).toBe(200);
      },
      { RATE_LIMIT: 'on', TRUSTED_PROXIES: '1' },
    );
  },
  async previewAnswerDays() {
    await onPreviews(async ({ time, at, inStore }) => {
      const { id: old } = await begin(at('plain'), 'plain');
      time.on(SITE_LIMITS.previewAnswerDays.value * DAY_S);
      const { id: young } = await begin(at('plain'), 'plain');
      expect(await inStore(idsIn)).toEqual([old, young]);
      time.on(60);
      const { id: younger } = await begin(at('plain'), 'plain');
      expect(await inStore(idsIn)).toEqual([young, younger]);
    });
  },
  async previewSubmissions() {
    await onPreviews(async ({ site, time, at, inStore }) => {
      const { id: oldest } = await begin(at('plain'), 'plain');
      time.on(1);
      const most = SITE_LIMITS.previewSubmissions.value;
      const starts = `${new URL(at('plain').origin).pathname}/api/forms/plain/submissions`;
      const json = { 'content-type': 'application/json' };
      const statuses = await flood(site.port, most - 1, () => requestOf('POST', starts, json, '{}'));
      expect(new Set(statuses)).toEqual(new Set([201]));
      time.on(60);
      const { id: last } = await begin(at('plain'), 'plain');
      expect(await inStore(idsIn)).toContain(oldest);
      time.on(60);
      await begin(at('plain'), 'plain');
      const ids = await inStore(idsIn);
      expect(ids).not.toContain(oldest);
      expect(ids).toContain(last);
      expect(ids).toHaveLength(most + 1);
      // Also while no time goes by.
      await flood(site.port, 200, () => requestOf('POST', starts, json, '{}'));
      expect((await inStore(idsIn)).length).toBeLessThan(most + 150);
    });
  },
  async previewFileBytes() {
    await onPreviews(async ({ site, at, inStore }) => {
      const draft = await beforePapers({ ...site, ...at('papers') });
      expect((await draft.upload('cv', pdf())).status).toBe(201);
      const fill = (left: number) => inStore((store) => store.query.updateTable('files').set({ size: SITE_LIMITS.previewFileBytes.value - left }).execute()); // prettier-ignore
      const drafts = await Promise.all(Array.from({ length: 6 }, () => beforePapers({ ...site, ...at('papers') })));
      // Of several that come at once, there is room for one.
      const left = pdf().length * 2;
      await fill(left);
      const statuses = await Promise.all(drafts.map(async (one) => (await one.upload('cv', pdf())).status));
      expect(statuses.filter((status) => status !== 503).length).toBeLessThanOrEqual(1);
      await fill(0);
      const other = await beforePapers({ ...site, ...at('papers') });
      expect(await other.upload('cv', pdf())).toMatchObject({ status: 503, body: { error: { code: 'store_unavailable' } } }); // prettier-ignore
    });
  },
  async previewVersions() {
    await onPreviews(async ({ site, time, at, inStore }) => {
      await setManagedIn(site.db, 'plain', 'dashboard', time.now());
      const most = SITE_LIMITS.previewVersions.value;
      for (let n = 0; n < most + 3; n++) {
        time.on(1);
        const text = PLAIN.replace('title: Plain', `title: Plain ${n}`);
        await saveDraft(site.db, { form: 'plain', text, title: 'Plain' }, n, time.now());
        expect((await send(at('plain'), 'GET', '/plain')).text).toContain(`<title>Plain ${n}<`);
      }
      const kept = await inStore((store) => store.query.selectFrom('versions').select('definition').execute());
      expect(kept).toHaveLength(most);
      expect(kept.some(({ definition }) => definition.includes(`Plain ${most + 2}"`))).toBe(true);
      expect(kept.some(({ definition }) => definition.includes('Plain 0"'))).toBe(false);
    });
  },
  async previewsOpen() {
    await onPreviews(async ({ time, at }) => {
      const first = at('plain');
      const draft = await begin(first, 'plain');
      for (let n = 0; n <= SITE_LIMITS.previewsOpen.value; n++) {
        time.on(3_600);
        expect((await send(at('plain'), 'GET', '/-/state')).status).toBe(200);
      }
      expect((await draft.put('only', { full_name: 'Ana' })).status).toBe(200);
    });
  },
  async formComments() {
    await onPreviews(async ({ site, at }) => {
      const most = SITE_LIMITS.formComments.value;
      for (let n = 0; n < most; n++) expect((await note(at('plain'), { text: `Comment ${n}` })).status).toBe(201);
      const refusal = await note(at('plain'), {});
      expectRefusal(refusal, 429, 'rate_limited');
      expect(refusal.headers.get('retry-after')).toBe('60');
      await site.db.query
        .updateTable('form_comments')
        .set({ done_at: 'now' })
        .where('text', '=', 'Comment 0')
        .execute();
      expect((await note(at('plain'), {})).status).toBe(201);
    });
  },
  async commentCharacters() {
    await onPreviews(async ({ at }) => {
      const most = SITE_LIMITS.commentCharacters.value;
      expect((await note(at('plain'), { text: 'a'.repeat(most) })).status).toBe(201);
      expectRefusal(await note(at('plain'), { text: 'a'.repeat(most + 1) }), 400, 'invalid_request');
    });
  },
  async commentNameCharacters() {
    await onPreviews(async ({ at }) => {
      const most = SITE_LIMITS.commentNameCharacters.value;
      expect((await note(at('plain'), { name: 'a'.repeat(most) })).status).toBe(201);
      expectRefusal(await note(at('plain'), { name: 'a'.repeat(most + 1) }), 400, 'invalid_request');
    });
  },
};
