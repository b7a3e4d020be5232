/** The rows of a text around an error. The editor shows the text itself, so its bundle has nothing of this file. */
import { isAlias, isCollection, isNode, isPair, isScalar, type Document, type Node, type Range } from 'yaml';
import type { Source } from './faults.ts';

/** The rows around a place, as they are printed, without passwords. @param line from 1, as the column */
export function frameOf(source: Source, line: number, column: number): string {
  const rows = withoutPassword(source).split(/\r?\n/);
  const first = Math.max(1, line - 1);
  const last = Math.min(rows.length, line + 1);
  const width = String(last).length;
  const shown: string[] = [];
  for (let row = first; row <= last; row++) {
    const content = (rows[row - 1] ?? '').replaceAll('\t', ' ').slice(0, 160);
    if (row !== line && content.trim() === '') continue;
    shown.push(`${row === line ? '>' : ' '} ${String(row).padStart(width)} | ${content}`.trimEnd());
    if (row === line) shown.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.min(column, 160) - 1)}^`);
  }
  return shown.join('\n');
}

/**
 * The key of a password, and its value: a text in quotes, the rest of the row, and the rows below it that have more
 * indentation.
 */
const PASSWORD =
  /^([ \t]*)(?![ \t])((?:.*?[\s{,])??(["']?)pas+w\w*\3[ \t]*:)((?:\s*(?:"[^"]*"?|'[^']*'?))?.*(?:\r?\n(?:\1[ \t].*|(?=\r?\n)))*)/gim;

/** The texts of documents without passwords. A text has many faults. */
const harmless = new WeakMap<Document, string>();

/**
 * The text as its author wrote it, without passwords: faults are printed, stored and shown in the dashboard. The pattern
 * finds them also where YAML can't read the text, and the document wherever they stand.
 */
export function withoutPassword({ document, original }: Pick<Source, 'document' | 'original'>): string {
  const known = harmless.get(document);
  if (known !== undefined) return known;
  const ranges = passwordsIn(document);
  for (const { index, 0: row, 4: value = '' } of original.matchAll(PASSWORD)) {
    const end = index + row.length;
    ranges.push([end - value.length, end, end]);
  }
  const rows = `${original}\n`;
  let [text, at] = ['', 0];
  for (const [start, end] of ranges.sort(([one], [other]) => one - other)) {
    // YAML may have read only a part of the row.
    const ends = rows.indexOf('\n', end);
    if (ends <= at) continue;
    text += original.slice(at, start) + original.slice(Math.max(at, start), ends).replace(/\S.*/g, '•••');
    at = ends;
  }
  text += original.slice(at);
  harmless.set(document, text);
  return text;
}

/** The ranges of the values of passwords. An alias stands for its anchor, which may have aliases too. */
function passwordsIn(document: Document): Range[] {
  const anchors = new Map<string, Node>();
  const secrets = new Set<Node>();
  const named = (node: unknown) => (isAlias(node) ? anchors.get(node.source) : node);
  const look = (node: unknown, isSecret = false): void => {
    if (!isNode(node)) return;
    if (isSecret) secrets.add(node).add(named(node) as Node);
    if (!isAlias(node) && node.anchor) anchors.set(node.anchor, node);
    for (const item of isCollection(node) ? node.items : []) {
      const [key, value] = isPair(item) ? [item.key, item.value] : [item];
      look(key, isSecret);
      const name = named(key);
      look(value, isSecret || (isScalar(name) && /^pas+w/i.test(String(name.value))));
    }
  };
  look(document.contents);
  // Each once, also where anchors contain one another.
  for (const node of secrets) look(node, true);
  return [...secrets].flatMap((node) => (node?.range ? [node.range] : []));
}
