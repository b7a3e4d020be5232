/** `npm run smile`: without more, local Smile alone; with a word, what there is to do at Smile. */
import { existsSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { readConfig } from '../config.ts';
import { npmCommand } from './npm-command.ts';
import { closeDatabase, openDatabase } from '../record/db/database.ts';
import { registerWebhook, webhookState } from '../respond/smile/register.ts';
import { replayWebhooks } from '../respond/smile/webhook.ts';
import { secretKeyOf } from '../secret-key.ts';
import { createSmileClient } from '../smile/client.ts';
import { SmileError } from '../smile/error.ts';

const program = npmCommand('smile', 'Runs local Smile alone, a stand-in to develop against.').action(async () => {
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
  .description('applies the webhooks in the database again')
  .argument('[from]', 'the first day, like 2026-11-20', parseDay, new Date(0))
  .action((since: Date) => run('replay', since));
await program.parseAsync();

function parseDay(text: string): Date {
  const day = new Date(text);
  if (Number.isNaN(day.getTime())) throw new InvalidArgumentError('It is not a day like 2026-11-20.');
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
    return fail('Set API_KEY, API_SECRET and OPEN_API_HOST first: local Smile sends its webhooks here by itself.');
  }
  const db = await openDatabase(config.databaseUrl, [loaded.key, ...config.formerSecretKeys]);
  try {
    const now = () => new Date();
    if (what === 'replay') {
      const { events, changed } = await replayWebhooks({ db, now }, since);
      console.log(`${events} webhooks taken in again. ${changed} of them changed an account.`);
      return;
    }
    if (!config.smile) return;
    const smile = createSmileClient(config.smile);
    if (what === 'register') {
      if (!config.publicUrl) return fail('Set PUBLIC_ORIGIN to the address that Smile can reach this site at.');
      const { url } = await registerWebhook({ db, smile, now }, `${config.publicUrl}/api/webhooks/smile`);
      console.log(`Smile sends its webhooks to ${url} from now on. The secret is sealed in the database.`);
    }
    const { own, atSmile: there, fault, lastAt } = await webhookState({ db, smile });
    console.log(
      fault ?? (!own ? 'No webhook was registered from here.' : !there ? 'Smile does not have our webhook any more. Register it again.' : `Our webhook is at Smile, ${there.active ? 'active' : 'but not active'}.`), // prettier-ignore
    );
    console.log(lastAt ? `The last webhook came at ${lastAt}.` : 'No webhook has come yet.');
  } catch (error) {
    if (!(error instanceof SmileError)) throw error;
    fail(`${error.message}. Nothing was changed; try again.`);
  } finally {
    await closeDatabase(db);
  }
}

function fail(text: string): void {
  console.error(text);
  process.exitCode = 1;
}
