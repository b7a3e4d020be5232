/** The files that are made from the schema, laid out as all others are. */
import { format, resolveConfig } from 'prettier';
import { jsonSchema } from '../json-schema.ts';
import { limitsDocument } from '../../site-limits/limits-md.ts';
import { formsManual } from './forms-md.ts';

/** Text by path from the root of the project. */
export async function formatMarkdown(): Promise<Record<string, string>> {
  const texts = {
    'docs/forms.md': formsManual(),
    'docs/operate/limits.md': limitsDocument(),
    '.vscode/form.schema.json': JSON.stringify(jsonSchema()),
  };
  const laidOut = Object.entries(texts).map(async ([file, text]) => {
    const config = await resolveConfig(new URL(`../../../${file}`, import.meta.url));
    return [file, await format(text, { ...config, filepath: file })] as const;
  });
  return Object.fromEntries(await Promise.all(laidOut));
}
