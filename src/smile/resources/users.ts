/** Smile's users, their sessions, and the link tokens that open the widget (Smile, Users and Tokens). */
import { z } from 'zod';
import type { SmileTransport } from '../transport.ts';
import { shape, openEnum, boundedList } from '../reading.ts';
import { smileIdSchema, moment, type SmileLinkToken } from '../shapes.ts';
import { payloadSchema } from './data.ts';
import type { Dates, ListLimit } from './filters.ts';

const session = shape('session', {
  documented: { userId: z.string(), status: openEnum<'IN_PROGRESS' | 'COMPLETED' | 'REVOKED'>() },
  optional: { channel: openEnum<'WinkSite' | 'Default'>(), channelId: z.string() },
});

const userSchema = shape('user', {
  needed: { id: smileIdSchema },
  documented: { createdAt: moment, externalMetadata: z.record(z.string(), z.string()) },
  optional: { session },
});

const linkTokenSchema: z.ZodType<SmileLinkToken> = z.object({
  id: smileIdSchema.optional().catch(undefined),
  accessToken: z.string().min(1),
  expiresAt: moment,
  mode: z.string().min(1),
});

const userPayloadSchema = shape('payload', {
  optional: {
    metadata: session,
    forms: boundedList(
      shape('payload.form', {
        documented: { id: z.string(), name: z.string(), data: z.record(z.string(), z.unknown()) },
      }),
    ),
    accounts: boundedList(
      shape('payload.account', {
        documented: { id: z.string(), providerId: z.string() },
        optional: { payload: payloadSchema },
      }),
    ),
    archives: boundedList(
      shape('payload.archive', {
        documented: { id: z.string(), fileType: z.string() },
        optional: { payload: payloadSchema },
      }),
    ),
  },
});

const newUserSchema = z.object({ user: z.object({ id: smileIdSchema }), token: linkTokenSchema });

export function users({ fetchData, send, find, list }: SmileTransport) {
  return {
    /**
     * Creates a user with a first link token. `externalMetadata`: at most 5 pairs, ASCII, keys up to 50 and values up
     * to 500 characters. Never retried after a timeout, when a user may have been created.
     */
    async createUser(externalMetadata?: Record<string, string>): Promise<{ userId: string; token: SmileLinkToken }> {
      const body = externalMetadata ? { externalMetadata } : {};
      const { user, token } = await fetchData({ method: 'POST', path: '/users', body }, newUserSchema);
      return { userId: user.id, token };
    },
    /**
     * A new link token for a user; each launch of the widget needs one. An unknown user is `refused` with status 404.
     */
    createToken(userId: string): Promise<SmileLinkToken> {
      return fetchData({ method: 'POST', path: '/tokens', query: { userId } }, linkTokenSchema, { repeatable: true });
    },
    /** The tenant's users, by the day they were created. */
    listUsers: (filter: Dates & ListLimit = {}) => list('/users', userSchema, { ...filter }),
    getUser: (userId: string) => find('/users/{id}', userId, userSchema),
    /** All data of a user's session. */
    getUserPayload: (userId: string) => find('/users/{id}/payload', userId, userPayloadSchema),
    /** Deletes the data of a user's session and starts it again. */
    resetSession: (userId: string) =>
      send({ method: 'POST', path: '/users/{id}/resetSession', id: userId }, { repeatable: true }),
  };
}
