/** Checks all documents, messages and comments of the project. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commentsIn } from './comments.ts';
import type { Finding, Passage } from './finding.ts';
import { checkLinks } from './links.ts';
import { readMarkdown, type Document } from './markdown.ts';
import { messagesIn } from './messages.ts';
import { checkPassage } from './rules.ts';

export interface Checked {
  findings: Finding[];
  /** How many files were read of each kind. */
  documents: number;
  sources: number;
}

/** @param root the folder of the project, with its Markdown files in it and below `docs`, and its code below `src`. Of `test` and `scripts`, only comments are checked */
export function checkProject(root: string): Checked {
  const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
  const documents = new Map(markdownFiles(root).map((file): [string, Document] => [file, readMarkdown(read(file))]));
  const sources = filesBelow(root, 'src', /\.(tsx?|astro)$/);
  const prose = [
    ...[...documents].map(([file, { passages }]): [string, Passage[]] => [file, passages]),
    ...sources.map((file): [string, Passage[]] => {
      const text = read(file);
      return [file, [...messagesIn(file, text), ...commentsIn(file, text)]];
    }),
    ...['test', 'scripts']
      .filter((folder) => existsSync(path.join(root, folder)))
      .flatMap((folder) => filesBelow(root, folder, /\.(tsx?|mjs)$/))
      .map((file): [string, Passage[]] => [file, commentsIn(file, read(file))]),
  ];
  const findings = prose.flatMap(([file, passages]) => checkPassages(file, passages));
  return {
    findings: [...checkLinks(root, documents), ...findings],
    documents: documents.size,
    sources: sources.length,
  };
}

function checkPassages(file: string, passages: Passage[]): Finding[] {
  return passages.flatMap((passage) =>
    checkPassage(passage).map(({ at, message, warning }) => {
      const line = passage.line + passage.text.slice(0, at).split('\n').length - 1;
      return { file, line, message, ...(warning && { warning }) };
    }),
  );
}

const markdownFiles = (root: string): string[] => [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...filesBelow(root, 'docs', /\.md$/),
];

function filesBelow(root: string, folder: string, named: RegExp): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => named.test(name))
    .map((name) => path.posix.join(folder, ...name.split(path.sep)))
    .sort();
}
