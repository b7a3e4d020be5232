import { createHmac } from 'node:crypto';
import { type LoggedDelivery, type Event, type LoggedEvent, typesWithPayload } from './events.ts';
import { timestamp } from '../store/ids.ts';
import type { Schedule } from '../schedule.ts';
import type { Settings } from '../control/settings.ts';
import type { Webhook } from '../store/state.ts';

/** The value of `Smile-Signature`: lower-case hex of HMAC-SHA512 over the raw body (Smile, Event Notifications). */
function signature(secret: string, body: string): string {
  return createHmac('sha512', secret).update(body).digest('hex');
}

const RETRIES = 2;
const TIMEOUT_MS = 10_000;
const SHUFFLE_MS = 2000;

export interface WebhookSender {
  /** Sends an event to a webhook that asked for its type. One user's events reach one webhook in order. */
  send(webhook: Webhook, logged: LoggedEvent, settings: Settings, schedule: Schedule): void;
  /** Resolves when no request is running. */
  idle(): Promise<void>;
}

export function createWebhookSender(): WebhookSender {
  const queues = new Map<string, Promise<void>>();
  const underWay = new Set<Promise<unknown>>();

  function track(work: Promise<void>) {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  }

  async function attempt(letter: SealedEvent, settings: Settings, schedule: Schedule, retries: number) {
    if ((await post(letter)) || retries === 0) return;
    schedule.later(settings.webhookRetryMs, () => void track(attempt(letter, settings, schedule, retries - 1)));
  }

  /** Runs after all earlier work for the same webhook and user. */
  function inTurn(key: string, work: () => Promise<void>) {
    const now = track((queues.get(key) ?? Promise.resolve()).then(work));
    queues.set(key, now);
    void now.then(() => {
      if (queues.get(key) === now) queues.delete(key);
    });
  }

  return {
    send(webhook, { event, userId, deliveries }, settings, schedule) {
      const names = (list: readonly string[]) => list.includes('ALL_EVENTS') || list.includes(event.type);
      if (!webhook.active || !names(webhook.eventTypes)) return;
      const delivery: LoggedDelivery = { webhookId: webhook.id, url: webhook.url, attempts: [] };
      deliveries.push(delivery);
      if (names(settings.webhookDrop)) {
        delivery.dropped = true;
        return;
      }
      const letter = seal(webhook, event, delivery);
      const copies = Math.max(settings.webhookRepeat, settings.webhookShuffle ? 2 : 1);
      for (let copy = 0; copy < copies; copy++) {
        const deliver = () => attempt(letter, settings, schedule, RETRIES);
        if (settings.webhookShuffle) {
          schedule.later(settings.webhookDelayMs + Math.random() * SHUFFLE_MS, () => void track(deliver()));
        } else if (settings.webhookDelayMs > 0) {
          schedule.later(settings.webhookDelayMs, () => inTurn(`${webhook.id} ${userId}`, deliver));
        } else inTurn(`${webhook.id} ${userId}`, deliver);
      }
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

interface SealedEvent {
  url: string;
  body: string;
  signature: string;
  delivery: LoggedDelivery;
}

/** Serializes once, so that every attempt has the same body and signature. */
function seal(webhook: Webhook, event: Event, delivery: LoggedDelivery): SealedEvent {
  const bare = typesWithPayload.includes(event.type) && !webhook.includePayload;
  const data = bare ? { ...event.data, payload: null } : event.data;
  const body = JSON.stringify({ ...event, data });
  return { url: webhook.url, body, signature: signature(webhook.secret, body), delivery };
}

async function post({ url, body, signature, delivery }: SealedEvent): Promise<boolean> {
  const attempt: LoggedDelivery['attempts'][number] = { at: timestamp(new Date()), status: null };
  delivery.attempts.push(attempt);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'smile-signature': signature },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    attempt.status = response.status;
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    attempt.error = String((error as Error).cause ?? error);
    return false;
  }
}
