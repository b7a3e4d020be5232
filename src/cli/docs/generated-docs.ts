/** All files that `npm run docs` generates. It is not in one of their folders, because it reads the schemas and tables of several. */
import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { fillFormLanguage } from '../../form/docs/form-language.ts';
import { fillGeneratedParts } from '../../form/docs/generated-parts.ts';
import { jsonSchema } from '../../form/docs/json-schema.ts';
import { errorsDocument } from '../../respond/errors/errors-md.ts';
import { limitsDocument } from '../../site-limits/limits-md.ts';
import { configurationDocument, envExample } from './environment-md.ts';
import { licensesDocument, type LockFile } from './licenses-md.ts';
import { routesTable } from './routes-md.ts';

const root = new URL('../../..', import.meta.url);
const FORM_LANGUAGE = 'docs/publish/form-language.md';
const API = 'docs/integrate/api.md';

/** Text by path from the root of the project. */
export async function generatedDocs(): Promise<Record<string, string>> {
  const documents = await formatted({
    [FORM_LANGUAGE]: fillFormLanguage(current(FORM_LANGUAGE)),
    [API]: fillGeneratedParts(API, current(API), { routes: routesTable() }),
    '.vscode/form.schema.json': JSON.stringify(jsonSchema()),
    'docs/operate/limits.md': limitsDocument(),
    'docs/operate/configuration.md': configurationDocument(),
    'docs/integrate/errors.md': errorsDocument(),
    'docs/contribute/licenses.md': licensesDocument(JSON.parse(current('package-lock.json')) as LockFile),
  });
  return { ...documents, '.env.example': envExample() };
}

const current = (file: string): string => readFileSync(new URL(file, root), 'utf8');

/** The same texts by path, formatted like all other files of the project. */
async function formatted(texts: Record<string, string>): Promise<Record<string, string>> {
  const entries = Object.entries(texts).map(async ([file, text]) => {
    const config = await resolveConfig(new URL(file, root));
    return [file, await format(text, { ...config, filepath: file })] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
