/**
 * The widget's nine callbacks (Smile, Account Linking). They come from the browser and nothing in them is signed: each
 * is a claim. So every one of reasonable size is taken as it is, and read only as far as it makes sense.
 */
import { z } from 'zod';
import { idSchema, type AccountClaim, type AccountStatus } from './shapes.ts';

const MAX_CHARACTERS = 16_384;

const text = z.string().max(200).nullish().catch(undefined);
const bounded = z.unknown().refine((data) => (JSON.stringify(data)?.length ?? 0) <= MAX_CHARACTERS, 'is too large');

/** One of Smile's samples hands `onClose` the bare reason instead of an object. */
const closing = z.preprocess(
  (data) => (typeof data === 'string' ? { reason: data } : data),
  z.looseObject({ reason: text }),
);
const account = z.looseObject({ accountId: text, userId: text, providerId: text });
const uploads = z.looseObject({ uploads: z.unknown().optional(), userId: text });

/** What each callback hands over; `parse` gives an object, empty where the callback has nothing to say. */
export const callbackSchemas = {
  onAccountCreated: callback(account),
  onAccountConnected: callback(account),
  onAccountRemoved: callback(account),
  onAccountError: callback(account.extend({ errorCode: text })),
  onTokenExpired: callback(z.looseObject({})),
  onClose: callback(closing),
  onUploadsCreated: callback(uploads),
  onUploadsRemoved: callback(uploads),
  onUIEvent: callback(z.looseObject({ eventName: text, eventTime: text, mode: text, userId: text })),
};

/** Too large is refused; not what was expected is nothing said. */
function callback<T extends Record<string, unknown>>(schema: z.ZodType<T>) {
  return bounded.pipe(schema.catch(() => ({}) as T));
}

export type CallbackName = keyof typeof callbackSchemas;

export const CALLBACKS = Object.keys(callbackSchemas) as CallbackName[];

const statusByCallback: Partial<Record<CallbackName, AccountStatus>> = {
  onAccountCreated: 'PENDING',
  onAccountConnected: 'CONNECTED',
  onAccountRemoved: 'DISCONNECTED',
  onAccountError: 'ERROR',
};

const claimSchema = z.object({
  accountId: idSchema,
  userId: idSchema,
  providerId: idSchema,
  errorCode: text,
});

/** What a callback claims of an account; undefined when it claims nothing, or not of an account one could ask for. */
export function claim(name: CallbackName, data: unknown): AccountClaim | undefined {
  const status = statusByCallback[name];
  const parsed = status && claimSchema.safeParse(data).data;
  if (!parsed) return undefined;
  const { errorCode, ...ids } = parsed;
  return status === 'ERROR' && errorCode ? { ...ids, status, errorCode } : { ...ids, status };
}
