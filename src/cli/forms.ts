/** `npm run forms -- list|pull|push|import`: moves forms between files and a running site, and makes forms of other definitions. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { addressOf } from '../environment/site-address.ts';
import { SLUG } from '../form/id.ts';
import { printable } from '../form/printable.ts';
import { textHash } from '../record/forms/form-text.ts';
import { makeFolders } from '../record/make-folders.ts';
import { importFiles } from './import-files.ts';
import { npmCommand } from './npm-command.ts';
import { onSite } from './on-site.ts';

type Options = { site?: string; note?: string; dryRun?: boolean; force?: boolean };

/** Beside the pulled files: the ETag of each text that was pulled or pushed, by site and slug. */
const ETAGS = '.pulled.json';

const program = npmCommand(
  'forms',
  'Lists the forms of a running site, moves them between the site and files, and imports forms of other programs.',
  'npm run forms -- pull tenant-check --site https://forms.acme.example',
);
withSite(
  program.command('list').description('lists the forms, and whether files or the dashboard manage each'),
  (config, options) => list(siteOf(config, options)),
);
withSite(
  program
    .command('pull')
    .description('writes forms of the dashboard to files')
    .argument('[slugs...]', 'slugs of forms; without any, all forms that are managed in the dashboard')
    .option('--force', 'overwrites files that you have changed'),
  (config, options, slugs) => pull(siteOf(config, options), config.formsDir, slugs, options),
);
withSite(
  program
    .command('push')
    .description('publishes files as forms of the dashboard')
    .argument('<files...>', 'YAML files of forms')
    .option('--note <text>', 'a note for the history of the form')
    .addOption(new Option('--dry-run', 'checks the files on the site, and publishes nothing')),
  (config, options, files) => push(siteOf(config, options), files, options),
);
program
  .command('import')
  .description('makes forms of definitions of SurveyJS, Typeform and GitHub, and prints all that was left out')
  .argument('<files...>', 'JSON or YAML files. Each becomes a form with the name of its file')
  .option('--force', 'overwrites forms with the same name')
  .action((files: string[], options: Options) => onSite(({ formsDir }) => importFiles(formsDir, files, options)));

function withSite(command: Command, run: (config: Config, options: Options, names: string[]) => Promise<void>): void {
  command
    .option('--site <address>', 'the address of the site (default: PUBLIC_ORIGIN, or this machine)')
    .action((...input: unknown[]) => {
      const names = Array.isArray(input[0]) ? (input[0] as string[]) : [];
      return onSite((config) => run(config, command.opts<Options>(), names));
    });
}

interface SiteApi {
  address: string;
  /** @throws {Error} with a sentence for the terminal where the site does not answer or refuses the key */
  ask(method: 'GET' | 'PUT', path: string, headers?: Record<string, string>, body?: string): Promise<Response>;
}

function siteOf(config: Config, options: Options): SiteApi {
  const address = (options.site ?? addressOf(config)).replace(/\/$/, '');
  const key = config.integratorApiKey;
  if (!key) throw new Error('INTEGRATOR_API_KEY is not set. Set it to the API key of the site.');
  return {
    address,
    async ask(method, route, headers = {}, body) {
      const request: RequestInit = { method, redirect: 'manual', headers: { authorization: `Bearer ${key}`, ...headers }, ...(body !== undefined && { body }) }; // prettier-ignore
      const response = await fetch(`${address}/api/${route}`, request).catch(() => {
        throw new Error(`${address} does not answer. Start the site, or name another one with --site.`);
      });
      // `fetch` would follow without the key, and the other address would refuse that.
      const target = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
      if (target !== null) {
        const { href, origin } = new URL(target, address);
        const end = `/api/${route}`;
        throw new Error(`${address} redirects to ${href.endsWith(end) ? href.slice(0, -end.length) : origin}. Name that one with --site, or set PUBLIC_ORIGIN to it.`); // prettier-ignore
      }
      if (response.status === 401) throw new Error(`${address} refuses the API key. Set INTEGRATOR_API_KEY to its key.`); // prettier-ignore
      return response;
    },
  };
}

/** A slug becomes the name of a file, and the site may be any. */
const listSchema = z.object({
  items: z.array(
    z.object({ slug: z.string().regex(SLUG), title: z.unknown(), owner: z.string(), removed: z.boolean() }),
  ),
});

async function formsOf(site: SiteApi) {
  const response = await site.ask('GET', 'forms');
  const parsed = listSchema.safeParse(await response.json().catch(() => undefined));
  if (!response.ok || !parsed.success) throw new Error(`${site.address} is not a Flipsite of this version.`);
  return parsed.data.items;
}

async function list(site: SiteApi): Promise<void> {
  const forms = await formsOf(site);
  const width = Math.max(...forms.map(({ slug }) => slug.length), 0);
  for (const { slug, owner, removed } of forms)
    console.log(`${slug.padEnd(width)}  ${removed ? 'archived' : printable(owner)}`);
  if (forms.length === 0) console.log('There are no forms yet.');
}

