/** `npm run backup`, `restore`, `compact`, `doctor`, `rebuild`, `member` and `seed`: what operators do beside the running site. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, InvalidArgumentError } from 'commander';
import { readConfig, type Config } from '../config.ts';
import { formatCount } from '../form/format-count.ts';
import { formSecret } from '../environment.ts';
import { cutOffRestore, restoreBackup, takeBackup } from '../operate/backup.ts';
import { CODE_HOURS, giveCode, removeMember } from '../members/codes.ts';
import { npmCommand } from './npm-command.ts';
import { examine } from '../operate/doctor.ts';
import { closeDatabase, isPostgres, openDatabase } from '../record/db/database.ts';
import { compactFile } from '../record/db/sqlite.ts';
import { seed } from '../operate/seed.ts';
import { keptApart, listed } from '../operate/whole-copy.ts';
import { currentForms } from '../record/versions.ts';
import { rebuildAccounts } from '../respond/smile/rebuild.ts';
import { secretKeyOf } from '../secret-key.ts';

// What is written holds what people have sent: no other user of this machine may read it.
process.umask(0o077);

const COMMANDS = {
  backup: npmCommand('backup', 'Copies the database, the files and the key while the site runs.').argument(
    '[folder]',
    'a new folder for the copy (default: a folder in backups/ with the current time)',
  ),
  restore: npmCommand('restore', 'Restores a backup while the site is stopped.').argument('<folder>', 'the backup'),
  compact: npmCommand(
    'compact',
    'Rewrites the SQLite file while the site is stopped, so that its free space has no deleted data.',
  ),
  doctor: npmCommand('doctor', 'Checks your setup and reports problems.'),
  rebuild: npmCommand('rebuild', 'Computes linked accounts and counts again from the events in the database.'),
  member: npmCommand('member', 'Adds a member, resets a lost password, or removes a member.')
    .addArgument(new Argument('<action>').choices(['add', 'reset', 'remove']))
    .argument('<email>', "the member's email address"),
  seed: npmCommand('seed', 'Stores generated submissions, to try the dashboard with many of them.')
    .argument('<count>', 'how many submissions', parseCount)
    .argument('[form]', 'the slug of one form (default: all published forms)'),
};

const [command = '', ...words] = process.argv.slice(2);
const isCommand = (name: string): name is keyof typeof COMMANDS => Object.hasOwn(COMMANDS, name);
if (!isCommand(command)) {
  console.error(`Unknown command: ${command}. Use npm run with one of ${Object.keys(COMMANDS).join(', ')}.`);
  process.exit(1);
}
// Ends here after `--help` and after a mistake.
const { args } = COMMANDS[command].action(() => undefined).parse(words, { from: 'user' });

if (existsSync('.env')) process.loadEnvFile();
const read = readConfig(process.env);
if (!read.ok) {
  console.error(`Some settings are wrong. Fix them:\n${read.faults.map((fault) => `  - ${fault}`).join('\n')}`);
  process.exit(1);
}
const { config } = read;
const place = { dataDir: config.dataDir, database: config.databaseUrl };
const apart = keptApart({
  dataDir: config.dataDir,
  postgres: isPostgres(config.databaseUrl),
  keyGiven: config.secretKey !== undefined,
  formerKeysGiven: config.formerSecretKeys.length > 0,
  bucketUrl: config.bucket?.url,
});

try {
  const cutOff = command === 'restore' || command === 'doctor' ? undefined : cutOffRestore(config.dataDir);
  if (cutOff) throw new Error(cutOff);
  if (command === 'backup') await backUp(config);
  else if (command === 'restore') restore(config);
  else if (command === 'compact') compactDatabase(config);
  else if (command === 'doctor') await explain(config);
  else if (command === 'rebuild') await rebuild(config);
  else if (command === 'member') await admit(config);
  else await sow(config);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function backUp({ databaseUrl }: Config): Promise<void> {
  if (isPostgres(databaseUrl)) {
    const dump = `The database: pg_dump --format=custom "${addressInShell()}" > flipsite.dump`;
    throw new Error(listed('This site uses PostgreSQL. Back up the following, starting with the database:', [dump, ...apart]).join('\n')); // prettier-ignore
  }
  const into = args[0] ?? join('backups', new Date().toISOString().slice(0, 19).replaceAll(':', '-'));
  const copied = await takeBackup(place, into);
  const done = `Backed up to ${into} and checked: ${copied.join(', ')}. To restore it, run npm run restore -- ${into}`;
  console.log([done, ...listed('Not in this backup, so copy it separately:', apart)].join('\n'));
}

/** How a shell finds the address of the database, which may hold a password and is not printed. */
function addressInShell(): string {
  const inFile = existsSync('.env') && /^DATABASE_URL=/m.test(readFileSync('.env', 'utf8'));
  return inFile ? "$(sed -n 's/^DATABASE_URL=//p' .env)" : '$DATABASE_URL';
}

