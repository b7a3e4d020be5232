/** Markup → plain text, in linear time. Flipsite shows texts as they are written. */

/** Longer texts are cut before they are read. Flipsite's own limit is lower. In characters. */
const MAX_SOURCE = 20_000;

/** A tag that begins a new line of the text, or a new paragraph. */
const BREAKS = new Map([
  ...['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'ul', 'ol', 'blockquote', 'pre'].map((tag) => [tag, '\n\n'] as const),
  ...['br', 'div', 'tr', 'section'].map((tag) => [tag, '\n'] as const),
]); // prettier-ignore

/** Elements with content that people do not see. */
const UNSEEN = ['script', 'style', 'template', 'iframe', 'object'];
/** Elements that show something other than text. */
const PICTURES = ['img', 'svg', 'video', 'audio', 'iframe', 'object'];

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['copy', '©'],
  ['mdash', '—'],
  ['ndash', '–'],
  ['hellip', '…'],
]);

export interface PlainText {
  text: string;
  /** Whether there was a picture, a video or a frame in it. */
  hadPicture: boolean;
}

/** The text of HTML. The address of a link follows its text. Text that is no tag stays as it is. */
export function textOfHtml(source: string): PlainText {
  const html = source.slice(0, MAX_SOURCE);
  if (!html.includes('<') && !html.includes('&')) return { text: html, hadPicture: false };
  let text = '';
  let hadPicture = false;
  let link = '';
  for (let at = 0; at < html.length;) {
    const open = html.indexOf('<', at);
    if (open < 0) {
      text += html.slice(at);
      break;
    }
    text += html.slice(at, open);
    const isComment = html.startsWith('<!--', open);
    const end = isComment ? html.indexOf('-->', open) : html.indexOf('>', open);
    const [, slash, tag = ''] = /^<(\/?)([a-z][a-z0-9]*)/i.exec(html.slice(open, open + 20)) ?? [];
    if (end < 0 || (!isComment && !tag)) {
      text += '<';
      at = open + 1;
      continue;
    }
    at = end + (isComment ? 3 : 1);
    if (isComment) continue;
    const name = tag.toLowerCase();
    if (!slash && PICTURES.includes(name)) hadPicture = true;
    if (!slash && UNSEEN.includes(name)) at = endOf(html, name, at);
    else if (name === 'li' && !slash) text += '\n- ';
    else if (name === 'a') {
      if (slash && link && !text.endsWith(link)) text += ` (${link})`;
      link = slash ? '' : (/\shref\s*=\s*["']?(https?:[^"'\s>]{1,1000})/i.exec(html.slice(open, end))?.[1] ?? '');
    } else text += BREAKS.get(name) ?? '';
  }
  return { text: tidy(text.replace(/&(#?[a-z0-9]{1,8});/gi, (whole, name: string) => characterOf(name) ?? whole)), hadPicture }; // prettier-ignore
}

/** The end of the content of an element that begins at `at`; the end of the text if it is not closed. */
function endOf(html: string, name: string, at: number): number {
  const close = html.toLowerCase().indexOf(`</${name}`, at);
  return close < 0 ? html.length : close;
}

function characterOf(name: string): string | undefined {
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name) ?? [];
  const code = hex ? Number.parseInt(hex, 16) : decimal ? Number(decimal) : undefined;
  if (code === undefined) return ENTITIES.get(name.toLowerCase());
  const isText = code >= 32 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isText ? String.fromCodePoint(code) : '';
}

/** The text of Markdown, which may have HTML in it: links with their address, and no marks for bold, headings and code. */
export function textOfMarkdown(source: string): PlainText {
  const { text: markdown, hadPicture: inHtml } = textOfHtml(source);
  let hadPicture = inHtml;
  const text = markdown
    .replace(/!\[([^\]\n]{0,200})\]\([^()\n]{1,500}\)/g, (_, name: string) => {
      hadPicture = true;
      return name;
    })
    .replace(/\[([^[\]\n]{1,300})\]\(([^()\s]{1,500})[^()\n]{0,100}\)/g, (_, name: string, address: string) =>
      name === address ? address : `${name} (${address})`,
    )
    .replace(/^ {0,3}#{1,6} +/gm, '')
    .replace(/(\*\*|__)([^\s*_][^*_\n]{0,500})\1/g, '$2')
    .replace(/(^|[\s(“"])[*_]([^\s*_][^*_\n]{0,500})[*_](?=$|[\s).,!?:;”"])/gm, '$1$2')
    .replace(/^```[a-z]{0,20}$/gm, '');
  return { text: tidy(text), hadPicture };
}

/** No white space at the ends of lines, and at most one empty line between two. */
const tidy = (text: string): string =>
  text.split('\n').map((line) => line.trimEnd()).join('\n').replace(/\n{3,}/g, '\n\n').trim(); // prettier-ignore
