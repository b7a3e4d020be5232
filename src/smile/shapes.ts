/** The shapes of accounts and tokens, for Smile's API, its webhooks and its widget. */
import { z } from 'zod';

/** An id of Smile. Unlike a segment of dots, it is safe in a path. */
export const smileIdSchema = z.string().regex(/^[\w-][\w.-]{0,199}$/);

export function isId(id: string): boolean {
  return smileIdSchema.safeParse(id).success;
}

const [EARLIEST, LATEST] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('+010000-01-01T00:00:00Z')];

/**
 * A time as ISO 8601, by Smile's clock. It excludes the last times that a `Date` can hold, because they would break
 * every calculation.
 */
export const moment = z
  .string()
  .max(100)
  .refine((text) => Date.parse(text) >= EARLIEST && Date.parse(text) < LATEST);

/** The connection states of an account (Smile, Account Linking). Smile may add others. */
export type SmileAccountStatus = 'PENDING' | 'AWAITING_MFA' | 'ERROR' | 'CONNECTED' | 'DISCONNECTED' | (string & {});

/** A claim about a linked account. */
export interface AccountClaim {
  accountId: string;
  userId: string;
  providerId: string;
  status: SmileAccountStatus;
  /** With status `ERROR`: one of Smile's account error codes (Account Linking), or one it has added. */
  errorCode?: string;
}

/** A linked account as Smile reports it. `at` is the time of its status by Smile's clock (ISO 8601, to the second). */
export interface SmileAccount extends AccountClaim {
  at: string;
  /**
   * Its continuous sync: `UNSUPPORTED`, `ACTIVE`, `USER_ACTION_REQUIRED`, `CUSTOMER_DISABLED`, or one that Smile added.
   */
  monitor?: string;
}

/** A token that starts the widget once. `expiresAt` is ISO 8601; `mode` is `SANDBOX` or `PRODUCTION`. */
export interface SmileLinkToken {
  id?: string;
  accessToken: string;
  expiresAt: string;
  mode: string;
}
