import { createHmac } from 'node:crypto';
import { newId, timestamp } from './ids.ts';
import type { Schedule } from './schedule.ts';
import type { Settings } from './settings.ts';
import type { Webhook } from './state.ts';

/** `RefWebhookEventType` of Smile's OpenAPI document. Only some of them ever happen here. */
export const eventTypes = [
  'USER_CREATED',
  'ACCOUNT_CREATED',
  'ACCOUNT_CONNECTED',
  'ACCOUNT_DISCONNECTED',
  'ACCOUNT_FAILED',
  'TASK_STARTED',
  'TASK_FINISHED',
  'ACCOUNT_SYNC_TASK_FINISHED',
  'ARCHIVE_STARTED',
  'ARCHIVE_ANALYZED',
  'ARCHIVE_REVOKED',
  'ARCHIVE_FAILED',
  'INVITE_INVITED',
  'INVITE_LINKED',
  'IDENTITY_ADDED',
  'RATING_ADDED',
  'TRANSACTIONS_ADDED',
  'DOCUMENTS_ADDED',
  'DOCUMENTS_UPDATED',
  'EMPLOYMENTS_ADDED',
  'EMPLOYMENTS_UPDATED',
  'INCOMES_ADDED',
  'INCOMES_UPDATED',
  'CONTRIBUTIONS_ADDED',
  'CONTRIBUTIONS_UPDATED',
  'EINCOMES_ADDED',
  'EINCOMES_UPDATED',
  'LIABILITIES_ADDED',
  'LIABILITIES_UPDATED',
  'INSIGHT_ADDED',
  'LINK_ADDED',
  'VERIFICATION_STARTED',
  'VERIFICATION_COMPLETED',
  'RECORD_CREATED',
  'RECORD_COMPLETED',
  'USER_SESSION_COMPLETED',
  'USER_SESSION_RESET',
  'ALL_EVENTS',
] as const;

export type EventType = (typeof eventTypes)[number];

export interface Event {
  id: string;
  version: 1;
  type: EventType;
  createdAt: string;
  data: { userId: string } & Record<string, unknown>;
}

export function newEvent(type: EventType, data: Event['data']): Event {
  return { id: newId('et'), version: 1, type, createdAt: timestamp(), data };
}

/** The value of `Smile-Signature`: lower-case hex of HMAC-SHA512 over the raw body (Smile, Event Notifications). */
export function signature(secret: string, body: string): string {
  return createHmac('sha512', secret).update(body).digest('hex');
}

const RETRIES = 2;
const TIMEOUT_MS = 10_000;
const SHUFFLE_MS = 2000;

export interface Courier {
  /** Sends an event to a webhook, if the webhook wants it. One user's events reach one webhook in order. */
  send(webhook: Webhook, event: Event, settings: Settings, schedule: Schedule): void;
  /** Resolves when no request is on its way. */
  idle(): Promise<void>;
}

export function createCourier(): Courier {
  const queues = new Map<string, Promise<void>>();
  const underWay = new Set<Promise<unknown>>();

  function track(work: Promise<void>) {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  }

  async function attempt(delivery: Delivery, settings: Settings, schedule: Schedule, retries: number) {
    if ((await post(delivery)) || retries === 0) return;
    schedule.later(settings.webhookRetryMs, () => void track(attempt(delivery, settings, schedule, retries - 1)));
  }

  return {
    send(webhook, event, settings, schedule) {
      const wanted = webhook.eventTypes.includes('ALL_EVENTS') || webhook.eventTypes.includes(event.type);
      if (!webhook.active || !wanted) return;
      const delivery = prepare(webhook, event);
      if (settings.webhookShuffle) {
        for (let copy = 0; copy < 2; copy++) {
          schedule.later(Math.random() * SHUFFLE_MS, () => void track(attempt(delivery, settings, schedule, RETRIES)));
        }
        return;
      }
      const key = `${webhook.id} ${event.data.userId}`;
      const before = queues.get(key) ?? Promise.resolve();
      const now = track(before.then(() => attempt(delivery, settings, schedule, RETRIES)));
      queues.set(key, now);
      void now.then(() => {
        if (queues.get(key) === now) queues.delete(key);
      });
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

interface Delivery {
  url: string;
  body: string;
  signature: string;
}

/** Fixes the bytes once, so that every attempt carries the same body and signature. */
function prepare(webhook: Webhook, event: Event): Delivery {
  const data = 'payload' in event.data && !webhook.includePayload ? { ...event.data, payload: null } : event.data;
  const body = JSON.stringify({ ...event, data });
  return { url: webhook.url, body, signature: signature(webhook.secret, body) };
}

async function post(delivery: Delivery): Promise<boolean> {
  try {
    const response = await fetch(delivery.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'smile-signature': delivery.signature },
      body: delivery.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
