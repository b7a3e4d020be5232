import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readForm } from '../../src/form/folder.ts';
import { openSmallSite, send } from '../helpers/api/client.ts';
import { API_KEY, removeFolder, type TestSite } from '../helpers/site.ts';

const FORM = (more: string) => `
title: { en: Drive with us, es: Conduce con nosotros }
description: { en: Earn more "now" & later., es: Gana más. }
languages: [en, es]
${more}
screens: [{ id: one, title: { en: One, es: Uno } }]
endings: [{ id: done, title: { en: Done, es: Listo } }]
`;

const folder = mkdtempSync(path.join(tmpdir(), 'card-'));
let site: TestSite;
beforeAll(async () => {
  mkdirSync(path.join(folder, 'forms'));
  const picture = await sharp({ create: { width: 1200, height: 630, channels: 3, background: '#0b6e4f' } }).png().toBuffer(); // prettier-ignore
  writeFileSync(path.join(folder, 'forms', 'card.png'), picture);
  writeFileSync(path.join(folder, 'forms', 'acme.png'), picture);
  writeFileSync(path.join(folder, 'forms', 'acme.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const forms = {
    drive: FORM('share: { title: { en: Become a driver, es: Sé conductor }, image: card.png, index: true }'),
    logo: FORM('brand: { name: Acme, logo: acme.png }'),
    drawn: FORM('brand: { name: Acme & Sons, logo: acme.svg, color: "#0b6e4f" }'),
    same: FORM('brand: { name: Acme & Sons, logo: acme.svg, color: "#0b6e4f" }\nreview: true'),
    thai: FORM('brand: { name: Acme, logo: acme.png }').replace('Drive with us', 'ขับรถกับเรา'),
    secret: FORM('share: { index: true }\npassword: orange bicycle'),
  };
  site = await openSmallSite({ forms, folder, env: { PUBLIC_ORIGIN: 'https://acme.example/forms' } });
});
afterAll(async () => {
  await site.close();
  removeFolder(folder);
});

/** The data that a network reads from a page. */
async function headOf(at: string): Promise<Record<string, string>> {
  const { text } = await send(site, 'GET', at, undefined, { 'user-agent': 'facebookexternalhit/1.1' });
  const tags = [...text.matchAll(/<(?:meta|link) (?:property|name|rel)="([^"]+)" (?:content|href)="([^"]*)"/g)];
  return Object.fromEntries(tags.map(([, name = '', value = '']) => [name, value]));
}

/** The picture that a head names, from this site. */
async function pictureIn(head: Record<string, string>): Promise<{ headers: Headers; bytes: Buffer }> {
  const response = await fetch(site.origin + new URL(head['og:image'] ?? '').pathname.replace('/forms', ''));
  expect(response.status).toBe(200);
  return { headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

describe('the card of a form', () => {
  it('has its own title and picture, with full addresses, in each language', async () => {
    const card = await headOf('/drive');
    expect(card).toMatchObject({
      'og:title': 'Become a driver',
      'og:description': expect.stringMatching(/^Earn more (&#34;|&quot;)now/),
      'og:url': 'https://acme.example/forms/drive',
      canonical: 'https://acme.example/forms/drive',
      'og:image': expect.stringMatching(/^https:\/\/acme\.example\/forms\/assets\/logo-\w+\.png$/),
    });
    expect(await headOf('/drive/es')).toMatchObject({ 'og:title': 'Sé conductor', 'og:description': 'Gana más.', 'og:url': 'https://acme.example/forms/drive/es' }); // prettier-ignore
    expect(await headOf('/drive/en')).toMatchObject({ canonical: 'https://acme.example/forms/drive' });
    expect((await pictureIn(card)).headers.get('content-type')).toBe('image/png');
  });

  it('has a drawn picture where the form names none, another one in each language', async () => {
    const [english, spanish] = [await headOf('/drawn'), await headOf('/drawn/es')];
    expect(english).toMatchObject({
      'og:image': expect.stringMatching(/^https:\/\/acme\.example\/forms\/assets\/card-[\da-f]{20}\.png$/),
      'og:image:width': '1200',
      'og:image:height': '630',
      'og:image:alt': 'Drive with us – Acme &amp; Sons',
      'twitter:card': 'summary_large_image',
    });
    const pictures = [await pictureIn(english), await pictureIn(spanish)];
    for (const { headers, bytes } of pictures) {
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 1200, height: 630 });
      expect(headers.get('content-type')).toBe('image/png');
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    }
    expect(pictures[0]?.bytes.equals(pictures[1]?.bytes ?? Buffer.alloc(0))).toBe(false);
  });

  it('keeps its picture when a change of the form does not show in it', async () => {
    expect((await headOf('/same'))['og:image']).toBe((await headOf('/drawn'))['og:image']);
  });

  it('has its logo instead where the picture cannot be drawn, and the log has the reason', async () => {
    const address = (await headOf('/thai'))['og:image'] ?? '';
    expect(address).toContain('/assets/card-');
    const { status, headers } = await fetch(site.origin + new URL(address).pathname.replace('/forms', ''), { redirect: 'manual' }); // prettier-ignore
    expect([status, headers.get('location')]).toEqual([302, expect.stringMatching(/^\/forms\/assets\/logo-\w+\.png$/)]);
    expect(site.logged()).toContain('The fonts of Flipsite lack a character of the title');
    const head = await headOf('/thai');
    expect(head['og:image']).toMatch(/\/assets\/logo-\w+\.png$/);
    expect(head).not.toHaveProperty('og:image:width');
    expect((await headOf('/thai/es'))['og:image']).toContain('/assets/card-');
  });

  it('is drawn when the form is published, and not for an address that no form has', async () => {
    const body = FORM('brand: { name: Fresh }').replace('Drive with us', 'ร่วมงาน');
    const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'text/yaml', 'if-none-match': '*' };
    const published = await fetch(`${site.origin}/api/forms/fresh/source`, { method: 'PUT', headers, body });
    expect(published.status).toBe(201);
    await vi.waitFor(() => expect(site.logged()).toContain('ร่วมงาน'), { timeout: 30_000 });
    expect((await fetch(`${site.origin}/assets/card-00000000000000000000.png`)).status).toBe(404);
  });

  it('shows nothing of a form with a password', async () => {
    const head = await headOf('/secret');
    expect(head).not.toHaveProperty('og:image');
    expect(JSON.stringify(head)).not.toContain('Drive with us');
  });

  it('lets search engines list a form only if its author allows it and it has no password', async () => {
    const robots = async (at: string) => (await headOf(at))['robots'];
    expect([await robots('/drive'), await robots('/logo'), await robots('/secret')]).toEqual([undefined, 'noindex', 'noindex']); // prettier-ignore
  });

  it('is an error of the form if its picture is missing', () => {
    const file = path.join(folder, 'broken.yaml');
    writeFileSync(file, FORM('share: { image: nothing.png }'));
    const { parsed } = readForm(file, new Date());
    expect(parsed.ok ? [] : parsed.faults.map(({ line, message }) => [line, message])).toEqual([[5, 'the picture nothing.png is missing']]); // prettier-ignore
  });
});
