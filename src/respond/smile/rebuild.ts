/** What is derived, made anew from what was recorded: the accounts and their status, from the events. */
import { isAccountStatus } from '../../record/accounts/account-status.ts';
import { forgetClaims, markRevoked, noteMonitor, recordAccount, type Account } from '../../record/accounts/accounts.ts';
import type { Database } from '../../record/db/database.ts';
import { eventsAfter, type RecordedEvent, type ServerEvent } from '../../record/events.ts';
import { smileUsers } from '../../record/submissions/submissions.ts';
import { rebuildTallies } from '../../record/submissions/tallies.ts';
import { parseClaim, CLAIMING, isCallback } from '../../smile/callbacks.ts';
import { accountFact, parseWebhook } from '../../smile/webhook.ts';

/**
 * Empties the table of accounts and fills it again from all events, in the order in which they were received, by the very
 * rules by which it was filled. All or nothing; writes wait meanwhile, so it is for when the site is stopped.
 * @returns how many events said something about an account
 */
export async function rebuildAccounts(db: Database): Promise<number> {
  return db.transaction(async (trx) => {
    const before = new Map((await allAccounts(trx)).map((account) => [account.account_id, account]));
    // What was read from accounts hangs on them, and is no less true while they are made anew.
    const linked = await trx.query.selectFrom('account_data').selectAll().execute();
    await trx.query.deleteFrom('account_data').execute();
    await trx.query.deleteFrom('accounts').execute();
    const userOf = await smileUsers(trx);
    const openOf = new Map<string, Place>();
    let told = 0;
    for (let after = 0; ;) {
      const events = await eventsAfter(trx, after, AT_ONCE, {
        own: [...TOLD, 'linkTokenIssued', 'linkedRead'],
        callbacks: CLAIMING,
      });
      if (events.length === 0) break;
      for (const event of events) if (await apply(trx, event, { openOf, userOf, before })) told++;
      after = events.at(-1)?.seq ?? after;
    }
    // What Smile has said of their sync when it was asked is in no event.
    for (const { account_id: id, monitor } of before.values()) if (monitor) await noteMonitor(trx, id, monitor);
    for (const row of linked) await trx.query.insertInto('account_data').values(row).execute();
    await rebuildTallies(trx);
    return told;
  });
}

/** Events of the browser can be large. */
const AT_ONCE = 200;

interface Place {
  screen: string;
  widget: number;
}

interface Known {
  /** Which widget each submission has opened last. */
  openOf: Map<string, Place>;
  userOf: Map<string, string>;
  /** For what events before this version did not say. */
  before: Map<string, { provider_id: string; status_at: string; error_code: string | null; monitor: string | null }>;
}

async function apply(trx: Database, event: RecordedEvent, known: Known): Promise<boolean> {
  const { submissionId, name, source, data } = event;
  if (submissionId === null) return false;
  if (source === 'server' && name === 'linkTokenIssued') known.openOf.set(submissionId, placeIn(data) ?? NOWHERE);
  const report = reportOf(event, known);
  const base = { submissionId, now: new Date(event.receivedAt) };
  if (report) await recordAccount(trx, { ...base, ...report });
  const accountId = textOf(data, 'accountId') ?? '';
  if (source === 'server' && name === 'accountChecked' && textOf(data, 'status') === 'unknown')
    await forgetClaims(trx, [accountId], submissionId);
  if (source === 'server' && name === 'linkedRead' && (data as { over?: unknown }).over === true)
    await markRevoked(trx, accountId, base.now);
  return report !== undefined;
}

type Report = Pick<Account, 'accountId' | 'providerId' | 'screen' | 'widget' | 'status' | 'confirmed'> & {
  at: string;
  errorCode?: string | null | undefined;
};

function reportOf({ submissionId, name, source, data, at }: RecordedEvent, known: Known): Report | undefined {
  const open = known.openOf.get(submissionId ?? '') ?? NOWHERE;
  if (source === 'widget') {
    const said = isCallback(name) ? parseClaim(name, data) : undefined;
    if (!said || said.userId !== known.userOf.get(submissionId ?? '') || !isAccountStatus(said.status))
      return undefined;
    const { accountId, providerId, status, errorCode } = said;
    return { accountId, providerId, status, errorCode, ...(placeIn(data) ?? open), confirmed: false, at };
  }
  if (source === 'webhook') {
    const parsed = parseWebhook(Buffer.from(JSON.stringify(data)));
    const fact = parsed.ok ? accountFact(parsed.event) : undefined;
    if (!fact || !isAccountStatus(fact.status)) return undefined;
    const { accountId, providerId, status, errorCode } = fact;
    return { accountId, providerId, status, errorCode, ...open, confirmed: true, at: fact.at };
  }
  const [accountId, status] = [textOf(data, 'accountId'), textOf(data, 'status')];
  if (!TOLD.some((one) => one === name) || !accountId || !status || !isAccountStatus(status)) return undefined;
  const was = known.before.get(accountId);
  return {
    accountId,
    status,
    providerId: textOf(data, 'providerId') ?? was?.provider_id ?? '',
    errorCode: textOf(data, 'errorCode') ?? null,
    ...(placeIn(data) ?? open),
    confirmed: true,
    at: textOf(data, 'at') ?? was?.status_at ?? at,
  };
}

/** What the server has said of an account's status. */
const TOLD: ServerEvent[] = ['accountChecked', 'accountDisconnected', 'accountRevoked'];

const NOWHERE: Place = { screen: '', widget: 0 };

function placeIn(data: unknown): Place | undefined {
  const screen = textOf(data, 'screen');
  if (screen === undefined) return undefined;
  const { widget } = data as { widget?: unknown };
  return { screen, widget: typeof widget === 'number' ? widget : 0 };
}

const allAccounts = (trx: Database) =>
  trx.query
    .selectFrom('accounts')
    .select(['account_id', 'provider_id', 'status_at', 'error_code', 'monitor'])
    .execute();

function textOf(data: unknown, key: string): string | undefined {
  const value = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
