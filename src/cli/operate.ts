/** `npm run backup`, `restore`, `compact`, `doctor`, `rebuild`, `member` and `seed`: what operators do beside the running site. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, InvalidArgumentError } from 'commander';
import { readConfig, type Config } from '../config.ts';
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
    'a new folder for the copy; without it, one in backups/ that is named by the time',
  ),
  restore: npmCommand('restore', 'Puts a backup back while the site is stopped.').argument('<folder>', 'the backup'),
  compact: npmCommand(
    'compact',
    'Rewrites the SQLite file while the site is stopped, so that its free space holds nothing that was deleted.',
  ),
  doctor: npmCommand('doctor', 'Checks this machine, its settings, the database and the services that they name.'),
  rebuild: npmCommand('rebuild', 'Computes linked accounts and counts again from the events in the database.'),
  member: npmCommand('member', 'Adds a member, resets a lost password, or removes a member.')
    .addArgument(new Argument('<action>').choices(['add', 'reset', 'remove']))
    .argument('<email>', "the member's email address"),
  seed: npmCommand('seed', 'Stores generated submissions, to try the dashboard with many.')
    .argument('<count>', 'how many submissions', parseCount)
    .argument('[form]', 'the slug of one form; without it, all published forms in turn'),
};

const [command = '', ...words] = process.argv.slice(2);
const isCommand = (name: string): name is keyof typeof COMMANDS => Object.hasOwn(COMMANDS, name);
if (!isCommand(command)) {
  console.error(`There is no such command: ${command}. Run npm run with one of: ${Object.keys(COMMANDS).join(', ')}.`);
  process.exit(1);
}
// Ends here after `--help` and after a mistake.
const { args } = COMMANDS[command].action(() => undefined).parse(words, { from: 'user' });

if (existsSync('.env')) process.loadEnvFile();
const read = readConfig(process.env);
if (!read.ok) {
  console.error(`This environment has faults:\n${read.faults.map((fault) => `  - ${fault}`).join('\n')}`);
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
    throw new Error(listed('PostgreSQL has its own way. Copy all of it, the database first:', [dump, ...apart]).join('\n')); // prettier-ignore
  }
  const into = args[0] ?? join('backups', new Date().toISOString().slice(0, 19).replaceAll(':', '-'));
  const copied = await takeBackup(place, into);
  const done = `Backed up to ${into}, and checked: ${copied.join(', ')}. Put it back with: npm run restore -- ${into}`;
  console.log([done, ...listed('Not in it, so keep a copy of it too:', apart)].join('\n'));
}

/** How a shell finds the address of the database, which may hold a password and is not printed. */
function addressInShell(): string {
  const inFile = existsSync('.env') && /^DATABASE_URL=/m.test(readFileSync('.env', 'utf8'));
  return inFile ? "$(sed -n 's/^DATABASE_URL=//p' .env)" : '$DATABASE_URL';
}

function restore({ databaseUrl, secretKey }: Config): void {
  if (isPostgres(databaseUrl)) {
    const dump = `The database: pg_restore --clean --if-exists --dbname "${addressInShell()}" flipsite.dump`;
    throw new Error(listed('PostgreSQL has its own way. Stop the site, and put back all of it:', [dump, ...apart]).join('\n')); // prettier-ignore
  }
  const [folder = ''] = args;
  const aside = restoreBackup(place, folder, new Date());
  const keyless = !secretKey && !existsSync(join(folder, 'secret.key'));
  const key = keyless ? ['The key, which was in SECRET_KEY: set it before the site starts.'] : [];
  const done = `${folder} is back in place.${aside ? ` What was there before is in ${aside}.` : ''}`;
  console.log([done, ...listed('Not in it, and needed as it was then:', [...apart, ...key])].join('\n'));
}

/** Rewrites the SQLite file, so that nothing of deleted people is left in its free space. */
function compactDatabase({ databaseUrl }: Config): void {
  if (isPostgres(databaseUrl)) {
    throw new Error('PostgreSQL rewrites its tables itself: VACUUM FULL submissions, events, accounts, account_data, archives, files, unique_answers, idempotency, deliveries, attempts, invitations, jobs;'); // prettier-ignore
  }
  const path = existing(databaseUrl);
  if (!compactFile(path)) throw new Error(`${path} is in use. Stop the site, then run this again.`);
  console.log(`${path} is rewritten: its free space holds nothing that was deleted.`);
}

/** The address of a database that is there. One made by a command would be another one than the site's. */
function existing(databaseUrl: string): string {
  if (isPostgres(databaseUrl) || existsSync(databaseUrl)) return databaseUrl;
  throw new Error(`There is no database at ${databaseUrl}. Start the site once, or set DATA_DIR or DATABASE_URL as it is set there.`); // prettier-ignore
}

async function rebuild({ databaseUrl }: Config): Promise<void> {
  const db = await openDatabase(existing(databaseUrl));
  try {
    console.log(
      `The accounts were made anew from ${await rebuildAccounts(db)} events, and the submissions counted anew.`,
    );
  } finally {
    await closeDatabase(db);
  }
}

async function admit({ databaseUrl, publicUrl, port }: Config): Promise<void> {
  const [what, given = ''] = args as ['add' | 'reset' | 'remove', string];
  const db = await openDatabase(existing(databaseUrl));
  try {
    if (what === 'remove') {
      if (!(await removeMember(db, given))) throw new Error(`Nobody is a member as ${given}.`);
      return console.log(`${given} is no member any more, and is signed out everywhere.`);
    }
    const made = await giveCode(db, { what, email: given, now: new Date() });
    if (made.fault !== undefined) throw new Error(made.fault);
    const address = `${publicUrl ?? `http://localhost:${port}`}/admin/code`;
    console.log(`Code for ${made.email}: ${made.code}\nIt works once, for ${CODE_HOURS} hours, at ${address}`);
  } finally {
    await closeDatabase(db);
  }
}

async function sow(config: Config): Promise<void> {
  if (!config.local) throw new Error('Generated submissions are for trying out, and cannot be taken out again: not where the keys of Smile are set.'); // prettier-ignore
  const count = Number(args[0]);
  const slug = args[1];
  const at = existing(config.databaseUrl);
  const loaded = secretKeyOf(config);
  if (!loaded.ok) throw new Error(loaded.fault);
  const db = await openDatabase(at, [loaded.key]);
  try {
    const current = (await currentForms(db)).filter((one) => !slug || one.slug === slug);
    const forms = current.flatMap(({ form, version }) => (form && version ? [{ form, version }] : []));
    if (!forms.length) throw new Error('There is no such form in the database yet. Start the site once: it publishes them.'); // prettier-ignore
    await seed(db, forms, count, new Date(), (done) => process.stdout.write(`\r${done} of ${count}`));
    const slugs = forms.map(({ form }) => form.slug);
    console.log(`\n${count} generated submissions of ${slugs.join(', ')} are stored.`);
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
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('It is not a whole number from 1 on.');
  return count;
}
