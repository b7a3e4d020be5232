/** What Smile answers, as far as we use it. Fields we do not know are tolerated: Smile adds some at any time. */
import { z } from 'zod';

/** An id of Smile's. Unlike a segment of dots, it is safe in a path. */
export const idSchema = z.string().regex(/^[\w-][\w.-]{0,199}$/);

export function isId(id: string): boolean {
  return idSchema.safeParse(id).success;
}

const moment = z.string().refine((text) => !Number.isNaN(Date.parse(text)));

/** The connection states of an account (Smile, Account Linking). Smile may add others. */
export type AccountStatus = 'PENDING' | 'AWAITING_MFA' | 'ERROR' | 'CONNECTED' | 'DISCONNECTED' | (string & {});

/** What somebody says of a linked account. */
export interface AccountClaim {
  accountId: string;
  userId: string;
  providerId: string;
  status: AccountStatus;
  /** With status `ERROR`: one of Smile's account error codes (Account Linking), or one it has added. */
  errorCode?: string;
}

/** What Smile says of a linked account; `at` is when it came to be so, by Smile's clock (ISO 8601, whole seconds). */
export interface SmileAccount extends AccountClaim {
  at: string;
}

/** The token that starts the widget once. `expiresAt` is ISO 8601; `mode` is `SANDBOX` or `PRODUCTION`. */
export interface LinkToken {
  id?: string;
  accessToken: string;
  expiresAt: string;
  mode: string;
}

/** Where Smile sends events. `eventTypes` are Smile's, or `ALL_EVENTS`. */
export interface SmileWebhook {
  id: string;
  name: string;
  url: string;
  eventTypes: string[];
  active: boolean;
}

export const linkTokenSchema: z.ZodType<LinkToken> = z.object({
  id: idSchema.optional(),
  accessToken: z.string().min(1),
  expiresAt: moment,
  mode: z.string().min(1),
});

export const newUserSchema = z.object({ user: z.object({ id: idSchema }), token: linkTokenSchema });

export const accountSchema = z
  .object({
    id: idSchema,
    userId: idSchema,
    providerId: z.string().min(1),
    connectionStatus: z.string().min(1),
    connection: z.object({ errorCode: z.string().nullish(), updatedAt: moment }),
  })
  .transform(({ id, userId, providerId, connectionStatus, connection }): SmileAccount => {
    const account = { accountId: id, userId, providerId, status: connectionStatus, at: connection.updatedAt };
    return connection.errorCode ? { ...account, errorCode: connection.errorCode } : account;
  });

export const webhookSchema: z.ZodType<SmileWebhook> = z.object({
  id: idSchema,
  name: z.string(),
  url: z.string(),
  eventTypes: z.array(z.string()),
  active: z.boolean(),
});

export interface Page<T> {
  items: T[];
  /** Null or absent on the last page. */
  nextCursor?: string | null;
}

export function pageOf<T>(item: z.ZodType<T>): z.ZodType<Page<T>> {
  return z.object({ items: z.array(item), nextCursor: z.string().nullish() });
}
