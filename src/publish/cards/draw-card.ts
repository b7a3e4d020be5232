/** Draws the card of a form as a picture. It runs on the thread of `cards.ts`. */
import { readFileSync } from 'node:fs';
import { initSync, Renderer, type Node } from '@takumi-rs/wasm';
import { countPixels } from '../../form/settings/picture-size.ts';
import { directionOf, tagOf } from '../../form/wording/wording.ts';
import { cardColors, type CardColors } from './card-colors.ts';
import { CARD_HEIGHT, CARD_WIDTH, type CardContent } from './card-content.ts';
import { CARD_ENGINE, CARD_FONTS, cardFile } from './card-files.ts';
import { drawable, fontsFor } from './card-fonts.ts';
import { fitText } from './fit-text.ts';

/** Between the texts and the edges of the card, and between the parts of it. In pixels, as all sizes here. */
const MARGIN = { x: 80, y: 64 };
const TEXT_WIDTH = CARD_WIDTH - 2 * MARGIN.x;
const HEAD_HEIGHT = 88;
const GAP = 26;

/** The size of a title that is cut, and the most lines that it may have. */
const SMALLEST_TITLE = { size: 60, lines: 3 };

/** The sizes of titles, the largest first. */
const TITLE_SIZES = [
  { size: 116, lines: 1 },
  { size: 96, lines: 2 },
  { size: 80, lines: 3 },
  { size: 68, lines: 3 },
  SMALLEST_TITLE,
];

const DESCRIPTION = { fontSize: 36, fontWeight: 400, lineHeight: 1.4 };
const DESCRIPTION_LINES = 2;

/** A wider logo has the name of the company in it. The width for a height of 1. */
const WORDMARK_RATIO = 2.2;

/**
 * Parts of an SVG that need more than the SVG: fonts, other pictures or a browser. A pattern can need any amount of
 * memory. Each can have a prefix, such as `svg:`.
 */
const NEEDS_MORE = /<([\w.-]+:)?(text|image|foreignObject|feImage|pattern)[\s/>]/i;

/** The engine takes 4 bytes of memory for each pixel of a logo, however small its file is. */
const MAX_LOGO_PIXELS = 8_000_000;

const LOGO = 'logo';

let engine: Renderer | undefined;
const loaded = new Set<string>();

/** Whether the engine failed, for example without enough stack. It draws nothing after that. */
export const isTrap = (error: unknown): boolean =>
  error instanceof WebAssembly.RuntimeError || error instanceof RangeError;

/**
 * @returns a PNG of `CARD_WIDTH` × `CARD_HEIGHT` pixels
 * @throws {Error} with the reason, where the title can't be drawn
 */
export async function drawCard(content: CardContent): Promise<Uint8Array> {
  const title = drawable(content.title);
  if (title === undefined) throw new Error('The fonts of Flipsite lack a character of the title');
  const description = content.description && drawable(content.description);
  const name = content.name && drawable(content.name);
  const { language } = content;
  const renderer = await rendererFor([title, description ?? '', name ?? '', '…']);
  const direction = directionOf(language);
  const logo = content.logo && (await readLogo(renderer, content.logo));
  const options = {
    ...SIZE,
    fontFamilies: CARD_FONTS,
    lang: tagOf(language),
    ...(logo && { images: [{ src: LOGO, data: logo.bytes }] }),
  };

  async function linesOf(node: TextNode): Promise<number> {
    const { height } = await renderer.measure(node, { ...options, width: TEXT_WIDTH, height: undefined });
    return Math.round(height / lineOf(node.style));
  }

  const fit = async (text: string, style: TextStyle, lines: number): Promise<TextNode> =>
    textNode(await fitText(text, lines, tagOf(language), (shown) => linesOf(textNode(shown, style))), style);

  /** The title in the largest size in which it fits. */
  async function fitTitle(title: string, height: number): Promise<TextNode> {
    const maxLines = ({ size, lines }: typeof SMALLEST_TITLE) =>
      Math.min(lines, Math.floor(height / lineOf(titleStyle(size, direction))));
    for (const one of TITLE_SIZES) {
      const node = textNode(title, titleStyle(one.size, direction));
      if ((await linesOf(node)) <= maxLines(one)) return node;
    }
    return fit(title, titleStyle(SMALLEST_TITLE.size, direction), maxLines(SMALLEST_TITLE));
  }

  const head = [
    ...(logo ? [plate] : []),
    ...(name && !(logo && logo.ratio >= WORDMARK_RATIO) ? [textNode(name, NAME)] : []),
  ];
  const below = description ? await fit(description, DESCRIPTION, DESCRIPTION_LINES) : undefined;
  const height =
    CARD_HEIGHT -
    2 * MARGIN.y -
    (head.length ? HEAD_HEIGHT + GAP : 0) -
    (below ? GAP + (await linesOf(below)) * lineOf(DESCRIPTION) : 0);
  const texts = [await fitTitle(title, height), ...(below ? [below] : [])];
  return renderer.render(layout(cardColors(content.color), direction, head, texts), { ...options, format: 'png' });
}

