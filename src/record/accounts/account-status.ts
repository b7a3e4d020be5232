/** Chooses between two reports about an account. Reports arrive repeated, late and out of order, and some are claims. */

/** In Smile's words, in the order an account passes through them. */
const ACCOUNT_STATUSES = ['PENDING', 'AWAITING_MFA', 'ERROR', 'CONNECTED', 'DISCONNECTED'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/**
 * One report. `confirmed`: Smile said it to our server, in a signed webhook or in `GET /accounts`. A report of the page
 * is only a claim. `at` is ISO 8601.
 */
export type StatusReport = { status: AccountStatus; errorCode: string | null; confirmed: boolean; at: string };

/**
 * The report that counts: a confirmed one before a claim, then the newer one, then the later status. The result does
 * not depend on the order in which reports arrive.
 */
export function laterStatus<C extends StatusReport, I extends StatusReport>(
  current: C | undefined,
  incoming: I,
): C | I {
  if (!current) return incoming;
  if (current.confirmed !== incoming.confirmed) return current.confirmed ? current : incoming;
  const difference = Date.parse(incoming.at) - Date.parse(current.at);
  if (difference !== 0) return difference > 0 ? incoming : current;
  return rank(incoming) > rank(current) ? incoming : current;
}

const rank = (report: StatusReport): number => ACCOUNT_STATUSES.indexOf(report.status);

/** Smile may add statuses; only those that the record knows can be recorded. */
export const isAccountStatus = (status: string): status is AccountStatus =>
  ACCOUNT_STATUSES.some((known) => known === status);
