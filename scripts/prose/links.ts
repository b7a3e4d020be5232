/** Checks every link in the documents against the files, offline. Addresses on the web are checked by their syntax. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from './finding.ts';
import type { Document, Link } from './markdown.ts';

/** The page that lists all documents. */
const MAP = 'docs/README.md';

/**
 * @param root the folder of the project
 * @param documents every Markdown file of the project, by its path from `root`
 * @returns one finding for each link to a file, an anchor or a picture that is not there, and for each document that
 * the map does not list
 */
export function checkLinks(root: string, documents: Map<string, Document>): Finding[] {
  return [...unlisted(documents), ...brokenLinks(root, documents)];
}

function unlisted(documents: Map<string, Document>): Finding[] {
  const listed = documents.get(MAP)?.links.map(({ url }) => path.posix.join('docs', url)) ?? [];
  const files = [...documents.keys()].filter((file) => file.startsWith('docs/') && !file.endsWith('README.md'));
  return files
    .filter((file) => !listed.includes(file))
    .map((file) => ({ file, line: 1, message: `${MAP} does not list this document.` }));
}

function brokenLinks(root: string, documents: Map<string, Document>): Finding[] {
  return [...documents].flatMap(([file, { links, undefinedLinks }]) => [
    ...undefinedLinks.map(({ line, name }) => ({ file, line, message: `No line defines the link [${name}].` })),
    ...links.flatMap((link) => {
      const message = problemWith(root, documents, file, link);
      return message === undefined ? [] : [{ file, line: link.line, message }];
    }),
  ]);
}

function problemWith(root: string, documents: Map<string, Document>, file: string, link: Link): string | undefined {
  const { url, picture, text } = link;
  if (picture && text.trim() === '') return `The picture ${url} has no description. Write ![description](${url}).`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return problemWithAddress(url);
  const [place = '', anchor] = url.split('#', 2);
  const target = place === '' ? file : path.posix.join(path.posix.dirname(file), decodeURIComponent(place));
  if (place.startsWith('/') || target.startsWith('..'))
    return `The link ${url} leaves the project. Write a relative path.`;
  if (!existsSync(path.join(root, target))) return `The link ${url} leads to no file.`;
  const isFolder = statSync(path.join(root, target)).isDirectory();
  const document = documents.get(isFolder ? path.posix.join(target, 'README.md') : target);
  if (isFolder && !document) return `The folder of the link ${url} has no README.md.`;
  if (anchor === undefined || document?.anchors.has(anchor)) return undefined;
  return `The link ${url} leads to no heading. ${document ? `${target} has: ${[...document.anchors].join(', ')}.` : ''}`;
}

function problemWithAddress(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (!parsed) return `${url} is not a valid address.`;
  if (/^(https?|mailto):$/.test(parsed.protocol)) return undefined;
  return `The link ${url} has the scheme ${parsed.protocol} Write https:, http: or mailto:.`;
}
