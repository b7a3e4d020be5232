import { readFileSync } from 'node:fs';
import path from 'node:path';
import { formatHex, oklch, wcagContrast } from 'culori';
import { describe, expect, it } from 'vitest';
import { brandColors } from '../../src/form/settings/brand.ts';
import { root } from '../helpers/site.ts';

const COLORS: [name: string, hex: string, adjusted: boolean][] = [
  ['yellow', '#ffe600', true],
  ['white', '#ffffff', true],
  ['black', '#000000', false],
  ['neon green', '#39ff14', true],
  ['neon pink', '#ff10f0', true],
  ['pure blue', '#0000ff', false],
  ['pure red', '#ff0000', true],
  ['forest green', '#0b6e4f', false],
  ['sky', '#00b1ff', true],
  ['mid grey', '#808080', true],
  ['orange', '#ff7a00', true],
  ['deep purple', '#2d004f', false],
];

/** Page and card, on the light page and then on the dark one. */
const GROUNDS = ['#fbfaf7', '#ffffff', '#151412', '#1e1d1a'];

it('the page has the grounds on which a brand’s color is readable', () => {
  const css = readFileSync(path.join(root, 'src/components/base.css'), 'utf8');
  const grounds = [...css.matchAll(/--(?:bg|card): (#\w+)/g)].map(([, color = '']) => formatHex(color));
  expect(grounds).toEqual(GROUNDS);
});

describe.each(COLORS)('%s as a brand’s colour', (_name, hex, adjusted) => {
  const { light, dark, contrast, ...told } = brandColors(hex);

  it('is readable as text on page and card, light and dark', () => {
    for (const ground of GROUNDS.slice(0, 2)) {
      expect(wcagContrast(light.accent, ground)).toBeGreaterThanOrEqual(4.5);
    }
    for (const ground of GROUNDS.slice(2)) {
      expect(wcagContrast(dark.accent, ground)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('has readable words on its button', () => {
    expect(light.on).toBe('#ffffff');
    expect(dark.on).toBe('#151412');
    expect(wcagContrast(light.on, light.accent)).toBeGreaterThanOrEqual(4.5);
    expect(wcagContrast(dark.on, dark.accent)).toBeGreaterThanOrEqual(4.5);
  });

  it('keeps its hue, or its lack of one', () => {
    const [own, onLight, onDark] = [hex, light.accent, dark.accent].map((one) => oklch(one));
    for (const shown of [onLight, onDark]) {
      if ((own?.c ?? 0) < 0.01) expect(shown?.c).toBeLessThan(0.01);
      else expect(Math.cos((((shown?.h ?? 0) - (own?.h ?? 0)) * Math.PI) / 180)).toBeGreaterThan(0.97);
    }
  });

  it('is named as adjusted when it could not be text on the light page', () => {
    expect(told.adjusted).toBe(adjusted);
    expect(contrast < 4.5).toBe(adjusted);
  });

  it('is given as six digits', () => {
    expect(`${light.accent}${dark.accent}`).toMatch(/^(#[0-9a-f]{6}){2}$/);
  });
});

it('leaves a colour that is dark enough as it is on the light page', () => {
  for (const hex of ['#0b6e4f', '#d32f2f', '#0000ff', '#000000']) expect(brandColors(hex).light.accent).toBe(hex);
  expect(brandColors('#0B6E4F').light.accent).toBe('#0b6e4f');
});
