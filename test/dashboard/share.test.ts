import { settingsOf } from '../../src/dashboard/share/links-view.ts';
import { readPostedLink } from '../../src/dashboard/share/posted-link.ts';
import { changeLink } from '../../src/links/make-links.ts';
import { openLinks } from '../../src/links/registry.ts';
import jsQR from 'jsqr';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressWarning } from '../../src/dashboard/share/public-address.ts';
import { qrColor, qrPng, qrSvg } from '../../src/dashboard/share/qr-codes.ts';
import { firstSentences, shareTexts } from '../../src/dashboard/share/share-texts.ts';
import { compile } from '../helpers/compile.ts';
import { API_KEY, SETUP_CODE, removeFolder, type TestSite } from '../helpers/site.ts';
import { begin, send } from '../helpers/api/client.ts';
import { CAMPAIGNS, go, openCampaigns, person } from '../links/links-site.ts';
import { wordsOf } from '../helpers/visitor.ts';

const ADDRESS = 'https://forms.padyak.ph/go/flyer-quiapo';

/** The text of a QR code in a picture. */
async function decoded(picture: Buffer): Promise<string | undefined> {
  const { data, info } = await sharp(picture).flatten({ background: '#fff' }).ensureAlpha().raw().toBuffer({ resolveWithObject: true }); // prettier-ignore
  return jsQR(new Uint8ClampedArray(data), info.width, info.height)?.data;
}

describe('the QR code of a link', () => {
  it.each([undefined, '#000000', '#0b6e4f', '#b3261e', '#ffd400', '#f5f5f5', '#7fd6ff'])(
    'is read by a decoder, as PNG and as SVG, for a brand with the color %s',
    async (brand) => {
      const color = qrColor(brand);
      const png = qrPng(ADDRESS, color);
      expect(await decoded(png)).toBe(ADDRESS);
      expect(await decoded(Buffer.from(qrSvg(ADDRESS, color)))).toBe(ADDRESS);
      const { width, height, format } = await sharp(png).metadata();
      expect([width === height, (width ?? 0) > 500, format]).toEqual([true, true, 'png']);
    },
  );

  it('has the color of the brand only where it is dark enough', () => {
    expect(['#0b6e4f', '#ffd400', undefined].map(qrColor)).toEqual(['#0b6e4f', '#000000', '#000000']);
  });
});

describe('an address', () => {
  it('is warned of if people outside cannot reach it, or their browsers warn them', () => {
    const about = (site: string) => addressWarning(site)?.split('.')[0];
    for (const site of ['http://localhost:8000', 'http://127.0.0.1:8000', 'http://[::1]:8000'])
      expect(about(site)).toBe('This link works only on this computer');
    for (const site of ['http://192.168.1.7', 'https://forms.local', 'http://forms'])
      expect(about(site)).toBe('This link works only in your network');
    expect(addressWarning('http://localhost:8000')).toMatch(
      /Ask the person who runs Flipsite for a public address\. Do not print/,
    );
    expect(about('http://forms.acme.example')).toBe('This link is not encrypted, and browsers warn people about it');
    expect(about('https://forms.acme.example/forms')).toBeUndefined();
  });
});

describe('the messages with a link', () => {
  it.each([
    [undefined, 'WhatsApp shows the card of the form above it.'],
    ['a hash', 'WhatsApp shows “Este formulario pide una contraseña” above it.'],
  ])('say the preview that WhatsApp shows, with the password %s', (password, note) => {
    const form = { ...compile(CAMPAIGNS, 'drive.yaml'), password };
    expect(shareTexts(form, 'es', ADDRESS)[0]?.note).toBe(note);
  });

  it('fit where they are sent, in each language, however long the title is', () => {
    const form = compile(CAMPAIGNS, 'drive.yaml');
    const long = { ...form, title: 'Become a driver '.repeat(20), description: 'Earn more. '.repeat(40) };
    for (const language of ['en', 'es', 'fil', 'id', 'zh', 'ar'] as const) {
      for (const one of [form, long]) {
        const texts = Object.fromEntries(shareTexts(one, language, ADDRESS).map((text) => [text.place, text]));
        expect(Object.keys(texts)).toEqual(['WhatsApp', 'Viber', 'SMS', 'Email']);
        for (const { text } of Object.values(texts)) expect(text).toContain(ADDRESS);
        expect(texts['WhatsApp']?.text).not.toMatch(/[.。] ?[.。]/);
        expect(texts['SMS']?.text).toMatch(/(Drive with us|Become a driver)/);
        expect(texts['Viber']?.text).toMatch(/(Drive with us|Become a driver)/);
        expect(texts['Viber']?.text.length).toBeLessThanOrEqual(250);
        expect(texts['SMS']?.note).toMatch(/^\d+ of (160|70) characters: 1 SMS\.$/);
        expect(texts['Email']?.subject).toContain('Acme Rides');
      }
    }
  });
});

