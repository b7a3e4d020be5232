/** The parts of the program that the build makes. `scripts/program/bundle.ts` puts a module with other paths in its place. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Render } from './publish/rendering/page-renderer.ts';

const pages = new URL('../dist/server/entry.mjs', import.meta.url);

/** The folder of scripts, styles and pictures, which the site serves as they are. */
export const assetsFolder = fileURLToPath(new URL('../dist/client', import.meta.url));

export const isBuilt = (): boolean => existsSync(pages);

/** Loads the renderer of Astro's pages. `loadPages` loads the code of every page at once. */
export const openPages = (): Promise<{ render: Render; loadPages(): Promise<void> }> => import(pages.href);

/** The version of Flipsite, such as 0.1.0. */
export const programVersion = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** The text of the commented settings, for the first `.env`. */
export const exampleSettings = (): string => readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
