import { z } from 'zod';
import { eventTypes } from '../webhooks/events.ts';

const milliseconds = z.number().int().min(0);

/** A fault that local Smile applies to the requests it names. */
const faultSchema = z.strictObject({
  /** Every request whose path starts with this. */
  path: z.string().startsWith('/'),
  /** Only requests of this method. */
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  /** Responds with this status. The body is Smile's error envelope unless `body` is set. */
  status: z.number().int().min(200).max(599).optional(),
  /** Responds with exactly this text; status 200 by default. */
  body: z.string().optional(),
  /** The `Content-Type`; JSON by default. */
  contentType: z.string().optional(),
  /** Additional headers, like `Retry-After`. */
  headers: z.record(z.string(), z.string()).optional(),
  /** Waits this long first. Without another fault, the normal response follows. */
  hangMs: milliseconds.optional(),
  /** Handles the request, but loses the response. */
  lost: z.boolean().optional(),
  /** Closes the connection without a response. */
  drop: z.boolean().optional(),
  /** Closes the connection after this part of the response's body: 0.5 is half. */
  cut: z.number().min(0).max(1).optional(),
  /** The number of requests with the fault; all of them by default. */
  times: z.number().int().min(1).optional(),
});

export type InjectedFault = z.infer<typeof faultSchema>;

export const settingsSchema = z.strictObject({
  tokenLifetimeSeconds: z.number().int().min(0),
  /** One link token can open several widgets. */
  tokenReuse: z.boolean(),
  /** From a sign-in or a verification code to the provider's answer. */
  connectDelayMs: milliseconds,
  /** From `TASK_STARTED` to `TASK_FINISHED`, and from `ARCHIVE_STARTED` to its result. */
  taskDelayMs: milliseconds,
  /** How many verification codes a provider accepts for one sign-in. */
  mfaTries: z.number().int().min(1).max(10),
  /** How long a provider waits for a verification code before the account fails with `MFA_TIMEOUT`. */
  mfaTimeoutMs: milliseconds,
  /** Between two attempts to deliver an event. */
  webhookRetryMs: milliseconds,
  /** Before the first attempt to deliver an event. */
  webhookDelayMs: milliseconds,
  /** How often every event is delivered. */
  webhookRepeat: z.number().int().min(1).max(10),
  /** Delivers every event twice and in random order, which Smile allows. */
  webhookShuffle: z.boolean(),
  /** Types of events that are never sent; `ALL_EVENTS` is all of them. */
  webhookDrop: z.array(z.enum(eventTypes)),
  /** Requests per second and address on the REST API; 0 is no limit. Smile's own is 20. */
  rateLimitPerSecond: z.number().int().min(0),
  /** How far Smile's clock is ahead of this machine's; negative if behind. */
  clockSkewSeconds: z.number().int(),
  /** One fault, or several of which the first match applies. */
  fault: z.union([faultSchema, z.array(faultSchema)]).nullable(),
});

export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = {
  tokenLifetimeSeconds: 5 * 60 * 60,
  tokenReuse: false,
  connectDelayMs: 1000,
  taskDelayMs: 1000,
  mfaTries: 3,
  mfaTimeoutMs: 5 * 60 * 1000,
  webhookRetryMs: 30_000,
  webhookDelayMs: 0,
  webhookRepeat: 1,
  webhookShuffle: false,
  webhookDrop: [],
  rateLimitPerSecond: 0,
  clockSkewSeconds: 0,
  fault: null,
};
