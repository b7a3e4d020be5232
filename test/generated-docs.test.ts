import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../src/respond/errors/error-codes.ts';
import { environmentSchema } from '../src/environment/variables.ts';
import { generatedDocs } from '../src/cli/docs/generated-docs.ts';

const root = path.resolve(import.meta.dirname, '..');
const generated = await generatedDocs();

describe('npm run docs', () => {
  it.each(Object.entries(generated))('generates %s, and the file is up to date', (file, text) => {
    expect(readFileSync(path.join(root, file), 'utf8')).toBe(text);
  });

  it('lists every variable in the reference of the configuration', () => {
    const names = [...(generated['docs/operate/configuration.md'] ?? '').matchAll(/^\| `([A-Z0-9_]+)`/gm)].map(([, name]) => name); // prettier-ignore
    expect(names).toEqual([...Object.keys(environmentSchema.shape), 'API_ORIGIN', 'SMILE_PORT']);
  });

  it('lists every error code with its status, its meaning and the remedy', () => {
    const rows = [...(generated['docs/integrate/errors.md'] ?? '').matchAll(/^\| (\d{3}) +\| `(\w+)` +\| (.+?) +\| (.+?) +\|$/gm)]; // prettier-ignore
    expect(rows.map(([, status, code]) => [code, Number(status)])).toEqual(
      Object.entries(ERROR_CODES).map(([code, { status }]) => [code, status]),
    );
  });
});
