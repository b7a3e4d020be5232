/** The drawn picture of a form for social networks. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { wcagContrast } from 'culori';
import { cardColors } from '../../src/publish/cards/card-colors.ts';
import type { CardContent } from '../../src/publish/cards/card-content.ts';
import { drawable } from '../../src/publish/cards/card-fonts.ts';
import { openCards } from '../../src/publish/cards/cards.ts';
import { drawCard } from '../../src/publish/cards/draw-card.ts';
import { fitText } from '../../src/publish/cards/fit-text.ts';
import { answerAs } from '../../src/site-limits/counting/current-client.ts';

const card = (more: Partial<CardContent> = {}): CardContent => ({
  title: 'Drive with us',
  description: undefined,
  name: undefined,
  color: '#0b6e4f',
  logo: undefined,
  language: 'en',
  ...more,
});
const draw = async (more: Partial<CardContent> = {}) => Buffer.from(await drawCard(card(more)));
const svg = (content: string) => ({ type: 'image/svg+xml', bytes: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 40">${content}</svg>`) }); // prettier-ignore

const part = (png: Buffer, left: number, top: number) =>
  sharp(png)
    .extract({ left, top, width: 1_200 - left, height: 630 - top })
    .png()
    .toBuffer();

/** From where to where the texts below the ring go. */
async function textRange(png: Buffer): Promise<{ left: number; right: number }> {
  const trimmed = sharp(await part(png, 0, 360)).trim({ background: '#0b6e4f', threshold: 40 });
  const { info } = await trimmed.toBuffer({ resolveWithObject: true });
  const left = -(info.trimOffsetLeft ?? 0);
  return { left, right: left + info.width };
}

describe('the picture', () => {
  it('begins at the left, and in Arabic at the right', async () => {
    const english = await textRange(await draw());
    const arabic = await textRange(await draw({ title: 'كن سائقًا معنا', language: 'ar' }));
    expect(english.left).toBeLessThan(100);
    expect(arabic.left).toBeGreaterThan(300);
    expect(arabic.right).toBeGreaterThan(1_090);
  });

  it('connects Arabic letters', async () => {
    // Without connections, the three letters of كتب are wider than the connected word.
    const connected = await textRange(await draw({ title: 'كتب', language: 'ar' }));
    const loose = await textRange(await draw({ title: 'ك\u200cت\u200cب', language: 'ar' }));
    expect(connected.right - connected.left).toBeLessThan(loose.right - loose.left);
  });

  it('keeps a hostile title inside the card, as text', async () => {
    const title = '</text><script>alert(1)</script> & "quotes"';
    for (const one of [title, 'W'.repeat(500), 'word '.repeat(2_000)]) {
      const png = await draw({ title: one, description: one, name: one });
      expect(await sharp(png).metadata()).toMatchObject({ width: 1200, height: 630 });
      const edge = await sharp(await part(png, 1_140, 400)).stats();
      expect(edge.channels.map(({ min, max }) => max - min)).toEqual([0, 0, 0]);
    }
  });

  it('has the logo, unless it is damaged, too large, or needs more than itself', async () => {
    const plain = await draw();
    const shown = await draw({ logo: svg('<rect width="40" height="40" fill="#c00"/>') });
    expect(shown.equals(plain)).toBe(false);
    const large = await sharp({ create: { width: 4_000, height: 4_000, channels: 3, background: '#fff' } }).png().toBuffer(); // prettier-ignore
    const left = [
      svg('<image xlink:href="http://127.0.0.1:9/logo.png" width="40" height="40"/>'),
      svg('<text y="20">Acme</text>'),
      svg('<pattern id="p" width="10" height="10"/><rect width="40" height="40" fill="url(#p)"/>'),
      svg(
        '<s:pattern xmlns:s="http://www.w3.org/2000/svg" id="p" width="10" height="10"/><rect width="40" height="40"/>',
      ),
      svg('<rect'),
      { type: 'image/png', bytes: large },
      { type: 'image/png', bytes: large.subarray(0, 200) },
    ];
    for (const logo of left) expect((await draw({ logo })).equals(plain)).toBe(true);
  });
});

describe('a text in the picture', () => {
  it('has no emoji, no controls and no signs that the fonts lack', () => {
    expect(drawable('Sahod 👩‍👩‍👧 agad 🇵🇭 1️⃣ ✨\u202e®')).toBe('Sahod agad ®');
    expect(drawable('¿Préstamo, niño? Pingüino\n– “já”')).toBe('¿Préstamo, niño? Pingüino – “já”');
    expect(drawable('n\u0303')).toBe('ñ');
    expect([drawable('🚗'), drawable('สมัครงาน')]).toEqual([undefined, undefined]);
  });

  it('is cut after a word, or in a word that is too long itself', async () => {
    const cut = (text: string, most: number) => fitText(text, 1, 'en', async (shown) => Math.ceil(shown.length / most));
    expect(await cut('Drive with us', 13)).toBe('Drive with us');
    expect(await cut('Drive with us, now', 16)).toBe('Drive with us…');
    expect(await cut('Donaudampfschiff', 6)).toBe('Donau…');
  });

  it('is readable on every color', () => {
    const parts = ['00', '33', '66', '80', '99', 'cc', 'ff'];
    for (const r of parts)
      for (const g of parts)
        for (const b of parts) {
          const { ground, text, shape } = cardColors(`#${r}${g}${b}`);
          expect(Math.min(wcagContrast(text, ground), wcagContrast(text, shape))).toBeGreaterThanOrEqual(4.5);
        }
  });
});

describe('a card that takes too long', () => {
  it('is given up, with a reason, and tried again much later', async () => {
    const reasons: string[] = [];
    const cards = openCards({ onProblem: (reason) => reasons.push(reason), maxMs: 1 });
    const path = '/assets/card-a.png';
    expect([await cards.draw(path, card()), await cards.draw(path, card())]).toEqual([undefined, undefined]);
    expect([cards.canDraw(path), cards.canDraw('/assets/card-b.png')]).toEqual([false, true]);
    expect(reasons).toEqual(['It takes too much time or memory']);
    await cards.close();
  });
});

it('the card of one client does not wait for all that another client has asked for', async () => {
  const cards = openCards({ onProblem: expect.unreachable });
  const done: string[] = [];
  const ask = (client: string, name: string) =>
    answerAs(client, () => cards.draw(`/assets/card-${name}.png`, card())).then(() => done.push(client));
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  await Promise.all([...names.map((name) => ask('crowd', name)), ask('person', 'f')]);
  expect(done.indexOf('person')).toBeLessThanOrEqual(2);
  expect(done).toHaveLength(7);
  await cards.close();
});

describe('a logo that breaks the engine', () => {
  it('leaves the cards of other forms as they are', async () => {
    const reasons: string[] = [];
    const cards = openCards({ onProblem: (reason) => reasons.push(reason) });
    const logo = svg('<g opacity="0.9">'.repeat(6_000) + '<rect width="1" height="1"/>' + '</g>'.repeat(6_000));
    const drawn = [cards.draw('/assets/card-a.png', card({ logo })), cards.draw('/assets/card-b.png', card())];
    expect((await Promise.all(drawn)).map((picture) => picture?.status)).toEqual([undefined, 200]);
    expect(reasons).toEqual(['It takes too much time or memory']);
    await cards.close();
  });
});
