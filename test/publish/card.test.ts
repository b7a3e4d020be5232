import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readForm } from '../../src/form/folder.ts';
import { openAttacked, send } from '../api/attack.ts';
import { removeFolder, type TestSite } from '../helpers/site.ts';

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
    drawn: FORM('brand: { name: Acme, logo: acme.svg }'),
    secret: FORM('share: { index: true }\npassword: orange bicycle'),
  };
  site = await openAttacked({ forms, folder, env: { PUBLIC_ORIGIN: 'https://acme.example/forms' } });
});
afterAll(async () => {
  await site.close();
  removeFolder(folder);
});

/** What a network reads of a page. */
async function headOf(at: string): Promise<Record<string, string>> {
  const { text } = await send(site, 'GET', at, undefined, { 'user-agent': 'facebookexternalhit/1.1' });
  const tags = [...text.matchAll(/<(?:meta|link) (?:property|name|rel)="([^"]+)" (?:content|href)="([^"]*)"/g)];
  return Object.fromEntries(tags.map(([, name = '', value = '']) => [name, value]));
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
    const at = new URL(card['og:image'] ?? '').pathname.replace('/forms', '');
    const picture = await fetch(site.origin + at);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
  });

  it('has the logo where it has no picture, unless the logo is an SVG, which networks do not show', async () => {
    expect((await headOf('/logo'))['og:image']).toMatch(/\.png$/);
    expect(await headOf('/drawn')).not.toHaveProperty('og:image');
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
