import { z } from 'zod';

const milliseconds = z.number().int().min(0);

/** A switch that lets Local Smile misbehave on purpose, for every request whose path starts with `path`. */
const faultSchema = z.strictObject({
  path: z.string().startsWith('/'),
  /** Answer with this status; the body is Smile's error envelope unless `body` is given. */
  status: z.number().int().min(200).max(599).optional(),
  /** Answer with exactly these characters, as JSON by content type whatever they are; status 200 unless given. */
  body: z.string().optional(),
  /** Wait this long first. With neither `status` nor `body`, the usual answer follows. */
  hangMs: milliseconds.optional(),
  /** How many requests are hit before the fault goes away; without it, all of them. */
  times: z.number().int().min(1).optional(),
});

export const settingsSchema = z.strictObject({
  tokenLifetimeSeconds: z.number().int().min(0),
  /** From signing in, or from sending a verification code, to the provider's answer. */
  connectDelayMs: milliseconds,
  /** From `TASK_STARTED` to `TASK_FINISHED`. */
  taskDelayMs: milliseconds,
  /** How long a provider waits for its verification code before the account fails with `MFA_TIMEOUT`. */
  mfaTimeoutMs: milliseconds,
  webhookRetryMs: milliseconds,
  /** Deliver every event twice and in no order, as Smile allows itself to. */
  webhookShuffle: z.boolean(),
  /** Requests per second and address on the REST API; 0 is no limit. Smile's own is 20. */
  rateLimitPerSecond: z.number().int().min(0),
  /** Let one link token open several widgets. */
  tokenReuse: z.boolean(),
  fault: faultSchema.nullable(),
});

export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = {
  tokenLifetimeSeconds: 5 * 60 * 60,
  connectDelayMs: 1000,
  taskDelayMs: 1000,
  mfaTimeoutMs: 5 * 60 * 1000,
  webhookRetryMs: 30_000,
  webhookShuffle: false,
  rateLimitPerSecond: 0,
  tokenReuse: false,
  fault: null,
};