describe('the SMS with a link', () => {
  const sms = (title: string, company = 'Acme Rides') => {
    const form = { ...compile(CAMPAIGNS, 'drive.yaml'), title, brand: { name: company } };
    return shareTexts(form, 'en', ADDRESS).find(({ place }) => place === 'SMS')?.text;
  };
  const long =
    'Become a driver of a motorcycle, a tricycle or a van in Metro Manila, Cebu, Davao and Iloilo before Christmas';

  it('has as many words of a long title as fit, with dots that are in the alphabet of SMS', () => {
    expect(sms(`${long} and the new year`)).toBe(`Acme Rides: Become a driver of a motorcycle, a tricycle or a van in Metro Manila, Cebu, Davao and Iloilo before... ${ADDRESS}`); // prettier-ignore
    expect(sms('Préstamo de nómina para trabajadores')).toBe(`Préstamo de nómina para… ${ADDRESS}`);
  });

  it('has the title without the company if both do not fit, and the company alone if not even a few words do', () => {
    expect(sms(long)).toBe(`${long} ${ADDRESS}`);
    expect(sms('x'.repeat(200))).toBe(`Acme Rides ${ADDRESS}`);
  });
});

it('a message about a form says its minutes once, and names no company where there is none', () => {
  const form = { ...compile(CAMPAIGNS, 'drive.yaml'), description: 'Apply in four minutes.' };
  const texts = (one: typeof form) => shareTexts(one, 'en', ADDRESS).map(({ text }) => text);
  for (const text of texts(form)) expect(text.match(/minutes/g)?.length ?? 0).toBeLessThan(2);
  expect(texts(form)[0]).toContain('Apply in four minutes.');
  for (const text of texts({ ...form, brand: undefined })) expect(text.match(/Drive with us/g)).toHaveLength(1);
});

it('a poster has the first sentences of a long description, and the first words of a long sentence', () => {
  expect(firstSentences('Apply now. It is quick. You hear from us.', 25, 'en')).toBe('Apply now. It is quick.');
  expect(firstSentences('Apply now with your license and your plate number', 25, 'en')).toBe('Apply now with your…');
});

