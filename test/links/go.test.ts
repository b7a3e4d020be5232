import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLinks } from '../../src/links/registry.ts';
import { findSubmission } from '../../src/record/submissions/submissions.ts';
import { noClicks } from '../../src/record/links/clicks.ts';
import { begin, eventually, expectRefusal, send } from '../helpers/api/client.ts';
import { clock, post, startOf } from '../helpers/api/limited.ts';
import { opened } from '../helpers/api/opened.ts';
import { ask, removeFolder, SETUP_CODE, type TestSite } from '../helpers/site.ts';
import { go, openCampaigns, person, visitorsOf } from './links-site.ts';

let site: TestSite;
const time = clock('2026-11-27T12:00:00Z');
beforeAll(async () => void (site = await openCampaigns({ now: time.now })));
afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

const locationOf = async (path: string) => (await go(site, path)).headers.get('location');

describe('the address of a link', () => {
  it('leads to the form with the id of the link and the fields that it fills in, and nothing may keep it', async () => {
    const { status, headers, text } = await go(site, '/go/fb-nov');
    expect(status).toBe(302);
    expect(Object.fromEntries(headers)).toMatchObject({
      location: '/drive?link=fb-nov&city=Manila', 'cache-control': 'no-store', 'x-robots-tag': 'noindex', 'content-length': '0',
    }); // prettier-ignore
    expect(text).toBe('');
    expect(await locationOf('/go/es-sms')).toBe('/drive/es?link=es-sms');
    expect(await locationOf('/go/FB-Nov/')).toBe('/drive?link=fb-nov&city=Manila');
    expect((await go(site, '/go/fb-nov', person(), 'HEAD')).status).toBe(302);
  });

  it('keeps the parameters that the form knows: params, fields that can be filled in, and utm values', async () => {
    expect(await locationOf('/go/es-sms?agent=9&city=Cebu&utm_term=work&fbclid=x&other=1&link=fb-nov')).toBe(
      '/drive/es?link=es-sms&agent=9&city=Cebu&utm_term=work',
    );
    // The link's own values stay.
    expect(await locationOf('/go/fb-nov?agent=9&city=Cebu&utm_term=work')).toBe(
      '/drive?link=fb-nov&city=Manila&utm_term=work',
    );
  });

  it('has a param of the link only if a screen shows it to the person', async () => {
    expect(await locationOf('/go/acme')).toBe('/hiring?link=acme&employer=Acme+Rides');
  });

  it('whose id alone stands in the address of the form has that param too', async () => {
    const other = async (path: string) => {
      const { status, headers } = await go(site, path);
      return [status, headers.get('location')];
    };
    expect(await other('/hiring?link=acme')).toEqual([302, '/hiring?link=acme&employer=Acme+Rides']);
    expect(await other('//evil.example/hiring?link=acme')).not.toContain('//evil.example/hiring?link=acme&employer=Acme+Rides'); // prettier-ignore
    for (const path of [
      '/hiring?link=acme&employer=Other',
      '/hiring?link=es-sms',
      '/hiring?link=none',
      '/drive?link=fb-nov',
    ])
      expect(await other(path)).toEqual([200, null]);
  });

  it('leads to no other website, however it is written', async () => {
    const spellings = [
      '/go/fb-nov?to=https://evil.example', '/go/fb-nov?//evil.example', '/go/fb-nov/?@evil.example', '/go/fb-nov?agent=https://evil.example',
      '/go/fb-nov?utm_source=%0d%0alocation:%20https://evil.example', '/go/fb-nov?city=%0d%0aSet-Cookie:%20a=b', '/go/fb-nov?\\evil.example',
    ]; // prettier-ignore
    for (const path of spellings) {
      const { status, headers } = await go(site, path);
      expect([path, status, headers.get('location')?.startsWith('/drive?link=fb-nov')]).toEqual([path, 302, true]);
      expect(headers.get('location')).not.toMatch(/[\r\n\\]/);
      expect(headers.has('set-cookie')).toBe(false);
    }
    const refused = [
      '/go//evil.example', '/go/%2f%2fevil.example', '/go/https://evil.example', '/go/\\evil.example', '/go/..%2f..%2fadmin', '/go/fb-nov%0d%0a',
      '/go/fb-nov@evil.example', '/go/evil.example', '/go/.', '/go/%00', '/go/__proto__', '/go/constructor', `/go/${'a'.repeat(1_900)}`,
    ]; // prettier-ignore
    for (const path of refused) {
      const { status, headers } = await go(site, path);
      expect([path, status, headers.get('location')]).toEqual([path, 404, null]);
    }
  });

  it('accepts no other method', async () => {
    const { status, headers } = await go(site, '/go/fb-nov', { ...person(), 'content-length': '0' }, 'POST');
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('shows a page for an unknown link, and the link’s own ending for a closed one', async () => {
    const unknown = await go(site, '/go/nothing');
    expect([unknown.status, unknown.headers.get('x-robots-tag')]).toEqual([404, 'noindex']);
    expect(unknown.text).toContain('There is no page here');
    const old = await go(site, '/go/old', { ...person(), 'accept-language': 'de' });
    expect([old.status, old.headers.get('location')]).toEqual([410, null]);
    for (const part of ['Acme Rides', 'Ya tenemos suficientes', 'Come back soon', 'href="https://acme.example/jobs"', 'lang="es"'])
      expect(old.text).toContain(part); // prettier-ignore
  });

  it('shows these pages in the language of the browser, if the form or Flipsite has it', async () => {
    const languageAt = async (path: string, wanted: string) =>
      /<html[^>]* lang="([\w-]+)"/.exec((await go(site, path, { ...person(), 'accept-language': wanted })).text)?.[1];
    const wanted = ['ar', 'tl-PH,en;q=0.8', 'in-ID', 'zh-CN', 'de,es;q=0.1,en;q=0.9', 'de', ';q=x,,es-MX;q=0', ''];
    expect(await Promise.all(wanted.map((one) => languageAt('/go/nothing', one)))).toEqual(['ar', 'fil', 'id', 'zh-Hans', 'en', 'en', 'en', 'en']); // prettier-ignore
    // The form has English and Spanish, and this link is in Spanish.
    expect(await Promise.all(['en-PH', 'es-MX', 'ar', ''].map((one) => languageAt('/go/old', one)))).toEqual(['en', 'es', 'es', 'es']); // prettier-ignore
  });

  it('is full once as many people as it may bring have sent the form, without spam, drafts and mere openings', async () => {
    expect((await go(site, '/go/few')).status).toBe(302);
    const stateAfter = async () =>
      (await openLinks(site.db, site.catalog)).stateOf(site.links.find('few')!, time.now());
    const start = async (more = {}) => (await startOf(site, 'drive', { link: 'few', ...more })).body as { id: string; token: string }; // prettier-ignore
    const complete = async ({ id, token }: { id: string; token: string }) => {
      const body = { screen: 'about', answers: { full_name: 'Ana', city: 'Cebu' } };
      const saved = await send(site, 'PUT', `/api/submissions/${id}/answers`, body, {
        authorization: `Bearer ${token}`,
      });
      expect(saved.status).toBe(200);
      expect((await send(site, 'POST', `/api/submissions/${id}/submit`, {}, { authorization: `Bearer ${token}` })).status).toBe(200); // prettier-ignore
    };
    for (let n = 0; n < 3; n++) expect((await opened(site, 'drive', { link: 'few' })).status).toBe(204);
    await ask(site, 'forms/drive/results');
    // An earlier form had a link with this id.
    const { id: earlier } = (await startOf(site, 'other')).body as { id: string };
    const sent = { link: 'few', submitted_at: time.now().toISOString(), outcome: 'completed' };
    await site.db.query.updateTable('submissions').set(sent).where('id', '=', earlier).execute();
    await complete(await start());
    await complete(await start({ trap: 'filled in by a program' }));
    for (let n = 0; n < 3; n++) await start();
    expect(await stateAfter()).toBe('open');
    await complete(await start());
    expect(await stateAfter()).toBe('full');
    await eventually(async () => (await go(site, '/go/few')).status === 410);
    expect((await go(site, '/go/few')).text).toContain('This link is closed');
  });
});

describe('the visitors of a link', () => {
  it('are counted by class, and a person once a day', async () => {
    const link = 'es-sms';
    const before = await visitorsOf(site, link);
    const setUp = new URLSearchParams({
      code: SETUP_CODE,
      email: 'ops@acme.example',
      password: 'four plain words here',
    });
    const entered = await fetch(`${site.origin}/admin/setup`, { method: 'POST', body: setUp, redirect: 'manual', headers: { origin: site.origin } }); // prettier-ignore
    const cookie = entered.headers.getSetCookie().filter((one) => one.includes('Path=/;')).map((one) => one.split(';')[0]).join('; '); // prettier-ignore
    await go(site, `/go/${link}`, person(10));
    await go(site, `/go/${link}`, person(10));
    await go(site, `/go/${link}`, person(11));
    await go(site, `/go/${link}`, { ...person(12), 'sec-purpose': 'prefetch;prerender' });
    await go(site, `/go/${link}`, { ...person(13), 'user-agent': 'WhatsApp/2.24.7.79 A' });
    await go(site, `/go/${link}`, { ...person(14), 'user-agent': 'curl/8.9.1' });
    await go(site, `/go/${link}`, { ...person(15), cookie });
    const after = await visitorsOf(site, link);
    const more = Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - before[name as 'person']])); // prettier-ignore
    expect(more).toEqual({ ...noClicks(), person: 2, repeat: 1, preview: 2, robot: 1, member: 1 });
    time.to('2026-11-28T00:00:01Z');
    await go(site, `/go/${link}`, person(10));
    expect((await visitorsOf(site, link)).person).toBe(after.person + 1);
  });

  it('leave nothing behind but numbers', async () => {
    await go(site, '/go/fb-nov', { ...person(77), referer: 'https://www.facebook.com/secret-page?who=ana' });
    await site.clicks.flush();
    const rows = await site.db.query.selectFrom('link_clicks').selectAll().execute();
    const text = JSON.stringify(rows);
    expect(text).toContain('facebook.com');
    for (const secret of ['203.0.113', 'Chrome', 'secret-page', 'ana']) expect(text).not.toContain(secret);
    expect(site.logged()).not.toContain('secret-page');
  });

  it('are all counted in a flood, without a write for each', async () => {
    const before = await visitorsOf(site, 'other-link', 'other');
    let answered = 0;
    // One address: of a thousand visits, one is a person.
    for (let round = 0; round < 20; round++) {
      const visits = await Promise.all(Array.from({ length: 50 }, () => go(site, '/go/other-link', person(99))));
      answered += visits.filter(({ status }) => status === 302).length;
    }
    expect(answered).toBe(1_000);
    const after = await visitorsOf(site, 'other-link', 'other');
    expect([after.person - before.person, after.repeat - before.repeat]).toEqual([1, 999]);
    const rows = await site.db.query.selectFrom('link_clicks').selectAll().where('link', '=', 'other-link').execute();
    expect(rows).toHaveLength(2);
  });

  it('from more websites than a link may have are counted together', async () => {
    for (let n = 0; n < 25; n++)
      await go(site, '/go/other-link', { ...person(100 + n), referer: `https://s${n}.example/` });
    await site.clicks.flush();
    const hosts = await site.db.query.selectFrom('link_clicks').select(['host', 'clicks']).where('link', '=', 'other-link').where('host', '<>', '').execute(); // prettier-ignore
    expect(hosts).toHaveLength(21);
    expect(hosts.find(({ host }) => host === 'other')?.clicks).toBe(5);
  });
});

