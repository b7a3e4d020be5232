/** What is said of accounts and tokens, by whom ever: Smile's API, its webhooks, its widget. */
import { z } from 'zod';

/** An id of Smile's. Unlike a segment of dots, it is safe in a path. */
export const smileIdSchema = z.string().regex(/^[\w-][\w.-]{0,199}$/);

export function isId(id: string): boolean {
  return smileIdSchema.safeParse(id).success;
}

/** A moment as ISO 8601, by Smile's clock. */
export const moment = z.string().refine((text) => !Number.isNaN(Date.parse(text)));

/** The connection states of an account (Smile, Account Linking). Smile may add others. */
export type SmileAccountStatus = 'PENDING' | 'AWAITING_MFA' | 'ERROR' | 'CONNECTED' | 'DISCONNECTED' | (string & {});

/** What somebody says of a linked account. */
export interface AccountClaim {
  accountId: string;
  userId: string;
  providerId: string;
  status: SmileAccountStatus;
  /** With status `ERROR`: one of Smile's account error codes (Account Linking), or one it has added. */
  errorCode?: string;
}

/** What Smile says of a linked account; `at` is when it came to be so, by Smile's clock (ISO 8601, whole seconds). */
export interface SmileAccount extends AccountClaim {
  at: string;
  /** Its continuous sync: `UNSUPPORTED`, `ACTIVE`, `USER_ACTION_REQUIRED`, `CUSTOMER_DISABLED`, or one that Smile has added. */
  monitor?: string;
}

/** The token that starts the widget once. `expiresAt` is ISO 8601; `mode` is `SANDBOX` or `PRODUCTION`. */
export interface LinkToken {
  id?: string;
  accessToken: string;
  expiresAt: string;
  mode: string;
}
