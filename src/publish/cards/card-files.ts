/** The files of packages with which cards are drawn. `scripts/program/bundle.ts` copies them beside the program. */
import { fileURLToPath } from 'node:url';

/** The fonts, the first that has a character before the others. Each package has a file for each range of characters. */
export const CARD_FONTS = [
  '@fontsource-variable/noto-sans',
  '@fontsource-variable/noto-sans-arabic',
  '@fontsource-variable/noto-sans-sc',
];

/** The engine that draws. */
export const CARD_ENGINE = '@takumi-rs/wasm/takumi_wasm_bg.wasm';

/** The path of a file, by the name under which its package exports it. */
export const cardFile = (name: string): string => fileURLToPath(import.meta.resolve(name));
