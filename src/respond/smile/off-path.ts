/** Disconnects at the submit the accounts of screens that the answers no longer lead to. */
import type { Form } from '../../form/schema.ts';
import { deleteClaims, listAccounts, wasConnected, type Account } from '../../record/accounts/accounts.ts';
import { listArchiveStates, REVOKED, storeArchive } from '../../record/accounts/archives.ts';
import type { Database } from '../../record/db/database.ts';
import { appendEvents, OFF_PATH, serverEvent } from '../../record/events.ts';
import { enqueue } from '../../record/jobs/jobs.ts';
import type { Submission } from '../../record/submissions/submissions.ts';
import { RECONCILE, schedulePoll } from './confirmed-status.ts';
import { storeDisconnected } from './linked.ts';
import { CHECKED } from './uploads.ts';

/**
 * Records the accounts and documents of Wink screens that are not on `path` as disconnected, and queues the calls to Smile.
 * The person did not see them in the review. Accounts that only the page claims are forgotten. Those of screens that are not
 * in `form` stay, and so do accounts that Flipsite itself has disconnected. Documents stay if the window that was opened last is
 * of a screen on `path`, and no account was connected there. The transaction begins with `lockSmileEvents`.
 */
export async function disconnectOffPath(
  trx: Database,
  submission: Submission,
  form: Form,
  path: readonly string[],
  now: Date,
): Promise<void> {
  // Without a user at Smile nothing is connected.
  if (submission.smileUserId === null) return;
  const screens = form.screens.filter(({ id, wink }) => wink && !path.includes(id)).map(({ id }) => id);
  if (!screens.length) return;
  const all = await listAccounts(trx, submission.id);
  const { winkScreen } = submission;
  const isOfWindow = (account: Account) => account.screen === winkScreen && wasConnected(account);
  const isLeft = ({ screen, status, revokedAt }: Account) =>
    screens.includes(screen) && status !== 'DISCONNECTED' && revokedAt === null;
  const left = all.filter(isLeft);
  const accounts = left.filter(({ confirmed }) => confirmed);
  // A page can claim many, of other people too. The submit has asked Smile, so these are mostly invented.
  const claims = left.filter(({ confirmed }) => !confirmed).map(({ accountId }) => accountId);
  await deleteClaims(trx, claims, submission.id);
  for (const account of accounts) {
    await storeDisconnected(trx, account, OFF_PATH, now);
    await enqueue(trx, { kind: 'disconnect', subject: account.accountId, submissionId: submission.id }, now);
  }
  // That window showed the documents as sent, so the person may rely on them. An account has moved to its screen.
  const areShown = winkScreen !== null && path.includes(winkScreen) && !all.some(isOfWindow);
  const documents = areShown ? 0 : await takeBackDocuments(trx, submission, screens, now);
  // An answer of Smile that was under way may bring them back.
  if (accounts.length || documents) await schedulePoll(trx, RECONCILE, submission.id, now);
}

/** @returns how many there were */
async function takeBackDocuments(trx: Database, { id }: Submission, screens: string[], now: Date): Promise<number> {
  const sent = (await listArchiveStates(trx, id)).filter(({ status, screen }) => status !== REVOKED && screens.includes(screen)); // prettier-ignore
  const places = Map.groupBy(sent, ({ screen, widget }) => `${screen} ${widget}`);
  for (const documents of places.values()) {
    const { screen, widget } = documents[0]!;
    const uploads = [];
    for (const { archiveId, type } of documents) {
      const document = { archiveId, submissionId: id, screen, widget, type, status: REVOKED, errorCode: null, content: undefined }; // prettier-ignore
      await storeArchive(trx, document, now);
      await enqueue(trx, { kind: 'takeBack', subject: archiveId, submissionId: id }, now);
      uploads.push({ id: archiveId, status: REVOKED, ...(type && { type }) });
    }
    await appendEvents(trx, [serverEvent(id, CHECKED, { screen, widget, uploads, reason: OFF_PATH }, now)]);
  }
  return sent.length;
}
