/**
 * `npm run build -- --static`: writes the pages of all forms to `out/`, for a static host. API_ORIGIN is the address of the
 * server that takes the answers.
 */
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { assetsFolder, isBuilt, openPages } from '../built.ts';
import { formatCount } from '../form/format-count.ts';
import { serverAddressValue } from '../environment/values.ts';
import { printFault } from '../form/faults/faults.ts';
import { readForms } from '../form/folder.ts';
import { printable } from '../form/printable.ts';
import type { Form } from '../form/schema.ts';
import { versionOf } from '../form/version.ts';
import { explainFileError } from '../operate/file-error.ts';
import { openCards } from '../publish/cards/cards.ts';
import { renderStaticSite, VERSIONS, type StaticFile } from '../publish/rendering/static-site.ts';
import { formStates, type FormState } from '../record/forms/form-states.ts';
import { makeFolders } from '../record/make-folders.ts';
import { caddyHeaders, hostHeaders, nginxHeaders, type PageHeaders } from './static-headers.ts';
import { npmCommand } from './npm-command.ts';
import { hasDatabase, readSettings, withDatabase } from './on-site.ts';

/** The time for which an unfinished submission is kept, so its page has to stay as long. */
const EARLIER_MS = 60 * 86_400_000;

/** The settings of hosts, which each static site has. */
const HOSTS = '.hosts';
/** The headers of each page, for the next build. */
const PAGES = `${HOSTS}/pages.json`;

await npmCommand('static', 'Writes the pages of all forms for a static host.', 'API_ORIGIN=https://forms.acme.example npm run static') // prettier-ignore
  .argument('[folder]', 'the folder to write', 'out')
  .action(build)
  .parseAsync();

async function build(folder: string): Promise<void> {
  // Shells complete the name of a folder with a slash. After that, the folders beside it would be inside.
  const out = path.relative('.', folder) || '.';
  try {
    const config = readSettings();
    const { formsDir, widget, pageOrigins } = config;
    const api = apiOrigin(process.env['API_ORIGIN']);
    if (!isBuilt()) throw new Error('Flipsite is not built yet. Run npm run build.');
    refuseForeign(out);
    if (!existsSync(formsDir)) throw new Error(`There is no folder ${formsDir}. Set FORMS_DIR to the folder of forms.`);
    const forms = readForms(formsDir, new Date()).map(({ parsed }) => {
      if (!parsed.ok) throw new Error(`${parsed.faults.map(printFault).join('\n\n')}\n\nNothing was written.`);
      return parsed.form;
    });
    if (hasDatabase(config)) refuseOutdated(forms, await withDatabase(config, formStates));
    // The server's own widget of local Smile.
    const absolute = (address: string) => (address.startsWith('/') ? api + address : address);
    const scripts = { v1: absolute(widget.scripts.v1), v2: absolute(widget.scripts.v2) };
    const isLocal = widget.scripts.v2.startsWith('/');
    const origin = new URL(api).origin;
    const sources = isLocal ? { script: [origin], connect: [origin], image: [origin] } : widget.sources;
    const { render } = await openPages();
    const cards = openCards({
      onProblem: (reason, { title }) =>
        console.log(printable(`The card of “${title}” has no drawn picture. ${reason}.`)),
    });
    const site = { api, base: '', scripts, address: pageOrigins[0] };
    const { files, leftOut } = await renderStaticSite(forms, { render, site, sources, cards });
    await cards.close();
    write(
      out,
      files,
      leftOut.map(({ slug }) => slug),
    );
    for (const { slug, reason } of leftOut) console.log(`${slug} is left out. ${reason}`);
    const written = forms.length - leftOut.length;
    console.log(
      [
        `Wrote ${formatCount(written, 'form')} to ${out}/. The answers go to ${api}.`,
        'On that server, set PAGE_ORIGINS to the address of the static host, and publish the same forms.',
      ].join('\n'),
    );
  } catch (error) {
    console.error(explainFileError(error) ?? (error as Error).message);
    process.exitCode = 1;
  }
}

