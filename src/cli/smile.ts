/** `npm run smile`: without more, local Smile alone; with a word, what there is to do at Smile. */
import { existsSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { readConfig } from '../config.ts';
import { formatCount } from '../form/format-count.ts';
import { npmCommand } from './npm-command.ts';
import { closeDatabase, openDatabase } from '../record/db/database.ts';
import { registerWebhook, webhookState } from '../respond/smile/register.ts';
import { replayWebhooks } from '../respond/smile/webhook.ts';
import { secretKeyOf } from '../secret-key.ts';
import { createSmileClient } from '../smile/client.ts';
import { SmileError } from '../smile/error.ts';

const program = npmCommand('smile', 'Runs local Smile, a stand-in for development.').action(async () => {
  await import('../local-smile/main.ts');
});
program
  .command('register')
  .description("registers this site's webhook at Smile, or replaces it with a new secret")
  .action(() => run('register'));
program
  .command('webhook')
  .description("shows whether Smile has this site's webhook")
  .action(() => run('webhook'));
program
  .command('replay')
  .description('processes all stored webhooks again, oldest first')
  .argument('[from]', 'the first day, like 2026-11-20', parseDay, new Date(0))
  .action((since: Date) => run('replay', since));
await program.parseAsync();

function parseDay(text: string): Date {
  const day = new Date(text);
  if (Number.isNaN(day.getTime())) throw new InvalidArgumentError('Write a day like 2026-11-20.');
  return day;
}

async function run(what: 'register' | 'webhook' | 'replay', since = new Date(0)): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile();
  const read = readConfig(process.env);
  if (!read.ok) return fail(read.faults.join('\n'));
  const { config } = read;
  const loaded = secretKeyOf(config);
  if (!loaded.ok) return fail(loaded.fault);
  if (what !== 'replay' && !config.smile) {
    return fail(
      'This site uses local Smile, which needs no webhook. To use Smile, set API_KEY, API_SECRET and OPEN_API_HOST.',
    );
  }
  const db = await openDatabase(config.databaseUrl, [loaded.key, ...config.formerSecretKeys]);
  try {
    const now = () => new Date();
    if (what === 'replay') {
      const { events, changed } = await replayWebhooks({ db, now }, since);
      console.log(`Replayed ${formatCount(events, 'webhook')}. ${formatCount(changed, 'webhook')} changed an account.`);
      return;
    }
    if (!config.smile) return;
    const smile = createSmileClient(config.smile);
    if (what === 'register') {
      if (!config.publicUrl)
        return fail(
          'PUBLIC_ORIGIN is not set. Set it to the https address of this site, which Smile must be able to reach.',
        );
      const { url } = await registerWebhook({ db, smile, now }, `${config.publicUrl}/api/webhooks/smile`);
      console.log(`Smile now sends its webhooks to ${url}. The secret is encrypted in the database.`);
    }
    const { own, there, fault, lastAt } = await webhookState({ db, smile });
    console.log(
      fault ?? (!own ? 'This site has registered no webhook. Run npm run smile -- register.' : !there ? 'Smile no longer has the webhook of this site. Run npm run smile -- register.' : `Smile has the webhook of this site. It is ${there.active ? 'active' : 'not active'}.`), // prettier-ignore
    );
    console.log(lastAt ? `The last webhook arrived at ${lastAt}.` : 'No webhook has arrived yet.');
  } catch (error) {
    if (!(error instanceof SmileError)) throw error;
    fail(`${error.message}. Nothing has changed. Try again.`);
  } finally {
    await closeDatabase(db);
  }
}

function fail(text: string): void {
  console.error(text);
  process.exitCode = 1;
}
