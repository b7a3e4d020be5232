/** Reads the data that a form names from linked accounts, and disconnects them afterwards. */
import { isRevokedAfter, retrievedOn } from '../../form/inspect/retrieve.ts';
import type { Form } from '../../form/schema.ts';
import {
  findAccount,
  isConnected,
  isMonitored,
  markRevoked,
  recordMonitor,
  smileKeepsUntil,
  type Account,
} from '../../record/accounts/accounts.ts';
import { checkLinkedBytes, storeLinked, type Read } from '../../record/accounts/account-data.ts';
import { enqueue, type Job } from '../../record/jobs/jobs.ts';
import { lockSmileEvents } from '../../record/smile-events.ts';
import { findSubmission } from '../../record/submissions/submissions.ts';
import { findVersion } from '../../record/versions.ts';
import { unlessRefused } from '../../smile/error.ts';
import { applyConfirmedStatus } from './confirmed-status.ts';
import { recordSmileEvent, type Services } from '../services.ts';

/** How long to wait while Smile is reading an account. */
const READING_RETRY_MS = 15_000;

/** Smile promises 5 minutes (Smile, Onboarding FAQs). After this time the data counts as complete. */
const MAX_READING_MS = 10 * 60_000;

/**
 * Reads all data points that the form names from one account and replaces the stored ones. It skips accounts that are
 * not connected or whose data Smile has deleted: empty data would replace the stored data.
 * @returns when to retry, while Smile is still reading
 */
export async function retrieve(
  services: Services,
  { subject }: Pick<Job, 'subject'>,
): Promise<{ again: Date } | undefined> {
  const loaded = await accountAndForm(services, subject);
  if (!loaded) return undefined;
  const { account, form } = loaded;
  const points = retrievedOn(form, account);
  if (!points.length || !(await isKeptAtSmile(services, account))) return undefined;
  const { accountId: sourceId } = account;
  const later = { again: new Date(services.now().getTime() + READING_RETRY_MS) };
  const recent = services.now().getTime() - Date.parse(account.connectedAt ?? '') < MAX_READING_MS;
  if (recent && (await isReading(services, sourceId))) return later;
  const read: Read[] = [];
  let bytes = 0;
  for (const dataPoint of points) {
    const items = await services.smile.listData(dataPoint, { sourceId });
    // Before the next list takes more memory.
    checkLinkedBytes((bytes += Buffer.byteLength(JSON.stringify(items))));
    read.push({ dataPoint, items });
  }
  // It was just connected, and Smile has not started reading it.
  if (recent && read.every(({ items }) => !items.length)) return later;

  return services.db.transaction(async (trx) => {
    const now = services.now();
    await lockSmileEvents(trx, account.submissionId);
    // It may have been disconnected meanwhile.
    const current = await findAccount(trx, account.accountId);
    if (!current || !isReadable(current)) return undefined;
    // The person counts it to another screen now, which asks for other data.
    if (current.screen !== account.screen || current.widget !== account.widget) return { again: now };
    const keptPoints = await storeLinked(trx, current, read, now);
    const counts = Object.fromEntries(read.map(({ dataPoint, items }) => [dataPoint, items.length]));
    const { accountId, providerId, submissionId } = current;
    const isOver = isRevokedAfter(form, current);
    await recordSmileEvent(
      trx,
      { id: submissionId },
      'linkedRead',
      {
        accountId,
        providerId,
        points: counts,
        ...(keptPoints.length && { kept: keptPoints }),
        ...(isOver && { over: isOver }),
      },
      now,
    );
    if (isOver) {
      await markRevoked(trx, accountId, now);
      await enqueue(trx, { kind: 'revoke', subject: accountId, submissionId }, now);
    }
    return undefined;
  });
}

/** Whether more data is to come. Without permission to read tasks, the data counts as complete. */
async function isReading({ smile }: Services, sourceId: string): Promise<boolean> {
  const tasks = await smile.listTasks({ sourceId }).catch(unlessRefused([]));
  return tasks.some(({ status }) => status === 'Started');
}

const isReadable = (account: Account): boolean => isConnected(account) && account.revokedAt === null;

/** Whether Smile still has the data. After 60 days it has only that of accounts in sync, so Smile is asked. */
async function isKeptAtSmile({ db, smile, now }: Services, account: Account): Promise<boolean> {
  if (!isReadable(account)) return false;
  const until = smileKeepsUntil(account);
  if (until && until > now()) return true;
  const { monitor = null } = (await smile.getAccount(account.accountId)) ?? {};
  if (monitor !== null) await recordMonitor(db, account.accountId, { monitor, at: now().toISOString() });
  return isMonitored({ ...account, monitor });
}

/** Disconnects an account at Smile, which deletes its data there. The stored data stays. */
export async function revokeAccount(services: Services, { subject }: Pick<Job, 'subject'>): Promise<void> {
  const account = await findAccount(services.db, subject);
  // It was connected again meanwhile.
  if (!account?.revokedAt) return;
  await services.smile.deleteAccount(account.accountId);
  // By Smile's clock, which later connections are compared with.
  const disconnected = await services.smile.getAccount(account.accountId);
  const now = services.now();
  const at = disconnected?.status === 'DISCONNECTED' ? disconnected.at : now.toISOString();
  await services.db.transaction(async (trx) => {
    const { accountId, providerId, submissionId, screen } = account;
    await lockSmileEvents(trx, submissionId);
    await applyConfirmedStatus(trx, { accountId, providerId, submissionId, screen, status: 'DISCONNECTED', at, now });
    await recordSmileEvent(
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