function apiOrigin(value: string | undefined): string {
  const example = 'Example: API_ORIGIN=https://forms.acme.example';
  if (!value?.trim()) throw new Error(`API_ORIGIN is not set. Set it to the address of the server that takes the answers. ${example}`); // prettier-ignore
  const parsed = serverAddressValue.safeParse(value.trim());
  if (!parsed.success) throw new Error(`API_ORIGIN ${parsed.error.issues[0]?.message}. ${example}`);
  return parsed.data;
}

/** Throws if the dashboard has published another text than the file has: its pages would be of an old version. */
function refuseOutdated(forms: readonly Form[], states: readonly FormState[]): void {
  const live = new Map(
    states.flatMap((state) => (state.managedIn === 'dashboard' ? [[state.slug, state.version]] : [])),
  );
  const outdated = forms.filter((form) => live.has(form.slug) && live.get(form.slug) !== versionOf(form));
  if (outdated.length === 0) return;
  const slugs = outdated.map(({ slug }) => slug);
  throw new Error(
    [
      ...slugs.map((slug) => `${slug} is managed in the dashboard, and its file has another text.`),
      `Run npm run forms -- pull ${slugs.join(' ')} --force, then build again. Nothing was written.`,
    ].join('\n'),
  );
}

/** Writing replaces the folder, so it must be new, empty or a static site of an earlier build. */
function refuseForeign(out: string): void {
  if (!existsSync(out)) return;
  const isOwn = statSync(out).isDirectory() && (existsSync(path.join(out, HOSTS)) || readdirSync(out).length === 0);
  if (!isOwn) throw new Error(`${out} is not a static site that Flipsite wrote, and it would be overwritten. Choose a new folder.`); // prettier-ignore
}

/**
 * Writes beside `out` and swaps, so that a host never serves half of a site. The pages of earlier versions stay, with
 * their scripts, for people who have started on them.
 * @param leftOut forms without pages, also without those of earlier builds
 */
function write(out: string, files: StaticFile[], leftOut: string[]): void {
  const next = `${out}.next-${process.pid}`;
  rmSync(next, { recursive: true, force: true });
  if (existsSync(out))
    cpSync(out, next, { recursive: true, preserveTimestamps: true, filter: isEarlier(out, leftOut) });
  const pages = [...earlierPages(out, next, files), ...files];
  // The editor of forms is a part of the dashboard, which only a server has.
  const isForPages = (file: string): boolean => !/\.(br|gz)$|^editor-.*\.js$/.test(path.basename(file));
  cpSync(assetsFolder, next, { recursive: true, filter: isForPages });
  const hosts: Record<string, string> = {
    _headers: hostHeaders(pages),
    [`${HOSTS}/nginx.conf`]: nginxHeaders(pages),
    [`${HOSTS}/Caddyfile`]: caddyHeaders(pages),
    [PAGES]: JSON.stringify(pages.map(({ path: name, headers }): PageHeaders => ({ path: name, headers }))),
  };
  for (const { path: name, bytes } of [
    ...files,
    ...Object.entries(hosts).map(([name, text]) => ({ path: name, bytes: text })),
  ]) {
    const file = path.join(next, name);
    makeFolders(path.dirname(file));
    writeFileSync(file, bytes);
  }
  const former = `${out}.former-${process.pid}`;
  if (existsSync(out)) renameSync(out, former);
  renameSync(next, out);
  rmSync(former, { recursive: true, force: true });
}

/** Whether a file of the last build stays: a page of a version, or an asset, that was current in the last 60 days. */
function isEarlier(out: string, leftOut: string[]): (file: string) => boolean {
  return (file) => {
    const [first = '', second] = path.relative(out, file).split(path.sep);
    if (leftOut.includes(first)) return false;
    if (second === undefined) return statSync(file).isDirectory() && first !== HOSTS;
    if (first !== 'assets' && !second.startsWith(VERSIONS)) return false;
    return statSync(file).isDirectory() || Date.now() - statSync(file).mtimeMs < EARLIER_MS;
  };
}

/** The pages of the last build that stay, with the headers that they had. */
function earlierPages(out: string, next: string, files: StaticFile[]): PageHeaders[] {
  const list = path.join(out, PAGES);
  if (!existsSync(list)) return [];
  const known = JSON.parse(readFileSync(list, 'utf8')) as PageHeaders[];
  const isNew = new Set(files.map(({ path: name }) => name));
  return known.filter(({ path: name }) => !isNew.has(name) && existsSync(path.join(next, name)));
}
