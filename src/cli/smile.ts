/** `npm run smile`: runs local Smile alone. With a subcommand, it manages this site's webhook at Smile. */
import { InvalidArgumentError } from 'commander';
import type { Config } from '../config.ts';
import { webhookAddress } from '../smile/webhook-address.ts';
import { formatCount } from '../form/format-count.ts';
import type { Database } from '../record/db/database.ts';
import { registerWebhook, webhookState } from '../respond/smile/register.ts';
import { replayWebhooks } from '../respond/smile/webhook.ts';
import { createSmileClient, type SmileClient } from '../smile/client.ts';
import { explainSmileError, SmileError } from '../smile/error.ts';
import { npmCommand } from './npm-command.ts';
import { existingDatabase, onSite, withKeys } from './on-site.ts';

const now = () => new Date();

const program = npmCommand(
  'smile',
  'Runs local Smile, a stand-in for development.',
  'npm run smile -- register',
).action(async () => {
  await import('../local-smile/main.ts');
});
program
  .command('register')
  .description("registers this site's webhook at Smile, or replaces it with a new secret")
  .action(() => onSite((config) => withSmile(config, register)));
program
  .command('webhook')
  .description("shows whether Smile has this site's webhook")
  .action(() => onSite((config) => withSmile(config, showWebhook)));
program
  .command('replay')
  .description('processes all stored webhooks again, oldest first')
  .argument('[from]', 'the first day, like 2026-11-20 (default: all days)', parseDay)
  .action((since = new Date(0)) =>
    onSite((config) => {
      existingDatabase(config);
      return withKeys(config, (db) => replay(db, since));
    }),
  );
await program.parseAsync();

function parseDay(text: string): Date {
  const day = new Date(text);
  // Node reads other texts as a day too: 11/20 as one of 2001, and 2026-02-31 as one of March.
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('Write a day like 2026-11-20.');
  return day;
}

async function withSmile(
  config: Config,
  run: (db: Database, smile: SmileClient, config: Config) => Promise<void>,
): Promise<void> {
  const { smile, outgoing } = config;
  if (!outgoing) throw new Error('OUTGOING is off, so Flipsite does not ask Smile. Remove it on the real site.');
  if (!smile) {
    throw new Error(
      'This site uses local Smile, which needs no webhook. To use Smile, set API_KEY, API_SECRET and OPEN_API_HOST.',
    );
  }
  await withKeys(config, async (db) => {
    try {
      await run(db, createSmileClient(smile), config);
    } catch (error) {
      if (!(error instanceof SmileError)) throw error;
      throw new Error(`${explainSmileError(error)} Flipsite accepts the same webhooks as before. Try again.`, {
        cause: error,
      });
    }
  });
}

async function register(db: Database, smile: SmileClient, config: Config): Promise<void> {
  if (!config.publicUrl) {
    throw new Error(
      'PUBLIC_ORIGIN is not set. Set it to the https address of this site, which Smile must be able to reach.',
    );
  }
  const { url } = await registerWebhook({ db, smile, now }, webhookAddress(config.publicUrl));
  console.log(`Smile now sends its webhooks to ${url}. The secret is encrypted in the database.`);
  await showWebhook(db, smile, config);
}

async function showWebhook(db: Database, smile: SmileClient, { publicUrl }: Config): Promise<void> {
  const {
    own,
    atSmile: there,
    missed,
    fault,
    lastAt,
  } = await webhookState({ db, smile }, publicUrl && webhookAddress(publicUrl));
  console.log(
    fault ?? (!own ? 'This site has registered no webhook. Run npm run smile -- register.' : !there ? 'Smile no longer has the webhook of this site. Run npm run smile -- register.' : `Smile has the webhook of this site. It is ${there.active ? 'active' : 'not active'}.`), // prettier-ignore
  );
  if (missed) console.log(`${missed} Run npm run smile -- register.`);
  console.log(lastAt ? `The last webhook arrived at ${lastAt}.` : 'No webhook is stored.');
}

async function replay(db: Database, since: Date): Promise<void> {
  const { events, changed } = await replayWebhooks({ db, now }, since);
  console.log(`Replayed ${formatCount(events, 'webhook')}. ${formatCount(changed, 'webhook')} changed an account.`);
}
