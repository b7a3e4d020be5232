/** `npm start`: reads the environment, opens the site, and prints its address. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assetsFolder, isBuilt, openPages, programVersion } from './built.ts';
import { readConfig, type Config } from './config.ts';
import { formatCount } from './form/format-count.ts';
import { loadEnvFile, readEnvFile } from './environment/env-file.ts';
import { formSecret, VARIABLES } from './environment/environment.ts';
import { printable } from './form/printable.ts';
import { localize } from './form/runtime/text.ts';
import { hasMembers } from './members/members.ts';
import { setupCode } from './members/setup-code.ts';
import { cutOffRestore } from './operate/backup.ts';
import { explainFileError } from './operate/file-error.ts';
import { explainRefusal } from './operate/ownership.ts';
import { createLog } from './operate/log.ts';
import { findMisspelledSettings } from './operate/misspelled-settings.ts';
import { openAssets } from './publish/bundles/assets.ts';
import { listOwnWebhooks } from './record/webhook-registrations.ts';
import { findWeakKeys } from './operate/weak-key.ts';
import { siteKeyOf } from './secret-key.ts';
import { boundWarnings } from './site-limits/log-lines.ts';
import { openSite, type Site } from './site.ts';
import { explainListening } from './site/listening.ts';
import { describeSynced } from './site/follow-forms.ts';
import { ownAddresses } from './site/own-addresses.ts';

// Files contain personal data: no other user of this machine may read them.
process.umask(0o077);
try {
  loadEnvFile();
} catch (error) {
  fail('Flipsite cannot start:', [explainFileError(error) ?? String(error)]);
}
const parsed = readConfig(process.env);
if (!parsed.ok) fail('Flipsite cannot start. Fix these settings:', parsed.faults);
const { config } = parsed;
for (const sentence of findMisspelledSettings(readEnvFile(), VARIABLES)) console.error(sentence);

if (!existsSync(config.formsDir))
  fail('Flipsite cannot start:', [
    `The folder of forms does not exist: ${config.formsDir}. Create it, or set FORMS_DIR to another folder.`,
  ]);

const interrupted = cutOffRestore(config.dataDir);
if (interrupted) fail('Flipsite cannot start:', [interrupted]);

const loaded = siteKeyOf(config);
if (!loaded.ok) fail('Flipsite cannot start:', [loaded.fault]);
const place = config.secretKey ? 'SECRET_KEY' : join(config.dataDir, 'secret.key');
for (const sentence of findWeakKeys({ current: { place, key: loaded.key }, former: config.formerSecretKeys })) console.error(sentence); // prettier-ignore

const log = createLog(config.logLevel);
if (!isBuilt()) fail('Flipsite cannot start:', ['Flipsite is not built yet. Run npm run build.']);
const { render, loadPages } = await openPages();
const assets = await openAssets(assetsFolder);
const setup = setupCode(config.setupCode);
const print = (text: string) => console.log(printable(`\n${text}\n`));
const secret = (name: string) => formSecret(name, process.env);

const site = await openSite({ config, key: loaded.key, setup, render, assets, log, print: print, secret }).catch(
  (error: NodeJS.ErrnoException) =>
    fail('Flipsite cannot start:', [
      explainListening(error, config) ??
        explainRefusal(error, { dataDir: config.dataDir, database: config.databaseUrl }) ??
        explainFileError(error) ??
        error.message,
    ]),
);
let stoppingSince: number | undefined;
process.on('SIGINT', () => stop(0));
process.on('SIGTERM', () => stop(config.drainMs));
await announce(site, config);
// Libraries print errors, such as the one that ends a file in the middle: a line for each request.
const warnings = boundWarnings(log, () => new Date());
console.error = (problem: unknown) => warnings.warn({ err: problem }, 'A library reported an error');
log.info({ version: programVersion, node: process.version }, 'Flipsite started');
// An update may replace the build before a page is first requested.
await loadPages();

/** Ends the process once the site is closed, or half a minute after it should be. */
function stop(drainMs: number): void {
  // npm passes on the signal that the terminal has sent already. A later one ends the process at once.
  if (stoppingSince !== undefined) return void (performance.now() - stoppingSince > 1_000 && process.exit(1));
  stoppingSince = performance.now();
  setTimeout(() => process.exit(1), drainMs + 30_000).unref();
  site.close(drainMs).then(
    () => {
      log.info('Flipsite stopped');
      process.exit(0);
    },
    (error: unknown) => {
      log.error({ err: error }, 'Could not close the site');
      process.exit(1);
    },
  );
}

function fail(title: string, faults: string[]): never {
  console.error(`${title}\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  process.exit(1);
}

async function announce(
  { port, address: origin, synced, isFolderEmpty, catalog, db }: Site,
  { publicUrl, mail, local, outgoing, host, webhookSecret, formsDir }: Config,
): Promise<void> {
  const lines = ['', `Flipsite ${programVersion} is ready.`, ''];
  const published = catalog.list().filter(({ removed }) => !removed);
  const forms = published.filter(({ hidden }) => !hidden);
  for (const { form } of forms)
    lines.push(`  ${localize(form.title, form.languages[0])}`, `    ${origin}/${form.slug}`);
  const faulty = synced.filter(({ faults }) => faults);
  if (!forms.length && faulty.length)
    lines.push(`  No form is published: ${formatCount(faulty.length, 'form has', 'forms have')} errors. See below.`);
  else if (!forms.length)
    lines.push(`  There are no forms yet. Create one in the dashboard, or put a YAML file into ${formsDir}/.`);
  if (isFolderEmpty && published.some(({ managedIn }) => managedIn === 'files'))
    lines.push(
      '',
      `  ${formsDir}/ has no form, so the forms of its files stay open. Check FORMS_DIR, and that its disk is mounted.`,
    );
  if (forms.length < published.length)
    lines.push('', '  The example forms answer only with local Smile, on this machine or in a private network.');
  lines.push('', '  Dashboard', `    ${origin}/admin`);
  if (!(await hasMembers(db)) && setup.generated) lines.push(`    Setup code for the first visit: ${setup.code}`);
  const lan = !publicUrl && host === '0.0.0.0' ? ownAddresses()?.find(({ internal }) => !internal) : undefined;
  if (lan)
    lines.push(
      '',
      '  On a phone in the same network',
      `    http://${lan.address}:${port}/${forms[0]?.form.slug ?? ''}`,
    );
  if (mail && outgoing && !publicUrl)
    lines.push('', `  The links in emails lead to ${origin}. Set PUBLIC_ORIGIN to the address that people open.`);
  if (!outgoing)
    lines.push('', '  OUTGOING is off. Emails and webhooks wait, and local Smile takes the place of Smile.');
  if (local)
    lines.push(
      '',
      '  Work accounts are linked at local Smile, a stand-in. Sign in as George with the password 123456 and the code 1234.',
    );
  const registered = (await listOwnWebhooks(db)).some(({ smileId, deletedAt }) => smileId && !deletedAt);
  if (!webhookSecret && !registered)
    lines.push(
      '',
      '  No Smile webhook is registered yet. Accounts are still confirmed, but more slowly.',
      publicUrl
        ? '  Register one in the dashboard under Smile, or run npm run smile -- register.'
        : '  Set PUBLIC_ORIGIN to the https address of this site, then run npm run smile -- register.',
    );
  for (const form of synced.filter(({ faults, ignored }) => faults ?? ignored)) lines.push('', describeSynced(form, catalog)); // prettier-ignore
  console.log(printable(`${lines.join('\n')}\n`));
}
