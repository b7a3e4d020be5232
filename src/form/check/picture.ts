/** The journeys of a form as a picture: one SVG without other files, light or dark like the reader's screen. */
import { brandColors } from '../settings/brand.ts';
import type { Form } from '../schema.ts';
import { localize } from '../runtime/text.ts';
import type { Journeys } from './explore.ts';
import { BOX, layOut, type Box, type Turn } from './layout.ts';
import { journeyText } from './outline.ts';
import { formSizeInWords } from './transitions.ts';
import { wrap } from './wrap.ts';

/**
 * Draws the screens down a spine in the order of the file, the endings below them, and the rules beside them with their
 * conditions.
 */
export function journeySvg(form: Form, journeys: Journeys): string {
  const { boxes, turns, width, height } = layOut(form, journeys);
  const title = localize(form.title, form.languages[0]).replace(/\s+/g, ' ');
  const first = boxes[0];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escaped(`The journeys of ${title}`)}</title>`,
    `<desc id="desc">${escaped(journeyText(form, journeys))}</desc>`,
    `<style>${styleOf(form)}</style>`,
    `<rect class="page" width="100%" height="100%"/>`,
    text(BOX.left, 46, 'h', wrap(title, 23, BOX.width, 1).join('')),
    text(BOX.left, 68, 'dim', `/${form.slug} · ${formSizeInWords(form, journeys)}`),
    ...(first
      ? [`<circle class="start" cx="${SPINE}" cy="${first.y - 18}" r="4"/>`, arrowDown(first.y - 14, first.y)]
      : []),
    ...boxes.flatMap((box, at) => downOf(box, boxes[at + 1])),
    ...turns.map(turnOf),
    ...[...new Set(turns.map(({ end }) => end))].map((end) => arrowhead(BOX.left + BOX.width, end)),
    ...boxes.map(boxOf),
    '</svg>\n',
  ].join('\n');
}

/** The position of the spine: the middle of the boxes. */
const SPINE = BOX.left + BOX.width / 2;

function downOf({ y, height, down }: Box, next: Box | undefined): string[] {
  if (!down || !next) return [];
  const label = down.when ? [text(SPINE + 12, y + height + 23, 'dim', down.when)] : [];
  return [arrowDown(y + height, next.y), ...label];
}

const arrowDown = (from: number, to: number): string =>
  `<path class="way" d="M${SPINE} ${from}V${to - 2}"/><path class="head" d="M${SPINE} ${to - 1}l-5 -8h10z"/>`;

const arrowhead = (x: number, y: number): string => `<path class="head" d="M${x + 1} ${y}l8 -5v10z"/>`;

function turnOf({ from, end, x, whole }: Turn): string {
  const right = BOX.left + BOX.width;
  const bend = Math.sign(end - from) * Math.min(10, Math.abs(end - from) / 2);
  const round = Math.min(10, x - right - 10);
  const out = `M${right} ${from}H${x - round}Q${x} ${from} ${x} ${from + bend}`;
  const path = whole ? `${out}V${end - bend}Q${x} ${end} ${x - round} ${end}H${right + 6}` : out;
  return `<path class="way" d="${path}"/>`;
}

function boxOf({ title, meta, mark, y, height, head, rows }: Box): string {
  const ending = mark === 'ending' || mark === 'disqualified';
  const inside = BOX.left + (ending ? BOX.pad * 1.5 : BOX.pad);
  const top = y + BOX.pad + 12;
  const radius = ending ? Math.min(32, height / 2) : 12;
  return [
    `<rect class="box ${mark}" x="${BOX.left}" y="${y}" width="${BOX.width}" height="${height}" rx="${radius}"/>`,
    ...title.map((line, at) => text(inside, top + at * 21, 'b', line)),
    text(inside, top + title.length * 21, 'dim', meta),
    ...(mark === 'wink' ? [pill(BOX.left + BOX.width - BOX.pad - 46, y + BOX.pad - 3)] : []),
    ...(rows.length ? [`<path class="rule" d="M${BOX.left + BOX.pad} ${y + head}h${BOX.width - 2 * BOX.pad}"/>`] : []),
    ...rows.flatMap(({ lines, target, y: rowTop, transition }) => [
      ...lines.map((line, at) => text(inside, rowTop + 17 + at * 19, transition.taken ? 'row' : 'row dim', line)),
      text(inside, rowTop + 17 + lines.length * 19, 'dim', target),
    ]),
    ...rows
      .filter(({ transition }) => transition.taken)
      .map((row) => `<circle class="port" cx="${BOX.left + BOX.width}" cy="${row.y + row.height / 2}" r="3.5"/>`),
  ].join('\n');
}

const pill = (x: number, y: number): string =>
  `<rect class="pill" x="${x}" y="${y}" width="46" height="22" rx="11"/><text class="on" x="${x + 23}" y="${y + 15.5}" text-anchor="middle">Wink</text>`;

const text = (x: number, y: number, look: string, words: string): string =>
  `<text class="${look}" x="${x}" y="${y}">${escaped(words)}</text>`;

/** Characters with a meaning in XML, and characters that XML does not allow. */
const escaped = (words: string): string =>
  words
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);

const LIGHT = { bg: '#fbfaf7', card: '#fff', ink: '#1d1c1a', dim: '#5f5b54', line: '#e2ded6', edge: '#89847a' };
const DARK = { bg: '#151412', card: '#1e1d1a', ink: '#f2f0eb', dim: '#b5b0a6', line: '#38352f', edge: '#827d73' };

function styleOf({ brand }: Form): string {
  const own = brand?.color ? brandColors(brand.color) : undefined;
  const light = { ...LIGHT, ...(own?.light ?? { accent: LIGHT.ink, on: LIGHT.bg }) };
  const dark = { ...DARK, ...(own?.dark ?? { accent: DARK.ink, on: DARK.bg }) };
  return `
:root{color-scheme:light dark}
text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans Arabic',Arial,sans-serif}
.h{font-size:20px;font-weight:600;letter-spacing:-.01em}.b{font-size:15px;font-weight:600}.on{font-weight:500}
.wink{stroke-width:2}.disqualified{stroke-dasharray:5 4}.way{fill:none;stroke-width:1.5}.port{stroke-width:1.5}
${coloursOf(light)}
@media(prefers-color-scheme:dark){
${coloursOf(dark)}
}
`;
}

/**
 * Both color schemes are written out, because file managers and office programs draw with librsvg, which knows no
 * variables.
 */
const coloursOf = ({ bg, card, ink, dim, line, edge, accent, on }: typeof LIGHT & { accent: string; on: string }) =>
  [
    `text{fill:${ink}}.dim{fill:${dim}}.page{fill:${bg}}.box{fill:${card};stroke:${edge}}.wink{stroke:${accent}}`,
    `.ending,.disqualified{fill:${bg}}.rule{stroke:${line}}.pill,.start,.head{fill:${accent}}.on{fill:${on}}`,
    `.way{stroke:${accent}}.port{fill:${card};stroke:${accent}}`,
  ].join('\n');