describe('a submission that is started by a link', () => {
  const linkOf = async (id: string) => {
    const submission = await findSubmission(site.db, id);
    return { link: submission?.link, params: submission?.params };
  };

  it('has the campaign of the link, which the address does not show', async () => {
    const { id } = await begin(site, 'drive', { params: { link: 'fb-nov', agent: 'forged', utm_medium: 'social' } });
    expect(await linkOf(id)).toEqual({
      link: 'fb-nov',
      params: { agent: 'a7', utm_source: 'facebook', utm_campaign: 'november', utm_medium: 'social' },
    });
  });

  it('has a param that the screens show as the person read it, though the link has another value by now', async () => {
    const { id } = await begin(site, 'hiring', { params: { link: 'acme', employer: 'Beta', agent: 'forged' } });
    expect(await linkOf(id)).toEqual({ link: 'acme', params: { employer: 'Beta', agent: 'a7' } });
    const posted = await post(site, '/hiring?link=acme&employer=Beta', { note: 'Hello' });
    const native = /flipsite_ended=([\w-]+)\./.exec(posted.headers.get('set-cookie') ?? '')?.[1] ?? '';
    expect(await linkOf(native)).toEqual({ link: 'acme', params: { employer: 'Beta', agent: 'a7' } });
    const gap = await begin(site, 'hiring', { params: { link: 'acme' } });
    expect(await linkOf(gap.id)).toEqual({ link: 'acme', params: { agent: 'a7' } });
    const program = await begin(site, 'hiring', { link: 'acme', params: { employer: 'Beta' } });
    expect(await linkOf(program.id)).toEqual({ link: 'acme', params: { employer: 'Acme Rides', agent: 'a7' } });
  });

  it('has no link that does not exist or leads to another form, and starts nevertheless', async () => {
    for (const link of ['nothing', 'other-link', '../fb-nov', '__proto__', '']) {
      const { id } = await begin(site, 'drive', { params: { link } });
      expect(await linkOf(id)).toEqual({ link: null, params: {} });
    }
  });

  it('has such a param also as a page of an earlier version showed it, and no other one of that page', async () => {
    const version = site.catalog.current('hiring')?.version;
    const file = path.join(site.formsDir, 'hiring.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace("title: 'Work for {employer}'", 'title: Work'));
    await site.catalog.sync(site.formsDir, time.now());
    for (const shown of [{ employer: 'Beta' }, {}]) {
      const { id } = await begin(site, 'hiring', { version, params: { link: 'acme', agent: 'forged', ...shown } });
      expect(await linkOf(id)).toEqual({ link: 'acme', params: { ...shown, agent: 'a7' } });
    }
  });

  it('is refused to a program that names a link of another form', async () => {
    for (const link of ['nothing', 'other-link']) {
      expectRefusal(await send(site, 'POST', '/api/forms/drive/submissions', { link }), 400, 'invalid_request');
    }
    const started = await send(site, 'POST', '/api/forms/drive/submissions', { link: 'es-sms' });
    expect(started.status).toBe(201);
    expect(await linkOf(started.body.id)).toMatchObject({ link: 'es-sms' });
  });

  it('has the link without JavaScript, too', async () => {
    const posted = await post(site, '/drive?link=fb-nov&city=Cebu', { full_name: 'Ana', city: 'Cebu' });
    expect(posted.status).toBe(303);
    const id = /flipsite_ended=([\w-]+)\./.exec(posted.headers.get('set-cookie') ?? '')?.[1] ?? '';
    expect(await linkOf(id)).toMatchObject({ link: 'fb-nov', params: { agent: 'a7' } });
  });
});
