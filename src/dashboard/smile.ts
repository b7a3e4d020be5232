/** The page about Smile: whether its webhooks reach us, and what is soon lost there. */
import { accountsEnding } from '../record/accounts/accounts.ts';
import type { Database } from '../record/db/database.ts';
import { listLinked } from '../record/accounts/account-data.ts';
import { withProvider } from '../record/accounts/providers.ts';
import { findSubmission } from '../record/submissions/submissions.ts';
import type { StateLabel } from './account-words.ts';
import { expiryOf, WARN_MS } from './linked.ts';
import { personOf } from './person.ts';
import { versionsOf } from './versions.ts';

/** What the dashboard can ask for and do at Smile. */
export interface SmileAdmin {
  /** Whether local Smile stands in, which sends its webhooks here by itself. */
  local: boolean;
  /** Where Smile would send its webhooks; absent while nobody has said where this site is reached. */
  address: string | undefined;
  /** Whether the environment brings a secret of a webhook that was made by hand. */
  byHand: boolean;
  webhook(): Promise<WebhookFacts>;
  /** Registers a webhook with a new secret, and replaces the one before. @returns why it could not, in a sentence */
  register(): Promise<string | undefined>;
  /** Takes in again the webhooks that are stored. */
  replay(): Promise<{ events: number; changed: number }>;
}

interface WebhookFacts {
  /** When ours was registered; absent when none was registered from here. */
  since: string | undefined;
  /** Whether Smile has it, and sends to it; absent when it has not. */
  active: boolean | undefined;
  /** Why Smile could not be asked. */
  fault: string | undefined;
  /** When any webhook was last received; ISO 8601. */
  lastAt: string | undefined;
}

export type SmileView = WebhookFacts &
  Pick<SmileAdmin, 'local' | 'address'> & {
    state: StateLabel;
    text: string;
    /** What was done just now, in a sentence. */
    done: string | undefined;
  };

export async function smileView(services: SmileAdmin, done: string | undefined): Promise<SmileView> {
  const facts = await services.webhook();
  return { ...facts, local: services.local, address: services.address, ...stateOf(services, facts), done };
}

function stateOf(services: SmileAdmin, { since, active, fault }: WebhookFacts): { state: StateLabel; text: string } {
  const said = (icon: string, word: string, tone: StateLabel['tone'], text: string) => ({ state: { icon, word, ...(tone && { tone }) }, text }); // prettier-ignore
  if (fault) return said('warn', 'Unknown', 'warn', `Smile could not be asked: ${fault}.`);
  if (active) return said('ok', 'Registered', 'ok', 'Smile tells this site what happens to accounts.');
  if (active === false) return said('warn', 'Not active', 'warn', 'Smile has our webhook, but sends nothing to it. Register it again.'); // prettier-ignore
  if (since) return said('bad', 'Gone', 'bad', 'Smile does not have our webhook any more. Register it again.');
  if (services.local) return said('ok', 'Local Smile', 'ok', 'A stand-in takes the place of Smile, and tells this site by itself.'); // prettier-ignore
  if (services.byHand) return said('half', 'By hand', undefined, 'WEBHOOK_SECRET is set, so a webhook that was made by hand is believed.'); // prettier-ignore
  return said('warn', 'None', 'warn', 'Smile tells this site nothing. Accounts are confirmed by asking, which takes longer.'); // prettier-ignore
}

type Losing = {
  form: string;
  submission: string;
  name: string;
  provider: string;
  at: string;
  text: string;
  more: string | undefined;
};

/** What Smile forgets within two weeks and is not stored here, the soonest first. */
export async function expiringData(db: Database, now: Date): Promise<Losing[]> {
  const accounts = await withProvider(db, await accountsEnding(db, now, new Date(now.getTime() + WARN_MS)));
  const submissions = await Promise.all(accounts.map(({ submissionId }) => findSubmission(db, submissionId)));
  const versions = await versionsOf(
    db,
    submissions.filter((one) => one !== undefined),
  );
  const found = await Promise.all(
    accounts.map(async (account, at): Promise<Losing[]> => {
      const submission = submissions[at];
      if (!submission) return [];
      const form = versions.get(submission.version);
      const ending = expiryOf(account, form, await listLinked(db, submission.id), now);
      if (!ending?.warn) return [];
      const { name } = personOf(form, submission);
      return [{ form: submission.form, submission: submission.id, name, provider: account.provider, at: ending.at, text: ending.text, more: ending.more }]; // prettier-ignore
    }),
  );
  return found.flat();
}
