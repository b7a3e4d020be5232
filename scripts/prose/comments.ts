/** Finds the comments in source files. */
import ts from 'typescript';
import { CODE, type Passage } from './finding.ts';
import { parseCode } from './parse-code.ts';

/** Marks and references for tools, which are no English. */
const FOR_TOOLS = /^\s*(@ts-|prettier-ignore|eslint-|oxlint-|v8 |c8 |\/ <)/;

/**
 * @param file its path, whose ending is `.ts`, `.tsx`, `.mjs` or `.astro`
 * @param text its content
 * @returns each comment; lines of `//` that follow each other are one comment
 */
export function commentsIn(file: string, text: string): Passage[] {
  // The page of Astro is no TypeScript. Its comments in braces are few.
  const code = file.endsWith('.astro') ? (/^---\n([^]*?)\n---\n/.exec(text)?.[1] ?? '') : text;
  const linesBefore = file.endsWith('.astro') ? 1 : 0;
  const kind = file.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const found: Passage[] = [];
  for (const match of withoutLiterals(code, kind).matchAll(COMMENT)) {
    const line = code.slice(0, match.index).split('\n').length + linesBefore;
    const prose = proseOf(code.slice(match.index, match.index + match[0].length));
    if (!FOR_TOOLS.test(prose)) found.push({ line, text: prose, kind: 'comment' });
  }
  return found;
}

const COMMENT = /\/\*[^]*?\*\/|\/\/.*(?:\n[ \t]*\/\/.*)*/g;

/** The code with dashes in place of strings, templates and patterns, which may look like comments. */
function withoutLiterals(code: string, kind: ts.ScriptKind): string {
  const source = parseCode(code, kind);
  const pieces: string[] = [];
  let end = 0;
  visit(source);
  return pieces.join('') + code.slice(end);

  function visit(node: ts.Node): void {
    const isLiteral = ts.isStringLiteralLike(node) || ts.isRegularExpressionLiteral(node) || ts.isJsxText(node);
    if (!isLiteral && !ts.isTemplateHead(node) && !ts.isTemplateMiddleOrTemplateTail(node))
      return ts.forEachChild(node, visit);
    const start = node.getStart(source);
    pieces.push(code.slice(end, start), code.slice(start, node.end).replace(/[^\n]/g, '-'));
    ({ end } = node);
  }
}

/** The text of a comment on the same lines, without its signs, and with `CODE` for each piece of code. */
const proseOf = (comment: string): string =>
  comment
    .replace(/^\/\*+|\*\/$/g, '')
    .replace(/^[ \t]*(?:\/\/|\*(?!\*))/gm, '')
    .replace(/`[^`]*`/g, (code) => CODE + code.replace(/[^\n]/g, ''))
    .replace(/“[^”]*”|"[^"]*"/g, (quoted) => CODE + quoted.replace(/[^\n]/g, ''))
    // A tag begins a sentence.
    .replace(/(?<=[^.\s])(?=\s*@(?:param|property|returns|throws)\b)/g, '.')
    .replace(/@(?:param|property) [\w.$]+|@\w+(?: \{[^}]*\})?/g, '');
