/** The connection to Smile: whether its webhooks arrive, and account data that Smile deletes soon. */
import { retrievedOn } from '../../form/inspect/retrieve.ts';
import { accountsEnding, findAccount } from '../../record/accounts/accounts.ts';
import type { Database } from '../../record/db/database.ts';
import { withProvider } from '../../record/accounts/providers.ts';
import { findSubmission } from '../../record/submissions/submissions.ts';
import type { StateLabel } from '../display/account-words.ts';
import { expiryOf, WARN_MS } from '../people/linked.ts';
import { personOf } from '../display/person.ts';
import { versionsOf } from '../display/versions.ts';

/** The state of the connection to Smile, and the actions of the dashboard there. */
export interface SmileAdmin {
  /** Whether local Smile takes the place of Smile. It sends its webhooks without a registration. */
  local: boolean;
  /** The address for Smile's webhooks. Absent if the address of this site is not set. */
  address: string | undefined;
  /** Whether the environment has the secret of a webhook that was created by hand. */
  byHand: boolean;
  webhook(): Promise<WebhookFacts>;
  /** Registers a webhook with a new secret, and replaces the one before. @returns the reason of a failure, in a sentence */
  register(): Promise<string | undefined>;
  /** Applies the stored webhooks again. */
  replay(): Promise<{ events: number; changed: number }>;
}

interface WebhookFacts {
  /** The time at which this site registered its webhook. Absent if it has not. */
  since: string | undefined;
  /** Whether Smile sends to it. Absent if Smile does not have it. */
  active: boolean | undefined;
  /** Why its webhooks do not reach this site though Smile sends them, in a sentence. */
  missed: string | undefined;
  /** Why Smile did not say which webhooks it has, in sentences. */
  fault: string | undefined;
  /** The time of the last webhook, in ISO 8601. */
  lastAt: string | undefined;
}

export type SmileView = WebhookFacts &
  Pick<SmileAdmin, 'local' | 'address'> & {
    state: StateLabel;
    text: string;
    /** See `lastUpdateOf`. */
    last: LastUpdate | undefined;
    /** The result of an action, in a sentence. */
    done: string | undefined;
  };

/** @param outgoing whether anything leaves the site */
export async function smileView(services: SmileAdmin, outgoing: boolean, done?: string): Promise<SmileView> {
  // The database of a test copy has the registration of the real site. Only local Smile would get another one.
  const facts = { ...(await services.webhook()), ...(!outgoing && { since: undefined }) };
  const last = lastUpdateOf(services, facts);
  return {
    ...facts,
    last,
    local: services.local,
    address: services.address,
    ...stateOf(services, outgoing, facts),
    done,
  };
}

/** A sentence about the last update, and its time in ISO 8601. */
export type LastUpdate = { words: string; at?: string };

/**
 * The last update that this connection brought. Earlier ones may be of local Smile, from the time before the keys were set.
 * @returns undefined if there are only those, and Smile sends no updates yet
 */
export function lastUpdateOf(
  { local, byHand }: Pick<SmileAdmin, 'local' | 'byHand'>,
  { since, lastAt }: Pick<WebhookFacts, 'since' | 'lastAt'>,
): LastUpdate | undefined {
  if (!lastAt) return { words: 'No update is stored.' };
  if (local || (since ? lastAt >= since : byHand)) return { words: 'Last update:', at: lastAt };
  return since ? { words: 'No update has come since this site was connected.' } : undefined;
}

function stateOf(
  services: SmileAdmin,
  outgoing: boolean,
  { since, active, missed, fault }: WebhookFacts,
): Pick<SmileView, 'state' | 'text'> {
  const labelled = (icon: string, word: string, tone: StateLabel['tone'], text: string) => ({ state: { icon, word, ...(tone && { tone }) }, text }); // prettier-ignore
  if (!outgoing) return labelled('half', 'Test mode', undefined, 'Accounts are invented. To use your Smile account, remove OUTGOING on the server. Without the keys of the account, the site stays in test mode.'); // prettier-ignore
  if (fault) return labelled('warn', 'Unknown', 'warn', fault);
  if (missed) return labelled('warn', 'Not connected', 'warn', `${missed} Connect again.`);
  if (active) return labelled('ok', 'Connected', 'ok', 'Smile sends updates about accounts to this site.');
  if (active === false) return labelled('warn', 'Not active', 'warn', 'Smile knows this site, but sends no updates to it. Connect again.'); // prettier-ignore
  if (since) return labelled('bad', 'Disconnected', 'bad', 'Smile does not know this site any more. Connect again.');
  if (services.local) return labelled('half', 'Test mode', undefined, 'Accounts are invented. To go live, set the keys of your Smile account on the server.'); // prettier-ignore
  if (services.byHand) return labelled('half', 'Connected by hand', undefined, 'WEBHOOK_SECRET is set, so this site accepts updates from a webhook that was created by hand.'); // prettier-ignore
  return labelled('warn', 'Not connected', 'warn', 'Smile sends no updates to this site. Flipsite asks Smile instead, which takes longer.'); // prettier-ignore
}

export type ExpiringData = {
  form: string;
  submission: string;
  name: string;
  provider: string;
  at: string;
  text: string;
};

const MAX_EXPIRING = 200;

/**
 * Account data that Smile deletes within two weeks and that is not saved here, the soonest first; at most `MAX_EXPIRING`.
 * `isMore`: whether there is more.
 */
export async function expiringData(db: Database, now: Date): Promise<{ items: ExpiringData[]; isMore: boolean }> {
  const ending = await accountsEnding(db, now, new Date(now.getTime() + WARN_MS));
  const versions = await versionsOf(db, ending);
  const unsaved = ending.filter((account) => {
    const form = versions.get(account.version);
    return form && retrievedOn(form, account).some((point) => !account.stored.includes(point));
  });
  const shown = unsaved.slice(0, MAX_EXPIRING);
  // Their data is not read: that of one person may have many megabytes.
  const saved = shown.flatMap(({ accountId, stored }) => stored.map((dataPoint) => ({ accountId, dataPoint, removedAt: null }))); // prettier-ignore
  const found = await Promise.all(shown.map(({ accountId }) => findAccount(db, accountId)));
  const accounts = await withProvider(db, found.filter((one) => one !== undefined)); // prettier-ignore
  const listed = await Promise.all(
    accounts.map(async (account): Promise<ExpiringData[]> => {
      const submission = await findSubmission(db, account.submissionId);
      if (!submission) return [];
      const form = versions.get(submission.version);
      const expiry = expiryOf(account, form, saved, now);
      if (!expiry?.warn) return [];
      const { name } = personOf(form, submission);
      return [{ form: submission.form, submission: submission.id, name, provider: account.provider, at: expiry.at, text: expiry.text }]; // prettier-ignore
    }),
  );
  return { items: listed.flat(), isMore: unsaved.length > MAX_EXPIRING };
}
