/** A server that is killed while an editor saves: each draft that was acknowledged is there when it starts again. */
import { expect, it, onTestFinished } from 'vitest';
import type { SavedDraft } from '../../src/contract/editor.ts';
import { SETUP_CODE, startSite } from '../site/running-site.ts';

const ROUNDS = 2;

it('loses no draft that was acknowledged', async () => {
  const site = await startSite({ RATE_LIMIT: 'off' });
  onTestFinished(() => site.stop());
  let cookie = '';
  const post = async (path: string, body: RequestInit['body'], more: Record<string, string> = {}) => {
    const headers = { cookie, origin: site.origin, ...more };
    const response = await fetch(site.origin + path, { method: 'POST', body, headers, redirect: 'manual' });
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return response;
  };
  await post('/admin/setup', new URLSearchParams({ code: SETUP_CODE, email: 'ops@acme.example', password: 'four plain words here' })); // prettier-ignore
  await post('/admin/forms/gig-driver/settings', new URLSearchParams({ owner: 'dashboard' }));

  const first = await textOnPage();
  let base = 1;
  let acknowledged = first;
  let sent = first;
  for (let round = 0; round < ROUNDS; round++) {
    const saving = saveUntilItEnds(round);
    // The time of some saves.
    await new Promise((resolve) => setTimeout(resolve, 400 + 150 * round));
    await site.kill();
    await saving;
    await site.restart();
    const text = await textOnPage();
    // The last one that was sent may have been stored, though its answer never arrived.
    expect([acknowledged, sent]).toContain(text);
    if (text === sent && text !== acknowledged) base++;
    acknowledged = text;
  }
  expect(base).toBeGreaterThan(ROUNDS + 1);

  /** Saves one text after the other, as an editor whose member never stops. */
  async function saveUntilItEnds(round: number): Promise<void> {
    for (let index = 0; ; index++) {
      sent = `# ${round}.${index}\n${first}`;
      const body = JSON.stringify({ text: sent, base });
      const answer =
        await post('/admin/forms/gig-driver/draft', body, { 'content-type': 'application/json', accept: 'application/json' }) // prettier-ignore
          .then(async (response) => (response.ok ? ((await response.json()) as SavedDraft) : undefined))
          .catch(() => undefined);
      if (!answer) return;
      expect(answer.revision).toBe(base + 1);
      [base, acknowledged] = [answer.revision, sent];
    }
  }

  async function textOnPage(): Promise<string> {
    const html = await (await fetch(`${site.origin}/admin/forms/gig-driver/edit`, { headers: { cookie } })).text();
    const [, text = ''] = /<textarea[^>]*>\n?([^<]*)/.exec(html) ?? [];
    return text.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'); // prettier-ignore
  }
});
