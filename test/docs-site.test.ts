/** The documents as pages of a website. `npm run docs:site` builds it, which is too long for a test. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readGroups, readPages } from '../scripts/docs-site/pages.ts';
import { readMarkdown } from '../scripts/prose/markdown.ts';
import { root } from './helpers/site.ts';

const pages = readPages(root, '/guide/');
const page = (slug: string) => pages.find((one) => one.slug === slug);

it('has a page with a title for each document, and the list of all of them first', () => {
  expect(page('')?.file).toBe('docs/README.md');
  expect(page('operate/install')).toMatchObject({ title: 'Put Flipsite online', text: expect.not.stringContaining('# Put Flipsite online') }); // prettier-ignore
  expect(pages.filter(({ title }) => !title)).toEqual([]);
});

it('leads from page to page, to pictures and to the files of a server, under the path of the website', () => {
  const addresses = pages.flatMap(({ slug, text }) => readMarkdown(text).links.map(({ url }) => ({ slug, url })));
  const inside = addresses.filter(({ url }) => !/^(https?:|mailto:|#)/.test(url));
  expect(inside.length).toBeGreaterThan(100);
  const known = new Set(pages.map(({ slug }) => `/guide/${slug && `${slug}/`}`));
  const isThere = (url: string) => {
    const place = url.replace(/#.*/, '');
    return known.has(place) || (place.startsWith('/guide/') && existsSync(join(root, 'docs', place.slice('/guide/'.length)))); // prettier-ignore
  };
  expect(inside.filter(({ url }) => !isThere(url))).toEqual([]);
});

it('shows a link to the source as text, and leaves code alone', () => {
  expect(page('contribute')?.text).toContain('| folder.ts compiles it,');
  expect(page('operate/install')?.text).toContain('cp docs/operate/deploy/flipsite.service /etc/systemd/system/');
});

it('groups the pages by reader', () => {
  const groups = readGroups(root);
  expect(groups.map(({ label }) => label)).toEqual(['Publish', 'Operate', 'Integrate', 'Contribute']);
  expect(groups.flatMap(({ slugs }) => slugs.filter((slug) => !page(slug)))).toEqual([]);
  expect(groups[0]?.slugs[0]).toBe('publish/first-form');
});
