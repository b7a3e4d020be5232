/** The assets as the build left them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { openAssets } from '../../src/publish/bundles/assets.ts';
import { root } from '../helpers/site.ts';

const folder = path.join(root, 'dist/client');

it('have their compressed bytes beside them, so that a start of the site compresses none', async () => {
  const assets = await openAssets(folder);
  expect(assets.size).toBeGreaterThan(50);
  for (const [address, { plain, br, gzip }] of assets) {
    const file = path.join(folder, address);
    expect([br, gzip]).toEqual([readFileSync(`${file}.br`), readFileSync(`${file}.gz`)]);
    expect(brotliDecompressSync(br ?? '')).toEqual(plain);
    expect(gunzipSync(gzip ?? '')).toEqual(plain);
  }
  const compressed = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(br|gz)$/.test(name),
  );
  expect(compressed).toHaveLength(2 * assets.size);
});
