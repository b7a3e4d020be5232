/** The files that are made from the schema, laid out as all others are. */
import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { jsonSchema } from '../json-schema.ts';
import { limitsDocument } from '../../site-limits/limits-md.ts';
import { fillFormLanguage } from './form-language.ts';

const FORM_LANGUAGE = 'docs/publish/form-language.md';

/** Text by path from the root of the project. */
export async function written(): Promise<Record<string, string>> {
  const texts = {
    [FORM_LANGUAGE]: fillFormLanguage(readFileSync(new URL(`../../../${FORM_LANGUAGE}`, import.meta.url), 'utf8')),
    'docs/operate/limits.md': limitsDocument(),
    '.vscode/form.schema.json': JSON.stringify(jsonSchema()),
  };
  const laidOut = Object.entries(texts).map(async ([file, text]) => {
    const config = await resolveConfig(new URL(`../../../${file}`, import.meta.url));
    return [file, await format(text, { ...config, filepath: file })] as const;
  });
  return Object.fromEntries(await Promise.all(laidOut));
}
