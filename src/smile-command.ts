/** `npm run smile`: without more, local Smile alone; with a word, what there is to do at Smile. */
import { existsSync } from 'node:fs';
import { readConfig } from './config.ts';
import { closeDatabase, openDatabase } from './record/database.ts';
import { registerWebhook, webhookState } from './respond/smile/register.ts';
import { replayWebhooks } from './respond/smile/webhook.ts';
import { secretKeyOf } from './secret-key.ts';
import { createSmileClient } from './smile/client.ts';
import { SmileError } from './smile/error.ts';

const USAGE = `npm run smile                            local Smile alone, a stand-in to develop against
npm run smile -- register                registers our webhook at Smile, or replaces it by one with a new secret
npm run smile -- webhook                 shows whether it is there
npm run smile -- replay [2026-11-20]     takes in again the webhooks in the store, from that day on`;

const [command, given] = process.argv.slice(2);
if (command === undefined) await import('./local-smile/main.ts');
else if (command === 'register' || command === 'webhook' || command === 'replay') await run(command);
else fail(`There is no such command: ${command}\n\n${USAGE}`);

async function run(what: 'register' | 'webhook' | 'replay'): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile();
  const read = readConfig(process.env);
  if (!read.ok) return fail(read.faults.join('\n'));
  const { config } = read;
  const loaded = secretKeyOf(config);
  if (!loaded.ok) return fail(loaded.fault);
  const since = given === undefined ? new Date(0) : new Date(given);
  if (Number.isNaN(since.getTime())) return fail(`${given} is not a day like 2026-11-20.`);
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
    const { own, there, fault, lastAt } = await webhookState({ db, smile });
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