function restore({ databaseUrl, secretKey }: Config): void {
  if (isPostgres(databaseUrl)) {
    const dump = `The database: pg_restore --clean --if-exists --dbname "${addressInShell()}" flipsite.dump`;
    throw new Error(listed('This site uses PostgreSQL. Stop the site and restore the following, starting with the database:', [dump, ...apart]).join('\n')); // prettier-ignore
  }
  const [folder = ''] = args;
  const aside = restoreBackup(place, folder, new Date());
  const keyless = !secretKey && !existsSync(join(folder, 'secret.key'));
  const key = keyless ? ['The key from SECRET_KEY. Set it before you start the site.'] : [];
  const done = `Restored ${folder}.${aside ? ` The previous data is in ${aside}.` : ''}`;
  console.log(
    [done, ...listed('Not in this backup. Restore it separately, from the same time:', [...apart, ...key])].join('\n'),
  );
}

/** Rewrites the SQLite file, so that nothing of deleted people is left in its free space. */
function compactDatabase({ databaseUrl }: Config): void {
  if (isPostgres(databaseUrl)) {
    throw new Error('This site uses PostgreSQL. Run VACUUM FULL submissions, events, accounts, account_data, archives, files, unique_answers, idempotency, deliveries, attempts, invitations, jobs;'); // prettier-ignore
  }
  const path = existing(databaseUrl);
  if (!compactFile(path)) throw new Error(`${path} is in use. Stop the site, then run this command again.`);
  console.log(`Rewrote ${path}. Its free space no longer has deleted data.`);
}

/** The address of a database that is there. One made by a command would be another one than the site's. */
function existing(databaseUrl: string): string {
  if (isPostgres(databaseUrl) || existsSync(databaseUrl)) return databaseUrl;
  throw new Error(`There is no database at ${databaseUrl}. Start the site once, or set DATA_DIR and DATABASE_URL to the values of the site.`); // prettier-ignore
}

async function rebuild({ databaseUrl }: Config): Promise<void> {
  const db = await openDatabase(existing(databaseUrl));
  try {
    const events = formatCount(await rebuildAccounts(db), 'event');
    console.log(`Rebuilt the accounts from ${events} and counted the submissions again.`);
  } finally {
    await closeDatabase(db);
  }
}

async function admit({ databaseUrl, publicUrl, port }: Config): Promise<void> {
  const [what, given = ''] = args as ['add' | 'reset' | 'remove', string];
  const db = await openDatabase(existing(databaseUrl));
  try {
    if (what === 'remove') {
      if (!(await removeMember(db, given))) throw new Error(`There is no member with the email ${given}.`);
      return console.log(`${given} no longer has access and is signed out everywhere.`);
    }
    const made = await giveCode(db, { what, email: given, now: new Date() });
    if (made.fault !== undefined) throw new Error(made.fault);
    const address = `${publicUrl ?? `http://localhost:${port}`}/admin/code`;
    console.log(
      `Code for ${made.email}: ${made.code}\nIt works once, within ${formatCount(CODE_HOURS, 'hour')}, at ${address}`,
    );
  } finally {
    await closeDatabase(db);
  }
}

async function sow(config: Config): Promise<void> {
  if (!config.local) throw new Error('Seeding is for test sites and cannot be undone. It is disabled while Smile API keys are set.'); // prettier-ignore
  const count = Number(args[0]);
  const slug = args[1];
  const at = existing(config.databaseUrl);
  const loaded = secretKeyOf(config);
  if (!loaded.ok) throw new Error(loaded.fault);
  const db = await openDatabase(at, [loaded.key]);
  try {
    const current = (await currentForms(db)).filter((one) => !slug || one.slug === slug);
    const forms = current.flatMap(({ form, version }) => (form && version ? [{ form, version }] : []));
    if (!forms.length) throw new Error('The database has no such form. Start the site once, so that it publishes the forms.'); // prettier-ignore
    await seed(db, forms, count, new Date(), (done) => process.stdout.write(`\r${done} of ${count}`));
    const slugs = forms.map(({ form }) => form.slug);
    console.log(`\nStored ${formatCount(count, 'generated submission')} of ${slugs.join(', ')}.`);
  } finally {
    await closeDatabase(db);
  }
}

async function explain(config: Config): Promise<void> {
  const generated = join(config.dataDir, 'secret.key');
  const findings = await examine({
    node: process.versions.node,
    dataDir: config.dataDir,
    databaseUrl: config.databaseUrl,
    postgres: isPostgres(config.databaseUrl),
    secretKey: config.secretKey ? 'SECRET_KEY' : existsSync(generated) ? generated : undefined,
    local: config.local,
    webhookSecret: config.webhookSecret !== undefined,
    publicUrl: config.publicUrl,
    bucket: config.bucket,
    smtpUrl: config.mail?.url,
    formsDir: config.formsDir,
    secret: (name) => formSecret(name, process.env),
    exposed: {
      host: config.host,
      port: config.port,
      rateLimit: config.rateLimit,
      setupCode: config.setupCode,
      integratorApiKey: config.integratorApiKey,
      metricsKey: config.metricsKey,
      envFile: '.env',
    },
  });
  const signs = { good: 'good', note: 'note', bad: 'BAD ' };
  console.log(findings.map(({ how, says }) => `${signs[how]}  ${says}`).join('\n'));
  if (findings.some(({ how }) => how === 'bad')) process.exitCode = 1;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Write a whole number of at least 1.');
  return count;
}
