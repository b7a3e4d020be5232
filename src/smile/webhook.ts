/** Smile's webhooks: signature, content, and account status (Smile, Event Notifications). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { moment, type SmileAccount } from './shapes.ts';
import { STATUS_BY_WEBHOOK } from './webhook-status.ts';
import { withoutKeys } from './without-keys.ts';

/**
 * Whether `header`, the value of `Smile-Signature`, is the lower-case hex HMAC-SHA512 of the exact body. Without a
 * secret the result is false. The scheme has no timestamp: repeats are found by the event's id.
 */
export function verifySignature(rawBody: Uint8Array, header: string | null | undefined, secret: string): boolean {
  if (!header || !secret || !/^[0-9a-f]{128}$/.test(header)) return false;
  const expected = createHmac('sha512', secret).update(rawBody).digest();
  return timingSafeEqual(expected, Buffer.from(header, 'hex'));
}

const id = z.string().min(1).max(200);

const bodySchema = z.looseObject({
  id,
  type: z.string().min(1).max(100),
  createdAt: moment,
  data: z.record(z.string(), z.unknown()).nullish(),
});

/** The subject of an event. `sourceId` is an account if `sourceType` says so, else an archive. */
const subjectSchema = z.object({
  userId: id.optional().catch(undefined),
  session: z.object({ userId: id }).optional().catch(undefined),
  accountId: id.optional().catch(undefined),
  sourceId: id.optional().catch(undefined),
  sourceType: z.unknown().optional(),
  providers: z.array(id).optional().catch(undefined),
  errorCode: z.string().max(100).optional().catch(undefined),
});

export interface SmileEvent {
  /** The same on every repeat of the event. */
  id: string;
  /** One of Smile's types, or one that Smile added later. */
  type: string;
  /** ISO 8601, by Smile's clock. */
  createdAt: string;
  data: Record<string, unknown>;
  userId?: string;
  accountId?: string;
  providerId?: string;
  errorCode?: string;
  /** The body to store, without the data of the person. */
  body: Record<string, unknown>;
}

export type ParsedWebhook = { ok: true; event: SmileEvent } | { ok: false; message: string };

/**
 * Reads a verified body. Unknown types are accepted. A body without id, type or time is refused, with the field's name.
 */
export function parseWebhook(raw: Uint8Array): ParsedWebhook {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch {
    return { ok: false, message: 'The webhook is not JSON' };
  }
  const parsed = bodySchema.safeParse(json);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.');
    return { ok: false, message: field ? `The webhook has no usable ${field}` : 'The webhook is not an object' };
  }
  const body = parsed.data;
  const data = body.data ?? {};
  const subject = subjectSchema.parse(data);
  const event: SmileEvent = {
    id: body.id,
    type: body.type,
    createdAt: body.createdAt,
    data,
    userId: subject.userId ?? subject.session?.userId,
    accountId: subject.accountId ?? (subject.sourceType === 'ACCOUNT' ? subject.sourceId : undefined),
    providerId: subject.providers?.[0],
    errorCode: subject.errorCode,
    // Flipsite asks Smile for the data of the account, which it stores encrypted.
    body: body.data ? { ...body, data: withoutKeys(body.data, 'loginName', 'payload') } : body,
  };
  return { ok: true, event };
}

/** The account status in an event; undefined for other events. */
export function accountFact(event: SmileEvent): SmileAccount | undefined {
  const status = Object.hasOwn(STATUS_BY_WEBHOOK, event.type) ? STATUS_BY_WEBHOOK[event.type] : undefined;
  const { accountId, userId, providerId, errorCode } = event;
  if (!status || !accountId || !userId || !providerId) return undefined;
  const fact: SmileAccount = { accountId, userId, providerId, status, at: event.createdAt };
  return status === 'ERROR' && errorCode ? { ...fact, errorCode } : fact;
}
