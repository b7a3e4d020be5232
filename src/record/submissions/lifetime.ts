/** How long a person can continue a submission. */

/** How long the token of a submission is valid. Smile also keeps data for 60 days (Smile, Account Linking). */
const LIFETIME_MS = 60 * 86_400_000;

/** The time at or before which submissions were created whose tokens have expired. ISO 8601. */
export const expiredUntil = (now: Date): string => new Date(now.getTime() - LIFETIME_MS).toISOString();

/** Whether the token of a submission created at `createdAt` (ISO 8601) has expired. */
export const hasExpired = (createdAt: string, now: Date): boolean => expiryMs(createdAt) <= now.getTime();

/** When the token of a submission created at `createdAt` expires; both ISO 8601. */
export const tokenExpiry = (createdAt: string): string => new Date(expiryMs(createdAt)).toISOString();

const expiryMs = (createdAt: string): number => Date.parse(createdAt) + LIFETIME_MS;
