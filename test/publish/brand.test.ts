import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Form } from '../../src/form/schema.ts';
import { openPageRenderer } from '../../src/publish/rendering/page-renderer.ts';
import { logoOf } from '../../src/publish/rendering/logo.ts';
import { openTestSite, removeFolder, type TestSite } from '../helpers/site.ts';

const form = (brand: string) => `title: Hello
${brand}
screens: [{ id: a, title: A, fields: [{ id: name, type: text, label: Name }] }]
endings: [{ id: done, title: Done }]
`;

const WINK = (brand: string) => form(brand).replace('}] }]', '}] }, { id: b, title: B, wink: { require: any } }]');

describe('the brand of a page', () => {
  let site: TestSite;
  beforeAll(async () => {
    const forms = {
      green: form('brand: { name: Acme, color: "#0b6e4f" }'),
      ink: form('brand: { name: Acme }'),
      linked: WINK('brand: { name: Acme }'),
      unnamed: WINK(''),
    };
    site = await openTestSite({ forms });
  });
  afterAll(async () => {
    await site.close();
    removeFolder(site.folder);
  });

  const page = async (slug: string) => (await fetch(`${site.origin}/${slug}`)).text();

  it('names the company that never sees the password, and no form', async () => {
    expect(await page('linked')).toContain('Acme never sees your password.');
    expect(await page('unnamed')).toContain('The company that asks you never sees your password.');
  });

  it("has the form's own colour", async () => {
    expect(await page('green')).toMatch(/:root\{--accent:#0b6e4f;--on:#ffffff\}@media\(prefers-color-scheme:dark\)/);
  });

  it('has ink for a colour where a form has none, since a colour made from nothing would leave its buttons unseen', async () => {
    expect((await page('ink')).match(/--accent:[^;}]*/g)).toEqual(['--accent:var(--ink)']);
  });
});

describe('the logo of a form', () => {
  it('is made once for all who ask for it first', async () => {
    const logo = `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')}`; // prettier-ignore
    const site = await openTestSite({ forms: { drawn: form(`brand: { name: Acme, logo: "${logo}" }`) } });
    const { catalog } = site;
    const address = { api: '', base: '', scripts: { v1: '', v2: '' } };
    const sources = { script: [], connect: [], image: [] };
    const renderer = openPageRenderer({ catalog, render: () => Promise.reject(new Error()), site: address, sources });
    const { path = '' } = logoOf(catalog.current('drawn')?.form as Form) ?? {};
    const made = await Promise.all(Array.from({ length: 10 }, () => renderer.logo(path)));
    expect([made[0]?.br?.length, new Set(made).size]).toEqual([expect.any(Number), 1]);
    await site.close();
    removeFolder(site.folder);
  });

  it('is decoded once, however often a stranger asks for a logo', () => {
    const logo = `data:image/png;base64,${Buffer.from('a logo').toString('base64')}`;
    const branded = { brand: { name: 'Acme', logo } } as Form;
    expect(logoOf(branded)).toMatchObject({ type: 'image/png', bytes: Buffer.from('a logo') });
    expect(logoOf(branded)).toBe(logoOf(branded));
  });
});
