/** The documents as pages of a website. The files in `docs/` stay as they are, so that they can be read without it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readMarkdown } from '../prose/markdown.ts';

export interface DocsPage {
  /** The document, by its path from the project. */
  file: string;
  /** The address below the base, such as `publish/first-form`. The first page has an empty one. */
  slug: string;
  title: string;
  /** Markdown without the title, with addresses of pages instead of paths of files. */
  text: string;
}

/** A group of the navigation: pages in the order of the list of all documents. */
export interface DocsGroup {
  label: string;
  slugs: string[];
}

/** The page that lists all documents, by reader. */
const MAP = 'docs/README.md';

/** Documents outside `docs/` that are pages too. */
const MORE: Record<string, string> = { 'CONTRIBUTING.md': 'contribute', '.github/SECURITY.md': 'security' };

/**
 * Reads all documents.
 * @param root the folder of the project
 * @param base the path of the website, such as `/` or `/docs/`
 */
export function readPages(root: string, base = '/'): DocsPage[] {
  const names = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  const files = names
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.posix.join('docs', name.replaceAll('\\', '/')));
  const slugs = new Map([...files, ...Object.keys(MORE)].sort().map((file) => [file, slugOf(file)]));
  return [...slugs].map(([file, slug]) => {
    const markdown = readFileSync(path.join(root, file), 'utf8');
    const [heading = ''] = /^# .*$/m.exec(markdown) ?? [];
    const addressOf = (url: string) => publicAddress(url, file, slugs, base);
    return { file, slug, title: heading.slice(2), text: outsideCode(markdown.replace(heading, ''), (text) => rewriteLinks(text, addressOf)) }; // prettier-ignore
  });
}

/** @returns a group for each reader, as the list of all documents names them */
export function readGroups(root: string): DocsGroup[] {
  const [, ...sections] = readFileSync(path.join(root, MAP), 'utf8').split(/^## /m);
  return sections.map((section) => {
    const targets = readMarkdown(section).links.map(({ url }) => path.posix.join('docs', url.replace(/#.*/, '')));
    const pages = targets.filter((target) => target.endsWith('.md'));
    return { label: section.slice(0, section.indexOf('\n')), slugs: [...new Set(pages.map(slugOf))] };
  });
}

const slugOf = (file: string): string =>
  MORE[file] ??
  file
    .replace(/^docs\//, '')
    .replace(/(^|\/)README\.md$/, '')
    .replace(/\.md$/, '')
    .toLowerCase();

/** The address of a link on the website. Undefined where it leads to a file that is not a part of it. */
function publicAddress(url: string, file: string, slugs: Map<string, string>, base: string): string | undefined {
  if (/^([a-z]+:|#)/i.test(url)) return url;
  const [place = '', anchor] = url.split('#', 2);
  const target = path.posix.join(path.posix.dirname(file), place).replace(/\/$/, '');
  const slug = slugs.get(target) ?? slugs.get(`${target}/README.md`);
  if (slug !== undefined) return `${base}${slug && `${slug}/`}${anchor === undefined ? '' : `#${anchor}`}`;
  return target.startsWith('docs/') ? `${base}${target.slice('docs/'.length)}` : undefined;
}

const rewriteLinks = (text: string, addressOf: (url: string) => string | undefined): string =>
  text.replace(
    /(!?)\[([^\][]*(?:\[[^\]]*\][^\][]*)*)\]\(([^)\s]+)\)/g,
    (_all, mark: string, label: string, url: string) => {
      const address = addressOf(url);
      return address === undefined ? label : `${mark}[${label}](${address})`;
    },
  );

/** Changes only the text that is not in a block of code. */
const outsideCode = (markdown: string, change: (text: string) => string): string =>
  markdown.split(/^(```[\s\S]*?^```$)/m).map((part, at) => (at % 2 ? part : change(part))).join(''); // prettier-ignore
