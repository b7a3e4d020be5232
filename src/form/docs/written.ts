/** The files that are generated from the schema of the form language and from the table of limits. */
import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { jsonSchema } from '../json-schema.ts';
import { limitsDocument } from '../../site-limits/limits-md.ts';
import { fillFormLanguage } from './form-language.ts';

const root = new URL('../../../', import.meta.url);
const FORM_LANGUAGE = 'docs/publish/form-language.md';

/** Text by path from the root of the project. */
export const formatMarkdown = (): Promise<Record<string, string>> =>
  formatted({
    [FORM_LANGUAGE]: fillFormLanguage(readFileSync(new URL(FORM_LANGUAGE, root), 'utf8')),
    'docs/operate/limits.md': limitsDocument(),
    '.vscode/form.schema.json': JSON.stringify(jsonSchema()),
  });

/** The same texts by path, formatted like all other files of the project. */
export async function formatted(texts: Record<string, string>): Promise<Record<string, string>> {
  const entries = Object.entries(texts).map(async ([file, text]) => {
    const config = await resolveConfig(new URL(file, root));
    return [file, await format(text, { ...config, filepath: file })] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
