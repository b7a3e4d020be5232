/** Reading what a form names from linked accounts; disconnecting them after that; removing it when its time is over. */
import { isRevokedAfter, retrievedOn } from '../../form/retrieve.ts';
import type { Form } from '../../form/schema.ts';
import {
  findAccount,
  isMonitored,
  markRevoked,
  noteMonitor,
  smileKeepsUntil,
  type Account,
} from '../../record/accounts/accounts.ts';

import { storeLinked, type Read } from '../../record/accounts/account-data.ts';
import { enqueue, type Job } from '../../record/jobs/jobs.ts';
import { findSubmission } from '../../record/submissions/submissions.ts';
import { findVersion } from '../../record/versions.ts';
import { unlessRefused } from '../../smile/error.ts';
import { applyConfirmedStatus } from './confirmed-status.ts';
import { recordServerEvent, type Services } from '../services.ts';

/** How long to leave a reading at Smile that is under way. */
const READING_MS = 15_000;

/** Smile promises 5 minutes (Smile, Onboarding FAQs). After this long, what is there is all there is. */
const READ_BY_MS = 10 * 60_000;

/**
 * Reads all that the form names from one account and stores it in place of what was read before. Nothing is read from an
 * account that is not connected, nor once Smile has forgotten it: what is here would be overwritten with nothing.
 */
export async function retrieve(services: Services, { subject }: Pick<Job, 'subject'>): Promise<void | { again: Date }> {
  const found = await accountAndForm(services, subject);
  if (!found) return;
  const { account, form } = found;
  const points = retrievedOn(form, account);
  if (!points.length || !(await isKeptAtSmile(services, account))) return;
  const { accountId: sourceId } = account;
  const later = { again: new Date(services.now().getTime() + READING_MS) };
  const recent = services.now().getTime() - Date.parse(account.connectedAt ?? '') < READ_BY_MS;
  if (recent && (await isReading(services, sourceId))) return later;
  const read: Read[] = [];
  for (const dataPoint of points)
    read.push({ dataPoint, items: await services.smile.listData(dataPoint, { sourceId }) });
  // It has just been connected, and Smile has not begun to read it yet.
  if (recent && read.every(({ items }) => !items.length)) return later;

  await services.db.transaction(async (trx) => {
    const now = services.now();
    // It may have been disconnected while it was being read.
    const still = await findAccount(trx, account.accountId);
    if (!still || !isConnected(still)) return;
    const kept = await storeLinked(trx, still, read, now);
    const counts = Object.fromEntries(read.map(({ dataPoint, items }) => [dataPoint, items.length]));
    const { accountId, providerId, submissionId } = still;
    const over = isRevokedAfter(form, still);
    await recordServerEvent(
      trx,
      { id: submissionId },
      'linkedRead',
      { accountId, providerId, points: counts, ...(kept.length && { kept }), ...(over && { over }) },
      now,
    );
    if (over) {
      await markRevoked(trx, accountId, now);
      await enqueue(trx, { kind: 'revoke', subject: accountId, submissionId }, now);
    }
  });
}

/** Whether more is to come. Whoever may not ask for Smile's tasks takes what there is. */
async function isReading({ smile }: Services, sourceId: string): Promise<boolean> {
  const tasks = await smile.listTasks({ sourceId }).catch(unlessRefused([]));
  return tasks.some(({ status }) => status === 'Started');
}

const isConnected = ({ status, confirmed, revokedAt }: Account): boolean =>
  status === 'CONNECTED' && confirmed && revokedAt === null;

/** Whether Smile has what it has read. After its 60 days that is so where it keeps the account in sync, which it is asked. */
async function isKeptAtSmile({ db, smile, now }: Services, account: Account): Promise<boolean> {
  if (!isConnected(account)) return false;
  const until = smileKeepsUntil(account);
  if (until && until > now()) return true;
  const { monitor = null } = (await smile.getAccount(account.accountId)) ?? {};
  if (monitor !== null && monitor !== account.monitor) await noteMonitor(db, account.accountId, monitor);
  return isMonitored({ ...account, monitor });
}

/** Disconnects an account at Smile, which deletes its data there. What was read stays here. */
export async function revokeAccount(services: Services, { subject }: Pick<Job, 'subject'>): Promise<void> {
  const account = await findAccount(services.db, subject);
  // Somebody has connected it anew since.
  if (!account?.revokedAt) return;
  await services.smile.deleteAccount(account.accountId);
  // By Smile's clock, since that is what a later connection is compared with.
  const said = await services.smile.getAccount(account.accountId);
  const now = services.now();
  const at = said?.status === 'DISCONNECTED' ? said.at : now.toISOString();
  await services.db.transaction(async (trx) => {
    const { accountId, providerId, submissionId, screen } = account;
    await applyConfirmedStatus(trx, { accountId, providerId, submissionId, screen, status: 'DISCONNECTED', at, now }); // prettier-ignore
    await recordServerEvent(
      trx,
      { id: submissionId },
      'accountRevoked',
      { accountId, providerId, status: 'DISCONNECTED', screen, at },
      now,
    );
  });
}

async function accountAndForm(
  services: Services,
  accountId: string,
): Promise<{ account: Account; form: Form } | undefined> {
  const account = await findAccount(services.db, accountId);
  const submission = account && (await findSubmission(services.db, account.submissionId));
  const form = submission && (await findVersion(services.db, submission.form, submission.version));
  return form && { account, form };
}
