/** The data of the page about the connection to Smile. */
import type { DashboardContext } from '../context.ts';
import { listAllFailedJobs, type FailedJob, type JobOwner } from './failed-jobs.ts';
import { expiringData, smileView, type ExpiringData, type SmileAdmin, type SmileView } from './smile.ts';

export type SmilePageView = SmileView & {
  expiring: { items: ExpiringData[]; isMore: boolean };
  /** The latest ones. See `MAX_FAILED`. */
  failed: (FailedJob & { owner: JobOwner | undefined })[];
};

/** @param done the result of an action, in a sentence */
export async function smilePageView(c: DashboardContext, smile: SmileAdmin, done?: string): Promise<SmilePageView> {
  const { options, now } = c.var;
  return {
    ...(await smileView(smile, options.outgoing ?? true, done)),
    expiring: await expiringData(options.db, now),
    failed: await listAllFailedJobs(options.db),
  };
}
