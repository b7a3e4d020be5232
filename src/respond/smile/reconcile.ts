/**
 * Polls Smile until each account of a submission has its last status, for changes that no report brought. A
 * change arrives here within half the time since the last activity of the account, at least two minutes and at most a day.
 */
import { isAccountStatus, type AccountStatus } from '../../record/accounts/account-status.ts';
import {
  deleteClaims,
  isConnected,
  isMonitored,
  listAccounts,
  recordMonitor,
  SMILE_KEEPS_MS,
  type Account,
} from '../../record/accounts/accounts.ts';
import { appendEvents, FOUND_BY_ASKING, serverEvent } from '../../record/events.ts';
import { lastAccountActivity } from '../../record/event-queries.ts';
import { enqueue, type Job } from '../../record/jobs/jobs.ts';
import { lockSmileEvents } from '../../record/smile-events.ts';
import { findSubmission, type Submission } from '../../record/submissions/submissions.ts';
import { findVersion } from '../../record/versions.ts';
import type { SmileAccount } from '../../smile/shapes.ts';
import { applyConfirmedStatus, RECONCILE, WATCH } from './confirmed-status.ts';
import { checkUploads } from './check-uploads.ts';
import { recordSmileEvent, type Services } from '../services.ts';

const MINUTE = 60_000;
const MIN_WAIT_MS = 2 * MINUTE;
const MAX_WAIT_MS = 24 * 60 * MINUTE;

/**
 * A link token is valid for 5 hours (Smile, Onboarding FAQs). A sign-in that starts before that needs some minutes
 * more.
 */
const WIDGET_OPEN_MS = 5.5 * 60 * MINUTE;

/** A document that Smile is reading counts like a pending account. */
const READING = { status: 'PENDING', confirmed: true, revokedAt: null, monitor: null } as const;

/** Statuses that can change without the person opening the widget again. */
const UNSETTLED: AccountStatus[] = ['PENDING', 'AWAITING_MFA', 'CONNECTED'];

/**
 * When to poll again, in milliseconds; undefined if nothing can change without an event.
 * @param lastActivityMs when the widget was last opened, or Smile last sent an event, in milliseconds
 */
export function nextReconcileAt(
  accounts: Pick<Account, 'status' | 'confirmed' | 'revokedAt' | 'monitor'>[],
  lastActivityMs: number,
  now: number,
): number | undefined {
  const age = now - lastActivityMs;
  const isUnsettled = accounts.some(({ status, confirmed, revokedAt }) => !confirmed || (UNSETTLED.includes(status) && !revokedAt)); // prettier-ignore
  const hasMonitored = accounts.some((account) => isMonitored(account) && !account.revokedAt);
  if (!hasMonitored && age > (isUnsettled ? SMILE_KEEPS_MS : WIDGET_OPEN_MS)) return undefined;
  return now + Math.min(Math.max(age / 2, MIN_WAIT_MS), MAX_WAIT_MS);
}

/**
 * Asks Smile about all accounts and documents of a submission, and records changes. Strangers can open any number of windows
 * in which they connect nothing. Their polls are jobs of their own, so that those about connected accounts don't wait.
 * @returns when to poll again
 */
export async function reconcile(
  services: Services,
  { kind, subject }: Pick<Job, 'kind' | 'subject'>,
): Promise<void | { again: Date }> {
  const submission = await findSubmission(services.db, subject);
  if (!submission?.smileUserId) return;
  const askedAt = services.now();
  const polled = await services.smile.listAccounts(submission.smileUserId);
  await applyPolledAccounts(services, submission, polled, askedAt);
  const form = await findVersion(services.db, submission.form, submission.version);
  const reading = form && (await checkUploads(services, submission, form, services.now()));
  const accounts = [...(await listAccounts(services.db, submission.id)), ...(reading ? [READING] : [])];
  const lastActivity = await lastAccountActivity(services.db, submission);
  const again = lastActivity && nextReconcileAt(accounts, Date.parse(lastActivity), services.now().getTime());
  if (!again) return;
  const next = reading || accounts.some(isConnected) ? RECONCILE : WATCH;
  if (kind === next) return { again: new Date(again) };
  await enqueue(services.db, { kind: next, subject, submissionId: subject, dueAt: new Date(again) }, services.now());
}

/**
 * Stores Smile's accounts together with the events that record their changes, in one transaction. Unchanged accounts
 * get no event. Accounts of another user are ignored, and claims that Smile does not know are deleted.
 * @param askedAt when Smile was asked. A claim since then stays, because Smile's answer may be older. Without it, none stays
 */
export async function applyPolledAccounts(
  services: Services,
  submission: Submission,
  polled: SmileAccount[],
  askedAt?: Date,
): Promise<void> {
  const now = services.now();
  await services.db.transaction(async (db) => {
    await lockSmileEvents(db, submission.id);
    const known = await listAccounts(db, submission.id);
    const own = polled.filter(({ userId }) => userId === submission.smileUserId);
    for (const { accountId, providerId, status, errorCode, at, monitor } of own) {
      const before = known.find((one) => one.accountId === accountId);
      const place = submission.winkScreen ? { screen: submission.winkScreen, widget: submission.winkWidget } : before;
      if (!place || !isAccountStatus(status)) continue;
      const recorded = await applyConfirmedStatus(db, { accountId, submissionId: submission.id, screen: place.screen, widget: place.widget, providerId, status, errorCode, at, now }); // prettier-ignore
      if (typeof recorded === 'string') continue;
      const { screen, widget } = recorded.account;
      if (monitor !== undefined) await recordMonitor(db, accountId, { monitor, at: now.toISOString() });
      if (!recorded.changed) continue;
      const foundByPolling = before ? {} : { [FOUND_BY_ASKING]: true };
      await recordSmileEvent(db, submission, 'accountChecked', { accountId, providerId, status, screen, widget, at, ...(errorCode && { errorCode }), ...foundByPolling }, now); // prettier-ignore
    }
    const isNew = ({ createdAt }: Account) => askedAt !== undefined && createdAt >= askedAt.toISOString();
    const rejected = known.filter((account) => !account.confirmed && !isNew(account) && !own.some(({ accountId }) => accountId === account.accountId)); // prettier-ignore
    await deleteClaims(db, rejected.map(({ accountId }) => accountId), submission.id); // prettier-ignore
    const checks = rejected.map(({ accountId, providerId, screen }) =>
      serverEvent(submission.id, 'accountChecked', { accountId, providerId, status: 'unknown', screen }, now),
    );
    await appendEvents(db, checks);
  });
}
