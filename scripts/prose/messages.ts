/** Finds the sentences in source files that people read: errors, labels, terminal output, pages of the dashboard. */
import ts from 'typescript';
import { CODE, type Passage } from './finding.ts';
import { parseCode } from './parse-code.ts';

/**
 * @param file its path, whose ending is `.ts`, `.tsx`, `.mjs` or `.astro`
 * @param text its content
 * @returns the texts in it that look like a sentence or a label of several words
 */
export function messagesIn(file: string, text: string): Passage[] {
  if (file.endsWith('.tsx')) return literalsIn(text, ts.ScriptKind.TSX, 0);
  if (!file.endsWith('.astro')) return literalsIn(text, ts.ScriptKind.TS, 0);
  const [, frontmatter = '', template = text] = /^---\n([^]*?)\n---\n([^]*)$/.exec(text) ?? [];
  const before = text.slice(0, text.length - template.length).split('\n').length - 1;
  // The rest is JSX, except for comments, and styles and scripts that we leave out.
  const jsx = template.replace(/<!--[^]*?-->|<(style|script)\b[^]*?<\/\1>|<!doctype html>/gi, blank);
  return [...literalsIn(frontmatter, ts.ScriptKind.TS, 1), ...literalsIn(`<>${jsx}</>`, ts.ScriptKind.TSX, before)];
}

/** As many lines as before, with nothing on them. */
const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

function literalsIn(text: string, kind: ts.ScriptKind, linesBefore: number): Passage[] {
  const source = parseCode(text, kind);
  const found: Passage[] = [];
  visit(source);
  return found;

  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    const message = textOf(node);
    if (message !== undefined && isSentence(message)) {
      const begin = node.getStart(source) + (ts.isJsxText(node) ? node.text.search(/\S|$/) : 0);
      const line = source.getLineAndCharacterOfPosition(Math.min(begin, text.length)).line;
      found.push({ line: line + 1 + linesBefore, text: message.trim(), kind: 'message' });
    }
    if (!ts.isTemplateExpression(node)) return ts.forEachChild(node, visit);
    // Its texts are read together. The values in it may hold others.
    node.templateSpans.forEach((span) => visit(span.expression));
  }
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isJsxText(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map((span) => CODE + span.literal.text).join('');
}

/**
 * Two words that begin or end like a sentence, or three of any kind: an error in a form begins in the middle of one.
 * Selectors and class names may pass too. No rule finds anything in them.
 */
function isSentence(text: string): boolean {
  const words = text.trim();
  // Codes, such as those of all countries, have no small letters.
  if (!/\p{Ll}/u.test(words) || !/[\p{L}’'] +[\p{L}\p{N}“"{Ω]/u.test(words)) return false;
  if (/^(select|insert|update|delete|with|create|alter|pragma|begin|set)\b/.test(words)) return false;
  return (
    /^[“"(]?(?!Ω)\p{Lu}/u.test(words) || /[\p{L}\p{N}”"’)Ω][.!?…]$/u.test(words) || /\p{L} +\p{L}+ +\p{L}/u.test(words)
  );
}
