/**
 * The widget's nine callbacks (Smile, Account Linking). They come from the browser unsigned, so each is only a claim.
 * Only valid parts are read.
 */
import { z } from 'zod';
import { STATUS_BY_CALLBACK } from './callback-status.ts';
import { smileIdSchema, type AccountClaim } from './shapes.ts';

export const CALLBACKS = [
  'onAccountCreated',
  'onAccountConnected',
  'onAccountRemoved',
  'onAccountError',
  'onTokenExpired',
  'onClose',
  'onUploadsCreated',
  'onUploadsRemoved',
  'onUIEvent',
] as const;

type CallbackName = (typeof CALLBACKS)[number];

export const isCallback = (name: string): name is CallbackName => CALLBACKS.some((one) => one === name);

/** The callbacks that claim the status of an account. */
export const CLAIMING = Object.keys(STATUS_BY_CALLBACK);

const claimSchema = z.object({
  accountId: smileIdSchema,
  userId: smileIdSchema,
  providerId: smileIdSchema,
  errorCode: z.string().max(200).nullish().catch(undefined),
});

/** The claim of a callback about an account; undefined if it has none, or no usable account id. */
export function parseClaim(name: CallbackName, data: unknown): AccountClaim | undefined {
  const status = STATUS_BY_CALLBACK[name];
  const parsed = status && claimSchema.safeParse(data).data;
  if (!parsed) return undefined;
  const { errorCode, ...ids } = parsed;
  return status === 'ERROR' && errorCode ? { ...ids, status, errorCode } : { ...ids, status };
}
