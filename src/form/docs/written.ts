/** The files that are generated from the schema of the form language and from the table of limits. */
import { format, resolveConfig } from 'prettier';
import { jsonSchema } from '../json-schema.ts';
import { limitsDocument } from '../../site-limits/limits-md.ts';
import { formsManual } from './forms-md.ts';

/** Text by path from the root of the project. */
export const written = (): Promise<Record<string, string>> =>
  formatted({
    'docs/forms.md': formsManual(),
    'docs/operate/limits.md': limitsDocument(),
    '.vscode/form.schema.json': JSON.stringify(jsonSchema()),
  });

/** The same texts by path, formatted like all other files of the project. */
export async function formatted(texts: Record<string, string>): Promise<Record<string, string>> {
  const entries = Object.entries(texts).map(async ([file, text]) => {
    const config = await resolveConfig(new URL(`../../../${file}`, import.meta.url));
    return [file, await format(text, { ...config, filepath: file })] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
