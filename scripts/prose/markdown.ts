/** Reads a Markdown file: its links, the anchors that others can link to, and its text. */
import GithubSlugger from 'github-slugger';
import { markdownToMdast, type MdastNode } from 'satteri';
import { CODE, type Passage } from './finding.ts';

export interface Link {
  line: number;
  url: string;
  /** Whether it is a picture. */
  picture: boolean;
  /** The text of the link, or the description of the picture. */
  text: string;
}

export interface Document {
  links: Link[];
  /** The names after `#` that GitHub gives to the headings. */
  anchors: Set<string>;
  passages: Passage[];
  /** Links of the form `[text][name]` that no line defines. */
  undefinedLinks: { line: number; name: string }[];
}

/** The part of a node that we use; satteri has a type for each kind, and none for all of them. */
interface Node {
  type: string;
  position?: { start: { line: number } };
  children?: Node[];
  value?: string;
  url?: string;
  alt?: string;
}

const PASSAGES: Record<string, Passage['kind']> = {
  heading: 'heading',
  paragraph: 'paragraph',
  tableCell: 'cell',
};

/** @param text the content of a Markdown file */
export function readMarkdown(text: string): Document {
  const slugger = new GithubSlugger();
  const found: Document = { links: [], anchors: new Set(), passages: [], undefinedLinks: [] };
  visit(markdownToMdast(text) as MdastNode & Node);
  return found;

  function visit(node: Node): void {
    const line = node.position?.start.line ?? 1;
    if (node.type === 'heading') found.anchors.add(slugger.slug(plain(node)));
    if (node.type === 'html') readHtml(node.value ?? '', line);
    if (node.url !== undefined) {
      const picture = node.type === 'image';
      found.links.push({ line, url: node.url, picture, text: picture ? (node.alt ?? '') : plain(node) });
    }
    const kind = PASSAGES[node.type];
    if (kind) {
      const prose = proseOf(node);
      found.passages.push({ line, text: prose, kind });
      for (const [, name = ''] of prose.matchAll(/\[[^\][]+\]\[([^\][]*)\]/g))
        found.undefinedLinks.push({ line, name });
    }
    node.children?.forEach(visit);
  }

  function readHtml(html: string, line: number): void {
    for (const [, name = ''] of html.matchAll(/\b(?:id|name)="([^"]+)"/g)) found.anchors.add(name);
    for (const [, tag = '', url = ''] of html.matchAll(/<(a|img)\b[^>]*?\b(?:href|src)="([^"]*)"/g))
      found.links.push({ line, url, picture: tag === 'img', text: /\balt="([^"]*)"/.exec(html)?.[1] ?? '' });
  }
}

/** The text of a heading or link, with the code in it, as GitHub makes anchors from it. */
const plain = (node: Node): string => node.value ?? (node.children ?? []).map(plain).join('');

/** The text of a passage as people read it, with `CODE` for each piece of code. */
function proseOf({ type, value, children }: Node): string {
  if (type === 'inlineCode') return CODE;
  if (type === 'break') return '\n';
  if (type === 'html') return '';
  return value ?? (children ?? []).map(proseOf).join('');
}