async function pull(site: SiteApi, folder: string, slugs: string[], { force = false }: Options): Promise<void> {
  const ofDashboard = (await formsOf(site)).filter(({ owner }) => owner === 'dashboard').map(({ slug }) => slug);
  const unknown = slugs.filter((slug) => !ofDashboard.includes(slug));
  if (unknown.length) throw new Error(`The dashboard of ${site.address} does not manage ${unknown.join(', ')}.`);
  makeFolders(folder);
  const wanted = slugs.length ? slugs : ofDashboard;
  if (wanted.length === 0) console.log(`No form of ${site.address} is managed in the dashboard.`);
  const etags = readEtags(folder);
  for (const slug of wanted) {
    const response = await site.ask('GET', `forms/${slug}/source`);
    const text = await response.text();
    if (!response.ok) throw new Error(`${site.address} does not return ${slug} (${response.status}).`);
    const file = path.join(folder, `${slug}.yaml`);
    const written = existsSync(file) ? readFileSync(file, 'utf8') : text;
    const isKnown = written === text || `"${textHash(written)}"` === etags.get(site, slug);
    if (!isKnown && !force)
      throw new Error(`${file} has changes of its own. Move it away, or run pull with --force to overwrite it.`);
    writeWhole(file, text);
    etags.set(site, slug, response.headers.get('etag') ?? '');
    console.log(`${file} has the text of ${site.address}/${slug}`);
  }
}

const publishedSchema = z.object({
  number: z.number().optional(),
  changes: z.array(z.string()).default([]),
  unchanged: z.boolean().default(false),
});
const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    errors: z.array(z.object({ line: z.number(), column: z.number(), message: z.string(), fix: z.string().optional() })).default([]), // prettier-ignore
  }),
});

async function push(site: SiteApi, files: string[], { note = '', dryRun = false }: Options): Promise<void> {
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length) throw new Error(`There is no file ${missing.join(', ')}.`);
  for (const [at, file] of files.entries()) {
    const slug = path.basename(file).replace(/\.ya?ml$/, '');
    const etags = readEtags(path.dirname(file));
    const etag = etags.get(site, slug);
    const query = new URLSearchParams({ note, dry_run: String(dryRun) });
    const text = readFileSync(file, 'utf8');
    const response = await site.ask(
      'PUT',
      `forms/${encodeURIComponent(slug)}/source?${query}`,
      { 'content-type': 'text/yaml', ...(etag ? { 'if-match': etag } : { 'if-none-match': '*' }) },
      text,
    );
    const body: unknown = await response.json().catch(() => undefined);
    const nothingNew = `Nothing to publish: ${file} is live at ${site.address}/${slug} already.`;
    const live = response.status === 412 ? await site.ask('GET', `forms/${slug}/source`) : undefined;
    if (live?.ok && (await live.text()) === text) {
      // An earlier push published it, and was ended before its answer.
      console.log(nothingNew);
      etags.set(site, slug, live.headers.get('etag') ?? '');
      continue;
    }
    if (!response.ok) {
      const rest = files.slice(at + 1);
      const refusal = refusalInWords(file, site, slug, body, response.status);
      throw new Error(printable([refusal, ...(rest[0] ? [`Not tried: ${rest.join(', ')}.`] : [])].join('\n')));
    }
    const { number, changes, unchanged } = publishedSchema.parse(body);
    if (unchanged) console.log(nothingNew);
    else console.log([dryRun ? `${file} can be published.` : `${file} is live at ${site.address}/${slug}, version ${number}`, ...changes.map((change) => `  ${printable(change)}`)].join('\n')); // prettier-ignore
    if (!dryRun) etags.set(site, slug, response.headers.get('etag') ?? '');
  }
}

function refusalInWords(file: string, { address }: SiteApi, slug: string, body: unknown, status: number): string {
  const parsed = errorSchema.safeParse(body);
  if (!parsed.success) return `${address} did not publish ${file} (${status}).`;
  const { code, message, errors } = parsed.data.error;
  if (code === 'precondition_failed')
    return `${address} has another text of ${slug} than you pulled. Keep a copy of ${file}, then run npm run forms -- pull ${slug} --force.`;
  const lines = errors.map((error) => `${file}:${error.line}:${error.column}  ${error.message}${error.fix ? `\n    ${error.fix}` : ''}`); // prettier-ignore
  return lines.length ? `${lines.join('\n')}\n${file} was not published.` : message;
}

/** Writes a file that is never there in part, also where the disk is full, the command is killed or the power fails. */
function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { flush: true });
  renameSync(`${file}.new`, file);
}

/** The ETags that are kept in `folder`. Setting one writes them. */
function readEtags(folder: string) {
  const file = path.join(folder, ETAGS);
  const schema = z.record(z.string(), z.record(z.string(), z.string()));
  const known = existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  return {
    get: ({ address }: SiteApi, slug: string): string | undefined => known[address]?.[slug],
    set({ address }: SiteApi, slug: string, etag: string) {
      known[address] = { ...known[address], [slug]: etag };
      writeWhole(file, `${JSON.stringify(known, null, 2)}\n`);
    },
  };
}

await program.parseAsync();
