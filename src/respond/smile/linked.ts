/** The work accounts of a person: their status, and disconnecting one. */
import type { LinkedAccounts } from '../../contract/api.ts';
import type { Form } from '../../form/schema.ts';
import { isMet, screenState } from '../../form/runtime/wink.ts';
import { deleteClaims, findAccount, listAccounts, type Account } from '../../record/accounts/accounts.ts';
import type { Database } from '../../record/db/database.ts';
import { appendEvents, serverEvent } from '../../record/events.ts';
import { listEvents } from '../../record/event-queries.ts';
import { lockSmileEvents } from '../../record/smile-events.ts';
import { providerNames } from '../../record/accounts/providers.ts';
import type { Submission } from '../../record/submissions/submissions.ts';
import { SmileError } from '../../smile/error.ts';
import { applyConfirmedStatus } from './confirmed-status.ts';
import { recordServerEvent, type Services } from '../services.ts';
import { done, fail, smileUnavailable, type Result } from '../errors/api-error.ts';
import { widgetStates, WINK_EVENTS } from './wink-state.ts';

/** The accounts of a person, from the page, from webhooks and from Smile. */
export async function readLinked(services: Services, submission: Submission, form: Form): Promise<LinkedAccounts> {
  const accounts = await listAccounts(services.db, submission.id);
  const events = await listEvents(services.db, submission, WINK_EVENTS);
  const screens = form.screens.filter((screen) => screen.wink);
  const names = await providerNames(services.db, accounts.map(({ providerId }) => providerId)); // prettier-ignore
  return {
    accounts: accounts.map(({ accountId, providerId, status, errorCode, confirmed, revokedAt, screen, widget }) => ({
      accountId,
      providerId,
      ...(names.has(providerId) && { provider: names.get(providerId) as string }),
      status,
      ...(errorCode && status === 'ERROR' && { errorCode }),
      confirmed,
      ...(revokedAt !== null && { revoked: true }),
      screen,
      widget,
    })),
    screens: Object.fromEntries(
      screens.map((screen) => {
        const widgets = widgetStates(screen, submission, accounts, events);
        const states = widgets.map(({ require, state }) => ({ state, met: isMet(require, state) }));
        return [screen.id, { state: screenState(widgets), widgets: states }];
      }),
    ),
  };
}

/**
 * Disconnects one of the person's accounts: Smile revokes it and deletes its data there. Disconnecting it twice is no
 * error. It also works after the form was submitted, because a person can always withdraw shared data.
 */
export async function disconnectAccount(
  services: Services,
  submission: Submission,
  form: Form,
  accountId: string,
): Promise<Result<LinkedAccounts>> {
  const account = (await listAccounts(services.db, submission.id)).find((one) => one.accountId === accountId);
  if (!account) return unknownAccount();
  if (account.status !== 'DISCONNECTED') {
    try {
      if (!(await isOwn(services, submission, account))) return unknownAccount();
      await services.smile.deleteAccount(accountId);
    } catch (error) {
      if (!(error instanceof SmileError)) throw error;
      return disconnectFailed(services, submission, account, error);
    }
    await recordDisconnected(services, submission, account);
  }
  return done(await readLinked(services, submission, form));
}

/** A claimed account may belong to another person, and only Smile knows. */
async function isOwn(services: Services, submission: Submission, account: Account): Promise<boolean> {
  if (account.confirmed) return true;
  const current = await services.smile.getAccount(account.accountId);
  if (current && current.userId === submission.smileUserId) return true;
  await services.db.transaction(async (db) => {
    const { accountId, screen } = account;
    // Another request may have recorded it, or Smile has confirmed the account in the meantime.
    const claim = await findAccount(db, accountId);
    if (claim?.submissionId !== submission.id || claim.confirmed) return;
    await deleteClaims(db, [accountId], submission.id);
    await recordServerEvent(db, submission, 'accountChecked', { accountId, status: 'unknown', screen }, services.now());
  });
  return false;
}

async function recordDisconnected(services: Services, submission: Submission, account: Account): Promise<void> {
  await services.db.transaction(async (db) => {
    await lockSmileEvents(db, submission.id);
    await storeDisconnected(db, account, undefined, services.now());
  });
}

/** Stores that an account was disconnected, by the person or because of `reason`. Smile has to be asked too. */
export async function storeDisconnected(
  trx: Database,
  account: Account,
  reason: string | undefined,
  now: Date,
): Promise<void> {
  const { accountId, submissionId, providerId, screen, widget } = account;
  // Smile's clock may be ahead. The disconnection must not be older than the connection.
  const at = new Date(Math.max(now.getTime(), Date.parse(account.statusAt) + 1)).toISOString();
  const status = 'DISCONNECTED' as const;
  await applyConfirmedStatus(trx, { accountId, submissionId, screen, widget, providerId, status, at, now });
  const data = { accountId, providerId, status, screen, widget, at, ...(reason && { reason }) };
  const event = serverEvent(submissionId, 'accountDisconnected', data, now);
  // Several requests at the same time add one event.
  await appendEvents(trx, [{ ...event, id: `disconnected-${accountId}-${account.statusAt}` }]);
}

async function disconnectFailed(services: Services, submission: Submission, account: Account, error: SmileError) {
  const { kind, status, requestId } = error;
  const { accountId, providerId, screen, widget } = account;
  services.log.warn({ kind, status, requestId, submission: submission.id }, 'Could not disconnect an account at Smile');
  const now = services.now();
  const data = { accountId, providerId, screen, widget, reason: kind };
  const event = serverEvent(submission.id, 'accountDisconnectFailed', data, now);
  // Anyone can claim accounts, and no quota counts this event. So one a day is stored.
  await appendEvents(services.db, [{ ...event, id: `disconnect-${accountId}-${now.toISOString().slice(0, 10)}` }]);
  return smileUnavailable(kind, 'so the account may still be connected. Try again in a moment.');
}

const unknownAccount = () => fail('unknown_account', 'This submission has no account with this id.');
