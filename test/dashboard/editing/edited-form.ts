/** The form `plain` of a file, and the member who edits it in the dashboard. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach } from 'vitest';
import type { Grant } from '../../../src/members/roles.ts';
import { startSession } from '../../../src/members/sessions.ts';
import { openCatalog } from '../../../src/publish/catalog.ts';
import type { Database } from '../../../src/record/db/database.ts';
import { latestPublication } from '../../../src/record/forms/publications.ts';
import { PLAIN } from '../../helpers/api/client.ts';
import { NOW, temporaryDatabase, temporaryFolder } from '../../helpers/database.ts';
import { addMember, createClient } from '../../helpers/dashboard-client.ts';

export const TEXT = `# Ask Ana first\n${PLAIN.trim()}\n`;
export const here = '/admin/forms/plain';

// New for each test, by `openForm`.
export let db: Database;
export let formsDir: string;
export let file: string;
export let client: Awaited<ReturnType<typeof createClient>>;

/** Makes the form before each test of a file. */
export const openForm = (): void =>
  beforeEach(async () => {
    db = await temporaryDatabase();
    formsDir = join(temporaryFolder(), 'forms');
    mkdirSync(formsDir);
    file = join(formsDir, 'plain.yaml');
    writeFileSync(file, TEXT);
    await (await openCatalog(db)).sync(formsDir, NOW);
    client = await signedIn('ana@acme.example');
  });

export async function signedIn(email: string, grants?: Grant[]) {
  const opened = await createClient(db, { formsDir });
  opened.kept.cookie = `flipsite=${await startSession(db, await addMember(db, email, grants), NOW)}`;
  return opened;
}

/** Posts the editor as a browser does, which sends CR LF at each line end. */
export function edit(
  text: string,
  { base, to = 'save', by = client }: { base: number; to?: string; by?: typeof client },
) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ text: text.replaceAll('\n', '\r\n'), base: String(base), do: to })) body.set(name, value); // prettier-ignore
  return by.ask(`${here}/edit`, { method: 'POST', body, headers: { origin: 'http://forms.example' } });
}

export const takeOver = () => client.send(`${here}/settings`, { owner: 'dashboard' });
/** The fields of the publish page of a form about the text that is published now. */
export const replacesOn = async (path: string) => /name="replaces" value(?:="([0-9a-f]*)")?/.exec((await client.ask(path)).text)?.[1] ?? ''; // prettier-ignore
/** Publishes from the page of the draft, or of an old version. */
export const publish = async (base: number, more: Record<string, string> = {}) =>
  client.send(`${here}/publish`, { base: String(base), replaces: (await latestPublication(db, 'plain'))?.textHash ?? '', ...more }); // prettier-ignore
export const titled = (title: string) => TEXT.replace('title: Plain', `title: ${title}`);
/** A question with two options that have these labels. */
export const withOptions = (one: string, other: string) =>
  TEXT.replace(
    'type: textarea, label: Note, max_length: 5000',
    `type: select, label: Note, options: [{ value: one, label: ${one} }, { value: two, label: ${other} }]`,
  );
/** The text of the form in the editor. */
export const textIn = (html: string) => /<textarea[^>]*>\n?([^<]*)/.exec(html)?.[1]?.replaceAll('&#39;', "'");
