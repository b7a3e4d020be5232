/**
 * What neither the browser nor a webhook has told is found by asking Smile, until a submission's accounts rest. An
 * account's status here is what it is at Smile within half the time that has passed since anything was last heard of
 * it: at least two minutes, at most a day.
 */
import { isAccountStatus, type AccountStatus } from '../../record/accounts/account-status.ts';
import {
  forgetClaims,
  isMonitored,
  listAccounts,
  noteMonitor,
  SMILE_KEEPS_MS,
  type Account,
} from '../../record/accounts/accounts.ts';

import { appendEvents, lastSign, serverEvent } from '../../record/events.ts';
import type { Job } from '../../record/jobs/jobs.ts';
import { findSubmission, type Submission } from '../../record/submissions/submissions.ts';
import { findVersion } from '../../record/versions.ts';
import type { SmileAccount } from '../../smile/shapes.ts';
import { applyConfirmedStatus } from './confirmed-status.ts';
import { checkUploads } from './check-uploads.ts';
import { recordServerEvent, type Services } from '../services.ts';

const MINUTE = 60_000;
const SOONEST_MS = 2 * MINUTE;
const LATEST_MS = 24 * 60 * MINUTE;

/** A link token lives 5 hours (Smile, Onboarding FAQs); a sign-in that began in them needs some minutes more. */
const WIDGET_OPEN_MS = 5.5 * 60 * MINUTE;

/** A document that Smile is reading, as an account that is about to become something. */
const READING = { status: 'PENDING', confirmed: true, revokedAt: null, monitor: null } as const;

/** Statuses that can still become another one without anybody opening the widget anew. */
const RESTLESS: AccountStatus[] = ['PENDING', 'AWAITING_MFA', 'CONNECTED'];

/**
 * When to ask again; undefined once nothing can change any more without our hearing of it first.
 * @param lastSign when the widget was last allowed, or the page or Smile last told something, in milliseconds
 */
export function askAgainAt(
  accounts: Pick<Account, 'status' | 'confirmed' | 'revokedAt' | 'monitor'>[],
  lastSign: number,
  now: number,
): number | undefined {
  const age = now - lastSign;
  const restless = accounts.some(({ status, confirmed, revokedAt }) => !confirmed || (RESTLESS.includes(status) && !revokedAt)); // prettier-ignore
  const monitored = accounts.some((account) => isMonitored(account) && !account.revokedAt);
  if (!monitored && age > (restless ? SMILE_KEEPS_MS : WIDGET_OPEN_MS)) return undefined;
  return now + Math.min(Math.max(age / 2, SOONEST_MS), LATEST_MS);
}

/** Asks Smile about all accounts and documents of a submission, and records what is news. */
export async function reconcile(
  services: Services,
  { subject }: Pick<Job, 'subject'>,
): Promise<void | { again: Date }> {
  const submission = await findSubmission(services.db, subject);
  if (!submission?.smileUserId) return;
  const truth = await services.smile.listAccounts(submission.smileUserId);
  await applyPolledAccounts(services, submission, truth);
  const form = await findVersion(services.db, submission.form, submission.version);
  const reading = form && (await checkUploads(services, submission, form));
  const accounts = [...(await listAccounts(services.db, submission.id)), ...(reading ? [READING] : [])];
  const sign = await lastSign(services.db, submission);
  const again = sign && askAgainAt(accounts, Date.parse(sign), services.now().getTime());
  return again ? { again: new Date(again) } : undefined;
}

/**
 * Writes what Smile says together with the events that tell it, so that neither is ever without the other. What is no
 * news is not told again. An account of another user is none of this person's, whoever handed it over.
 */
export async function applyPolledAccounts(
  services: Services,
  submission: Submission,
  truth: SmileAccount[],
): Promise<void> {
  const now = services.now();
  await services.db.transaction(async (db) => {
    const known = await listAccounts(db, submission.id);
    const own = truth.filter(({ userId }) => userId === submission.smileUserId);
    for (const { accountId, providerId, status, errorCode, at, monitor } of own) {
      const before = known.find((one) => one.accountId === accountId);
      const screen = before?.screen ?? submission.winkScreen;
      const widget = before?.widget ?? submission.winkWidget;
      if (!screen || !isAccountStatus(status)) continue;
      const said = await applyConfirmedStatus(db, { accountId, submissionId: submission.id, screen, widget, providerId, status, errorCode, at, now }); // prettier-ignore
      if (said !== 'foreign' && monitor !== undefined && said.account.monitor !== monitor)
        await noteMonitor(db, accountId, monitor);
      if (said === 'foreign' || !said.changed) continue;
      const untold = before ? {} : { untold: true };
      await recordServerEvent(db, submission, 'accountChecked', { accountId, providerId, status, screen, widget, at, ...(errorCode && { errorCode }), ...untold }, now); // prettier-ignore
    }
    const gone = known.filter(({ accountId, confirmed }) => !confirmed && !own.some((one) => one.accountId === accountId)); // prettier-ignore
    await forgetClaims(db, gone.map(({ accountId }) => accountId), submission.id); // prettier-ignore
    const checks = gone.map(({ accountId, providerId, screen }) =>
      serverEvent(submission.id, 'accountChecked', { accountId, providerId, status: 'unknown', screen }, now),
    );
    await appendEvents(db, checks);
  });
}
