import { z } from 'zod';
import { eventTypes } from './events.ts';

const milliseconds = z.number().int().min(0);

/** A switch that lets Local Smile misbehave on purpose, for the requests it names. */
const faultSchema = z.strictObject({
  /** Where: every request whose path starts with this. */
  path: z.string().startsWith('/'),
  /** Only requests of this method. */
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  /** Answer with this status; the body is Smile's error envelope unless `body` is given. */
  status: z.number().int().min(200).max(599).optional(),
  /** Answer with exactly these characters; status 200 unless given. */
  body: z.string().optional(),
  /** What the body says it is; JSON unless given, whatever it is. */
  contentType: z.string().optional(),
  /** Headers more, like `Retry-After`. */
  headers: z.record(z.string(), z.string()).optional(),
  /** Wait this long first. With nothing else to do, the usual answer follows. */
  hangMs: milliseconds.optional(),
  /** Do what was asked all the same; only the answer is lost. */
  lost: z.boolean().optional(),
  /** Break the connection off without an answer. */
  drop: z.boolean().optional(),
  /** Break the connection off in the middle of the answer's body, after this part of it: 0.5 is half. */
  cut: z.number().min(0).max(1).optional(),
  /** How many requests are hit before the fault goes away; without it, all of them. */
  times: z.number().int().min(1).optional(),
});

export type InjectedFault = z.infer<typeof faultSchema>;

export const settingsSchema = z.strictObject({
  tokenLifetimeSeconds: z.number().int().min(0),
  /** Let one link token open several widgets. */
  tokenReuse: z.boolean(),
  /** From signing in, or from sending a verification code, to the provider's answer. */
  connectDelayMs: milliseconds,
  /** From `TASK_STARTED` to `TASK_FINISHED`, and from `ARCHIVE_STARTED` to what became of the archive. */
  taskDelayMs: milliseconds,
  /** How many verification codes a provider takes for one sign-in. */
  mfaTries: z.number().int().min(1).max(10),
  /** How long a provider waits for its verification code before the account fails with `MFA_TIMEOUT`. */
  mfaTimeoutMs: milliseconds,
  /** Between two attempts to deliver an event. */
  webhookRetryMs: milliseconds,
  /** Before the first attempt to deliver an event. */
  webhookDelayMs: milliseconds,
  /** How often every event is delivered. */
  webhookRepeat: z.number().int().min(1).max(10),
  /** Deliver every event twice and in no order, as Smile allows itself to. */
  webhookShuffle: z.boolean(),
  /** Types of events that never arrive; `ALL_EVENTS` is all of them. */
  webhookDrop: z.array(z.enum(eventTypes)),
  /** Requests per second and address on the REST API; 0 is no limit. Smile's own is 20. */
  rateLimitPerSecond: z.number().int().min(0),
  /** How far Smile's clock is ahead of this machine's; behind when negative. */
  clockSkewSeconds: z.number().int(),
  /** One fault, or several of which the first that fits happens. */
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