describe('the Share page', () => {
  let site: TestSite;
  let cookie = '';
  let visitors = 0;
  beforeAll(async () => {
    site = await openCampaigns();
    await ask('/admin/setup', { code: SETUP_CODE, email: 'ops@acme.example', password: 'four plain words here' });
  });
  afterAll(async () => {
    await site.close();
    removeFolder(site.folder);
  });

  async function ask(path: string, posted?: Record<string, string> | FormData) {
    const body = posted instanceof FormData ? posted : posted && new URLSearchParams(posted);
    const response = await fetch(site.origin + path, { redirect: 'manual', headers: { cookie, origin: site.origin }, ...(body && { method: 'POST', body }) }); // prettier-ignore
    cookie ||= response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    return { status: response.status, location: response.headers.get('location'), type: response.headers.get('content-type'), bytes: Buffer.from(await response.arrayBuffer()) }; // prettier-ignore
  }
  const page = async (path: string, posted?: Record<string, string> | FormData) => {
    const { status, location, bytes } = await ask(path, posted);
    return { status, location, text: bytes.toString() };
  };

  it('makes a link from its name, its place and the values it fills in, and the link works at once', async () => {
    const entered = { name: 'Flyer Quiapo', place: 'print', 'fill.city': 'Cebu', 'fill.agent': '', language: 'es', closes: '', max: '1,000', ending: '' }; // prettier-ignore
    const made = await page('/admin/forms/drive/share', entered);
    expect([made.status, made.location]).toEqual([303, '/admin/forms/drive/links/flyer-quiapo?done=made']);
    const { text } = await page(made.location ?? '');
    for (const part of ['The link is ready.', 'Make another link', 'print', 'flyer-quiapo', 'Messages', 'This link works only on this computer'])
      expect(text).toContain(part); // prettier-ignore
    expect((await go(site, '/go/flyer-quiapo', person(1))).headers.get('location')).toBe('/drive/es?link=flyer-quiapo&city=Cebu'); // prettier-ignore
    await site.clicks.flush();
    const list = await page('/admin/forms/drive/share');
    expect(list.text).toMatch(/Flyer Quiapo[^]*?<td[^>]*>\s*1\s*<\/td>/);
  });

  it('warns on each page that has a QR code to download or to print, while the address works only here', async () => {
    const paths = [
      '/people',
      '/share',
      '/share/poster',
      '/links/es-sms',
      '/links/es-sms/poster',
      '/results',
      '/settings',
    ];
    const pages = await Promise.all(
      paths.map(async (path) => ({ path, ...(await page(`/admin/forms/drive${path}`)) })),
    );
    const withCode = pages.filter(({ text }) => /qr\.png|aria-label="QR code/.test(text));
    expect(withCode.map(({ path }) => path)).toEqual(paths.slice(0, 5));
    for (const { path, text } of withCode) expect([path, text]).toEqual([path, expect.stringContaining('This link works only on this computer')]); // prettier-ignore
    expect(pages[0]?.text).toContain('="#0b6e4f"');
  });

  it('says on each page with a link to print or to send that people need the password, for a form with one', async () => {
    const said = 'People need the password of the form.';
    for (const path of ['/share', '/share/poster', '/links/locked-link', '/links/locked-link/poster'])
      expect([path, wordsOf((await page(`/admin/forms/locked${path}`)).text)]).toEqual([path, expect.stringContaining(said)]); // prettier-ignore
    for (const path of ['/share', '/share/poster', '/links/es-sms'])
      expect(wordsOf((await page(`/admin/forms/drive${path}`)).text)).not.toContain(said);
  });

  it('shows the websites that the clicks of a link came from, without the page', async () => {
    const from = (referer: string) =>
      go(site, '/go/other-link', { ...person(++visitors), ...(referer && { referer }) });
    for (const referer of ['https://m.facebook.com/groups/9', 'https://l.facebook.com/l.php', 'https://jobs.example/', '']) await from(referer); // prettier-ignore
    await go(site, '/go/other-link', {
      ...person(++visitors),
      'user-agent': 'curl/8.9.1',
      referer: 'https://robots.example/',
    });
    await site.clicks.flush();
    const text = wordsOf((await page('/admin/forms/other/links/other-link')).text);
    expect(text).toContain('Where clicks came from Website Clicks facebook.com 2 No website (QR codes, messages and most apps) 1 jobs.example 1'); // prettier-ignore
    expect(text).not.toMatch(/groups|robots\.example/);
    for (let n = 0; n < 12; n++) await from(`https://s${n}.example/`);
    await site.clicks.flush();
    expect(wordsOf((await page('/admin/forms/other/links/other-link')).text)).toContain('Other websites 5');
    expect(wordsOf((await page('/admin/forms/drive/links/few')).text)).not.toContain('Where clicks came from');
  });

  it('shows the campaign and the answers that a link fills in with words, and the rare questions on demand', async () => {
    const { text } = await page('/admin/forms/drive/links/flyer-quiapo');
    const words = wordsOf(text);
    expect(words).toContain('Source utm_source print Medium utm_medium print Campaign utm_campaign flyer-quiapo');
    expect(words).toContain('City Cebu');
    expect(text).toMatch(/name="fill\.agent"[^]*name="fill\.city"[^]*More questions[^]*name="fill\.full_name"/);
  });

  it('has posters that a file of this site prints, and a sentence where it does not run', async () => {
    const poster = await fetch(`${site.origin}/admin/forms/drive/links/flyer-quiapo/poster`, { headers: { cookie } });
    expect(poster.headers.get('content-security-policy')).toContain("script-src 'self';");
    const text = await poster.text();
    expect(text).toMatch(/<button[^>]* hidden[^>]*>\s*Print/);
    expect(text).toContain('Use your browser’s Print');
    const [, script = ''] = /<script src="([^"]+)"/.exec(text) ?? [];
    expect((await ask(script)).bytes.toString()).toContain('print()');
  });

  it('shows how far the people of each link came, as in Results', async () => {
    const link = async () => {
      const { text } = await page('/admin/forms/drive/links/es-sms');
      return Object.fromEntries([...text.matchAll(/<dt>(\w+)<\/dt>\s*<dd>([\d,]+)<\/dd>/g)].map(([, name, count]) => [name, count])); // prettier-ignore
    };
    expect(await link()).toEqual({ Clicks: '0', Opened: '0', Started: '0', Connected: '0', Completed: '0' });
    const people = await Promise.all([1, 2].map(() => begin(site, 'drive', { params: { link: 'es-sms' } })));
    for (const { put } of people) await put('about', { full_name: 'Ana', city: 'Cebu' });
    expect((await people[0]!.post('submit')).status).toBe(200);
    expect(await link()).toEqual({ Clicks: '0', Opened: '0', Started: '2', Connected: '0', Completed: '1' });
  });

  it('speaks of one person where a link is for one', async () => {
    const api = (method: string, path: string, body: object) =>
      send(site, method, `/api/forms/drive/links${path}`, body, { authorization: `Bearer ${API_KEY}` });
    await api('POST', '', { id: 'for-one' });
    const { put, post } = await begin(site, 'drive', { params: { link: 'for-one' } });
    await put('about', { full_name: 'Ana', city: 'Cebu' });
    expect((await post('submit')).status).toBe(200);
    await api('PATCH', '/for-one', { max: 1 });
    expect(wordsOf((await page('/admin/forms/drive/links/for-one')).text)).toContain('Full 1 person has sent it');
    const body = new FormData();
    for (const [name, value] of Object.entries({ csv: 'name,max\nA,1\nB,2\n' })) body.append(name, value);
    expect(wordsOf((await page('/admin/forms/drive/share/series', body)).text)).toMatch(/\/go\/a 1 person .*\/go\/b 2 people /); // prettier-ignore
  });

  it('says that a link is full with the number of people who have sent the form by it', async () => {
    const headers = { authorization: `Bearer ${API_KEY}` };
    await send(site, 'POST', '/api/forms/drive/links', { id: 'for-few', max: 1 }, headers);
    for (const { put, post } of await Promise.all(
      [1, 2].map(() => begin(site, 'drive', { params: { link: 'for-few' } })),
    )) {
      await put('about', { full_name: 'Ana', city: 'Cebu' });
      expect((await post('submit')).status).toBe(200);
    }
    await send(site, 'PATCH', '/api/forms/drive/links/for-few', { name: 'For few' }, headers);
    expect(wordsOf((await page('/admin/forms/drive/links/for-few')).text)).toMatch(/Full 2 people have sent it.* Completed 2/); // prettier-ignore
  });

  it('shows the card of the form in each language, with the drawn picture', async () => {
    const { text } = await page('/admin/forms/drive/share');
    const cards = [...text.matchAll(/<div class="preview-card" lang="(\w+)">\s*<img src="([^"]+)"/g)];
    expect(cards.map(([, language]) => language)).toEqual(['en', 'es']);
    for (const [, , picture = ''] of cards) {
      const { type, bytes } = await ask(picture);
      expect([type, (await sharp(bytes).metadata()).width]).toEqual(['image/png', 1200]);
    }
  });

  it('shows the error of a link at its input, and keeps the entered values', async () => {
    const entered = { name: 'FB "Nov"', place: 'facebook', 'fill.city': 'Rome', closes: 'tomorrow', max: 'many' };
    const { status, text } = await page('/admin/forms/drive/share', entered);
    expect(status).toBe(422);
    expect(text).toMatch(/value="FB &(#34|quot);Nov&(#34|quot);"/);
    expect(text).toMatch(/id="closes-fault"[^>]*>\s*This is neither a date/);
  });

  it.each([
    ['max', { name: 'A', max: 'many' }],
    ['name', { name: 'A'.repeat(101), max: 'many' }],
    ['closes', { name: 'A', closes: 'tomorrow' }],
    ['fill.city', { name: 'A', 'fill.city': 'Rome' }],
  ])('opens at the first error, which is far below the top of the page: %s', async (input, entered) => {
    for (const path of ['share', 'links/flyer-quiapo']) {
      const { status, text } = await page(`/admin/forms/drive/${path}`, entered as Record<string, string>);
      const focused = [...text.matchAll(/<\w+ [^>]*\bautofocus\b[^>]*>/g)].map(
        ([tag]) => /id="([^"]+)"/.exec(tag)?.[1],
      );
      expect([status, focused]).toEqual([422, [input]]);
    }
  });

  it('changes, closes and opens a link, and leads nowhere with the link of another form', async () => {
    const here = '/admin/forms/drive/links/flyer-quiapo';
    expect((await page(here, { name: 'Flyer Manila', place: 'print', max: '5' })).location).toBe(
      `${here}?done=changed`,
    );
    expect(site.links.find('flyer-quiapo')?.link).toEqual({ id: 'flyer-quiapo', name: 'Flyer Manila', max: 5, utm: { source: 'print', medium: 'print', campaign: 'flyer-quiapo' } }); // prettier-ignore
    await page(`${here}/state`, { state: 'closed' });
    expect((await go(site, '/go/flyer-quiapo')).status).toBe(410);
    expect((await page(`${here}?done=closed`)).text).toContain('People who open it see a page that says so.');
    await page(here, { name: 'Flyer Manila', place: 'print', max: '5', ending: 'done' });
    expect((await go(site, '/go/flyer-quiapo')).text).toContain('Thank you');
    expect((await page(`${here}?done=closed`)).text).toContain('People who open it see “Thank you”.');
    await page(here, { name: 'Flyer Manila', place: 'print', max: '5' });
    await page(`${here}/state`, { state: 'open' });
    expect((await go(site, '/go/flyer-quiapo')).status).toBe(302);
    expect((await page(`${here}?done=opened`)).text).toContain('The link is open again.');
    expect((await page(`${here}?done=closed`)).text).not.toContain('The link is closed.');
    await page(here, { name: 'Flyer Manila', place: 'print', closes: '2020-01-01' });
    expect((await page(`${here}?done=opened`)).text).toContain('But its last day');
    await page(here, { name: 'Flyer Manila', place: 'print', max: '5' });
    expect((await page('/admin/forms/other/links/flyer-quiapo')).status).toBe(404);
    const foreign = await page('/admin/forms/other/links/flyer-quiapo/state', { state: 'closed' });
    expect([foreign.status, foreign.text.includes('There is no such link')]).toEqual([404, true]);
    expect((await page('/admin/forms/drive/links/fb-nov', { name: 'Mine' })).status).toBe(422);
  });

  it('does not replace the change that another member has saved since the page of a link was opened', async () => {
    const here = (await page('/admin/forms/drive/share', { name: 'Two members' })).location?.split('?')[0] ?? '';
    const settingsIn = (html: string) => (/name="settings" value="([^"]*)"/.exec(html)?.[1] ?? '').replaceAll(/&#34;|&quot;/g, '"'); // prettier-ignore
    const settings = settingsIn((await page(here)).text);
    expect((await page(here, { name: 'Of Ana', settings })).location).toBe(`${here}?done=changed`);
    const refused = await page(here, { name: 'Two members', max: '7', settings });
    expect(refused.status).toBe(409);
    expect(refused.text).toMatch(/was changed in the meantime[^]*value="Two members"[^]*value="7"/);
    expect((await page(here)).text).toContain('value="Of Ana"');
    const saved = await page(here, { name: 'Two members', max: '7', settings: settingsIn(refused.text) });
    expect(saved.location).toBe(`${here}?done=changed`);
  });

  it('does not replace a change that another server has just stored', async () => {
    const here = (await page('/admin/forms/drive/share', { name: 'Two servers' })).location?.split('?')[0] ?? '';
    const id = here.split('/').at(-1) ?? '';
    const before = site.links.find(id);
    const links = await openLinks(site.db, site.catalog);
    await changeLink({ db: site.db, catalog: site.catalog, links, now: new Date() }, 'drive', id, {
      input: { max: 9 },
    });
    const settings = before ? settingsOf(before) : '';
    expect((await page(here, { name: 'Two members', settings })).status).toBe(409);
  });

  it('keeps a place in other words, and its campaign, when the link is saved', async () => {
    const made = { id: 'radio-spot', place: 'radio', utm: { source: 'radio', campaign: 'nov' } };
    await send(site, 'POST', '/api/forms/drive/links', made, { authorization: `Bearer ${API_KEY}` });
    const here = '/admin/forms/drive/links/radio-spot';
    const select = /<select id="place"[^]*?<\/select>/.exec((await page(here)).text)?.[0] ?? '';
    const place = /<option value="([^"]*)" selected/.exec(select)?.[1] ?? '';
    expect((await page(here, { name: 'Radio in Cebu', place })).status).toBe(303);
    expect(site.links.find('radio-spot')).toMatchObject({
      place: 'radio',
      link: { name: 'Radio in Cebu', utm: made.utm },
    });
    expect((await page(here, { name: 'Radio in Cebu', place: '' })).status).toBe(303);
    expect(site.links.find('radio-spot')).toMatchObject({ place: '', link: { name: 'Radio in Cebu' } });
  });

  it('offers QR codes of the link and of the form, which lead there', async () => {
    for (const [path, to] of [['/admin/forms/drive/links/flyer-quiapo/qr', '/go/flyer-quiapo'], ['/admin/forms/drive/qr', '/drive']] as const) {
      for (const type of ['png', 'svg']) expect(await decoded((await ask(`${path}.${type}`)).bytes)).toBe(site.origin + to);
    } // prettier-ignore
    expect((await page('/admin/forms/other/links/flyer-quiapo/qr.png')).status).toBe(404);
  });

  it('has the name that its people, each of them and the timeline are shown with, and not its id', async () => {
    const call = (method: string, path: string, body: object, token = '') =>
      fetch(site.origin + path, { method, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify(body) }); // prettier-ignore
    const started = await call('POST', '/api/forms/drive/submissions', { link: 'flyer-quiapo', language: 'en' });
    const { id, token } = (await started.json()) as { id: string; token: string };
    const answers = { screen: 'about', answers: { full_name: 'Ana', city: 'Cebu' } };
    expect((await call('PUT', `/api/submissions/${id}/answers`, answers, token)).ok).toBe(true);
    for (const path of ['/admin/forms/drive/people', `/admin/forms/drive/people/${id}`]) {
      const { text } = await page(path);
      expect(text).toMatch(/[Ff]rom( the link )?\s*<bdi>Flyer Manila<\/bdi>/);
    }
    expect((await page(`/admin/forms/drive/people/${id}`)).text).toContain('Came from the link Flyer Manila');
  });

  it('reads a number of people as people write it, and asks again where it is none', () => {
    const read = (max: string) => readPostedLink(new URLSearchParams({ name: 'A', max })).input.max;
    for (const [text, people] of [
      ['1000', 1000],
      ['1,000', 1000],
      ['1.000', 1000],
      ['1 000', 1000],
      ['1.000.000', 1_000_000],
    ] as const)
      // prettier-ignore
      expect(read(text), text).toBe(people);
    for (const text of ['0x10', '1e3', '1.5', '1.000,5', '-1', 'ten']) expect(read(text), text).toBeNaN();
  });

  it('makes a series of links from a file, after it has shown them', async () => {
    const send = (csv: BlobPart, more: Record<string, string> = {}) => {
      const body = new FormData();
      for (const [name, value] of Object.entries({ place: 'partner', ...more })) body.append(name, value);
      if (!more['csv']) body.append('file', new Blob([csv], { type: 'text/csv' }), 'branches.csv');
      return page('/admin/forms/drive/share/series', body);
    };
    const count = () => site.links.list('drive').length;
    const before = count();
    const wrong = await send('name;city;agent\nQuiapo;Manila;1\nBaguio;Baguio;2\nfb-nov;Cebu;3\n');
    expect([wrong.status, wrong.text.includes('1 link has a problem.')]).toEqual([422, true]);
    expect(wrong.text).toContain('The link cannot fill in city');
    expect(wrong.text).toMatch(/aria-current="page">\s*Share/);
    for (const csv of ['', 'city\nManila\n', 'name,town\nA,B\n', 'name\n"A\n', 'name,city\n,Manila\n'])
      expect((await send(csv)).status, csv).toBe(422);
    const latin1 = await send(Uint8Array.from(Buffer.from('name,city\nMérida,Mérida\n', 'latin1')));
    expect(latin1.text).toContain('The file is not in UTF-8.');
    expect((await send('name,city\nB,Manila, Makati\n')).text).toContain('Line 2 of the file has more cells');
    expect((await send('name,city,city\nB,Manila,Cebu\n')).text).toContain('“city” is there more than once');
    expect((await send('city,name\nManila\nCebu,B\n')).text).toContain('Link 1 of the file has no name.');
    expect((await send('name,city,,\nA,Cebu,,\n,,,\n')).text).toContain('Create 1 link');
    // As people write it on the page, or as a spreadsheet changes it.
    expect((await send('name,city\nA,CEBU\n')).text).toContain('Create 1 link');
    // Lines of some programs end with a carriage return only.
    expect((await send('name;city\rA, B, C, D;Cebu\r')).text).toContain('Create 1 link');
    const csv = 'name,city,agent\nQuiapo,Manila,1\n"Cebu, IT Park",Cebu,2\nQuiapo,Manila,3\n';
    const shown = await send(csv);
    expect([shown.status, count()]).toEqual([200, before]);
    for (const part of ['Create 3 links', 'Nothing is made yet']) expect(shown.text).toContain(part);
    const ids = [...shown.text.matchAll(/\/go\/([\w-]+)/g)].map(([, id]) => id);
    expect(ids.filter((id) => /^(quiapo|cebu)/.test(id ?? ''))).toEqual(['quiapo', 'cebu-it-park', 'quiapo-2']);
    const made = await send('', { csv, confirm: 'yes' });
    expect([made.status, made.location]).toEqual([303, '/admin/forms/drive/share?made=3']);
    expect(site.links.find('quiapo-2')).toMatchObject({ place: 'partner', link: { params: { agent: '3' }, utm: { source: 'partner' } } }); // prettier-ignore
    expect(count()).toBe(before + 3);
  });

  it('makes the links of each file that it has shown, also of one with many line ends', async () => {
    const send = (fields: Record<string, string | Blob>) => {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      return page('/admin/forms/drive/share/series', body);
    };
    const text = `name\n${Array.from({ length: 9 }, (_, number) => `Branch ${number}`).join('\n')}${'\n'.repeat(180_000)}`;
    const shown = await send({ place: 'print', file: new Blob([text], { type: 'text/csv' }) });
    expect([shown.status, shown.text.includes('Create 9 links')]).toEqual([200, true]);
    // As a browser sends line ends in a field.
    const made = await send({ place: 'print', csv: text.replaceAll('\n', '\r\n'), confirm: 'yes' });
    expect([made.status, made.location]).toEqual([303, '/admin/forms/drive/share?made=9']);
    const large = await send({ place: 'print', file: new Blob(['x'.repeat(200_001)]) });
    expect([large.status, large.text.includes('one file can have 200 kB')]).toEqual([422, true]);
    const huge = await send({ place: 'print', file: new Blob(['x'.repeat(500_000)]) });
    expect([huge.status, huge.text.includes('A file can have up to 390 kB.')]).toEqual([413, true]);
  });

  it('lists many links on several pages, and finds one by its name, its address or its place', async () => {
    const csv = `name,city\n${Array.from({ length: 120 }, (_, number) => `Tienda Ñandú ${number},Cebu`).join('\n')}\n`;
    const body = new FormData();
    for (const [name, value] of Object.entries({ place: 'print', csv, confirm: 'yes' })) body.append(name, value);
    const { location } = await page('/admin/forms/drive/share/series', body);
    const namesIn = (text: string) => [...text.matchAll(/<a class="name" href="\/admin\/forms\/drive\/links\/([^"]+)"/g)].map(([, id]) => id ?? ''); // prettier-ignore
    const seen: string[] = [];
    let pages = 0;
    for (let path = location ?? undefined; path; pages++) {
      const { text } = await page(path);
      seen.push(...namesIn(text));
      path = /href="([^"]+)"[^>]*>\s*Show more links/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    const all = site.links.list('drive').map(({ link }) => link.id);
    expect(seen).toEqual(all);
    expect(pages).toBe(Math.ceil(all.length / 50));
    for (const q of [
      'nandu 77',
      'tienda-nandu-77',
      '/go/tienda-nandu-77',
      `${site.origin}/go/tienda-nandu-77`,
      '  77   TIENDA print',
    ]) {
      const { text } = await page(`/admin/forms/drive/share?${new URLSearchParams({ q })}`);
      expect([q, namesIn(text)]).toEqual([q, ['tienda-nandu-77']]);
      expect(wordsOf(text)).toContain(`1 of ${all.length} links`);
    }
    const more = await page('/admin/forms/drive/share?q=tienda');
    expect(more.text).toMatch(/href="[^"]*\?q=tienda&(amp;|#38;)cursor=[^"]*#t-links"/);
    expect(wordsOf((await page('/admin/forms/drive/share?q=%3Cb%3E')).text)).toContain('No link has these words');
    expect(namesIn((await page('/admin/forms/drive/share?cursor=no-such-link')).text)).toEqual(all.slice(0, 50));
    expect(wordsOf((await page('/admin/forms/drive/links/tienda-nandu-77')).text)).toContain('Tienda Ñandú 77');
  });

  it('adds and removes a website in the draft, and changes nothing while a file has the text', async () => {
    const websites = (posted: Record<string, string>) => page('/admin/forms/drive/share/websites', posted);
    expect((await websites({ add: 'https://acme.example' })).status).toBe(409);
    // Another member may have deleted the form in the meantime.
    expect((await page('/admin/forms/deleted/share/websites', { add: 'https://acme.example' })).status).toBe(404);
    await page('/admin/forms/drive/settings', { owner: 'dashboard' });
    const draftText = async () =>
      (await site.db.query.selectFrom('form_drafts').select('text').where('form', '=', 'drive').executeTakeFirstOrThrow()).text; // prettier-ignore
    const before = await draftText();
    for (const add of ['acme', 'https://acme.example/jobs', 'javascript:alert(1)', "https://a.example; script-src *"])
      expect([add, (await websites({ add })).status]).toEqual([add, 422]); // prettier-ignore
    expect((await websites({ add: 'ACME.example/' })).status).toBe(303);
    expect(await draftText()).toContain('https://acme.example');
    const shown = await page('/admin/forms/drive/share');
    expect(shown.text).toMatch(/https:\/\/acme\.example[^]*Not published yet[^]*Publish the change/);
    expect(shown.text.match(/class="button go"[^>]*>\s*[\w ]+/g)).toEqual([expect.stringContaining('Publish the change')]); // prettier-ignore
    // The second time as from a page that another member has open.
    for (let n = 0; n < 2; n++)
      expect((await websites({ remove: 'https://acme.example' })).location).toContain('?website=removed');
    expect(await draftText()).toBe(before);
  });

  it('offers no code for a form with a password, which no website can show, and says so', async () => {
    const { text } = await page('/admin/forms/locked/share');
    expect(wordsOf(text)).toContain('A form with a password can’t be on other websites');
    expect(text).not.toContain('&lt;div data-flipsite');
  });

  it('says that new people cannot start a form that is closed, also on the page of a link', async () => {
    const { location } = await page('/admin/forms/locked/share', { name: 'At the gate', place: 'print' });
    const says = () =>
      Promise.all(
        ['/admin/forms/locked/share', location ?? ''].map(async (at) =>
          wordsOf((await page(at)).text).includes('can’t start this form now'),
        ),
      );
    expect(await says()).toEqual([false, false]);
    await ask('/admin/forms/locked/state', { do: 'close' });
    expect(await says()).toEqual([true, true]);
    await ask('/admin/forms/locked/state', { do: 'open' });
  });

  it('stays open for a draft that cannot be read, and says so', async () => {
    const drafts = () => site.db.query.updateTable('form_drafts').where('form', '=', 'drive');
    const { text } = await site.db.query.selectFrom('form_drafts').select('text').where('form', '=', 'drive').executeTakeFirstOrThrow(); // prettier-ignore
    const aliases = Array.from({ length: 8 }, (_, n) => `a${n}: &a${n} [${n ? Array(9).fill(`*a${n - 1}`).join(',') : '1'}]`); // prettier-ignore
    await drafts()
      .set({ text: aliases.join('\n') })
      .execute();
    const shown = await page('/admin/forms/drive/share');
    expect([shown.status, shown.text.includes('The draft of this form has errors, so Flipsite can')]).toEqual([200, true]); // prettier-ignore
    expect((await page('/admin/forms/drive/share/websites', { add: 'https://acme.example' })).status).toBe(409);
    await drafts().set({ text }).execute();
  });

  it('shows the code for a website with the title as text, and a page that tries it', async () => {
    const { text } = await page('/admin/forms/drive/share');
    expect(text).toMatch(/<pre[^>]*>&lt;div data-flipsite=(&#34;|&quot;|")drive/);
    const tried = await fetch(`${site.origin}/admin/forms/drive/share/try?mode=popup`, { headers: { cookie } });
    expect(tried.headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-[^;]*; .*frame-src 'self'/);
    expect(await tried.text()).toMatch(/data-flipsite="drive" data-mode="popup"/);
  });
});