const SIZE = { width: CARD_WIDTH, height: CARD_HEIGHT };

/** The engine, with the fonts that texts need. */
async function rendererFor(texts: string[]): Promise<Renderer> {
  if (!engine) {
    initSync({ module: readFileSync(cardFile(CARD_ENGINE)) });
    engine = new Renderer();
  }
  for (const { family, file, ranges } of fontsFor(texts)) {
    if (loaded.has(file)) continue;
    await engine.registerFont({ name: family, data: readFileSync(cardFile(file)), unicodeRange: ranges });
    loaded.add(file);
  }
  return engine;
}

/** A logo with its width for a height of 1. Undefined where it can't be drawn, or not completely. */
async function readLogo(
  renderer: Renderer,
  { type, bytes }: NonNullable<CardContent['logo']>,
): Promise<{ bytes: Uint8Array; ratio: number } | undefined> {
  const file = Buffer.from(bytes);
  if (type === 'image/svg+xml' ? NEEDS_MORE.test(file.toString()) : !((countPixels(file) ?? Infinity) <= MAX_LOGO_PIXELS)) return undefined; // prettier-ignore
  const node = { type: 'image', src: LOGO, style: { height: 100 } } satisfies Node;
  try {
    const measured = await renderer.measure(node, { images: [{ src: LOGO, data: bytes }] });
    const ratio = measured.width / measured.height;
    return ratio > 0 && Number.isFinite(ratio) ? { bytes, ratio } : undefined;
  } catch (error) {
    if (isTrap(error)) throw error;
    return undefined;
  }
}

type Style = NonNullable<Node['style']>;
type TextStyle = Style & { fontSize: number; lineHeight: number };

interface TextNode {
  type: 'text';
  text: string;
  style: TextStyle;
}

const lineOf = ({ fontSize, lineHeight }: TextStyle): number => fontSize * lineHeight;

const textNode = (text: string, style: TextStyle): TextNode => ({
  type: 'text',
  text,
  // A positioned text is in front of the ring.
  style: { position: 'relative', overflowWrap: 'anywhere', ...style },
});

/** Arabic letters reach higher and lower, and are connected. */
const titleStyle = (fontSize: number, direction: 'ltr' | 'rtl'): TextStyle => ({
  fontSize,
  fontWeight: 700,
  textWrap: 'balance',
  ...(direction === 'rtl' ? { lineHeight: 1.35 } : { lineHeight: 1.15, letterSpacing: -fontSize / 60 }),
});

const NAME: TextStyle = { fontSize: 38, fontWeight: 600, lineHeight: 1.3, lineClamp: 1, textOverflow: 'ellipsis' };

/** A logo is made for the light page, so it has a light ground here too. */
const plate: Node = {
  type: 'container',
  style: {
    position: 'relative',
    display: 'flex',
    flexShrink: 0,
    padding: '14px 20px',
    borderRadius: 20,
    backgroundColor: '#ffffff',
  },
  children: [{ type: 'image', src: LOGO, style: { height: HEAD_HEIGHT - 28, maxWidth: 420, objectFit: 'contain' } }],
};

/** The logo and the name above, the texts below. */
const layout = (colors: CardColors, dir: 'ltr' | 'rtl', head: Node[], texts: Node[]): Node => ({
  type: 'container',
  dir,
  style: {
    position: 'relative',
    overflow: 'hidden',
    display: 'flex',
    flexDirection: 'column',
    justifyContent: 'space-between',
    width: '100%',
    height: '100%',
    padding: `${MARGIN.y}px ${MARGIN.x}px`,
    backgroundColor: colors.ground,
    color: colors.text,
  },
  children: [
    ring(colors.shape, dir),
    {
      type: 'container',
      style: { display: 'flex', alignItems: 'center', gap: GAP, height: HEAD_HEIGHT },
      children: head,
    },
    { type: 'container', style: { display: 'flex', flexDirection: 'column', gap: GAP }, children: texts },
  ],
});

/** A part of a ring, in the upper corner at the end of the lines. */
const ring = (borderColor: string, direction: 'ltr' | 'rtl'): Node => ({
  type: 'container',
  style: {
    position: 'absolute',
    top: -210,
    [direction === 'rtl' ? 'left' : 'right']: -170,
    width: 560,
    height: 560,
    border: `96px solid ${borderColor}`,
    borderRadius: 280,
  },
});
