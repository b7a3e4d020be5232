/** All files that `npm run docs` generates. It is not in one of their folders, because it reads the schemas and tables of several. */
import { configurationDocument, envExample } from './environment-md.ts';
import { formatted, formatMarkdown } from '../form/docs/written.ts';
import { errorsDocument } from '../respond/errors-md.ts';

/** Text by path from the root of the project. */
export async function generatedDocs(): Promise<Record<string, string>> {
  const documents = await formatted({
    'docs/operate/configuration.md': configurationDocument(),
    'docs/integrate/errors.md': errorsDocument(),
  });
  return { ...(await formatMarkdown()), ...documents, '.env.example': envExample() };
}
