/** Our webhook at Smile: made, replaced by one with a new secret, looked at. */
import { lastWebhookAt } from '../../record/events.ts';
import {
  addWebhook,
  confirmWebhook,
  listOwnWebhooks,
  markDeleted,
  type OwnWebhook,
} from '../../record/smile-webhooks.ts';
import { SmileError } from '../../smile/error.ts';
import type { SmileWebhook } from '../../smile/resources/webhooks.ts';
import type { Services } from '../services.ts';

type Parts = Pick<Services, 'db' | 'smile' | 'now'>;

/** Ours are told by this name: Smile has one list for all of a tenant's. */
const NAME = 'Flipsite';

/**
 * Registers a webhook to `url` with a new secret, and deletes those of ours that it replaces. In that order, and with all
 * their secrets accepted, so that no event is without a webhook that brings it. Throws `SmileError`; then the ones before
 * stay as they were, and it can be done again.
 */
export async function registerWebhook({ db, smile, now }: Parts, url: string): Promise<SmileWebhook> {
  const { id, secret } = await addWebhook(db, url, now());
  let made: SmileWebhook;
  try {
    made = await smile.createWebhook({ name: NAME, url, secret, eventTypes: ['ALL_EVENTS'] });
  } catch (error) {
    // Refused, it is not there. After a timeout it may be: its secret stays accepted, and the next one replaces it.
    if (error instanceof SmileError && error.kind === 'refused') await markDeleted(db, id, now());
    throw error;
  }
  await confirmWebhook(db, id, made.id, now());
  await deleteOthers({ db, smile, now }, made);
  return made;
}

/** What we registered at Smile before `kept`, told apart by our own list, or by our name and the same address. */
async function deleteOthers({ db, smile, now }: Parts, kept: SmileWebhook): Promise<void> {
  const own = (await listOwnWebhooks(db)).filter(({ deletedAt, smileId }) => !deletedAt && smileId !== kept.id);
  const there = await smile.listWebhooks();
  const ours = there.filter(
    ({ id, name, url }) => id !== kept.id && (own.some(({ smileId }) => smileId === id) || (name === NAME && url === kept.url)), // prettier-ignore
  );
  for (const { id } of ours) await smile.deleteWebhook(id);
  for (const { id } of own) await markDeleted(db, id, now());
}

export type WebhookState = {
  /** The one that is ours; absent when none was registered from here. */
  own: OwnWebhook | undefined;
  /** What Smile says of it; absent when it does not have it, or could not be asked. */
  there: SmileWebhook | undefined;
  /** Why Smile could not be asked. */
  fault: string | undefined;
  /** When any webhook was last received; ISO 8601. */
  lastAt: string | undefined;
};

export async function webhookState({ db, smile }: Pick<Services, 'db' | 'smile'>): Promise<WebhookState> {
  const own = (await listOwnWebhooks(db)).find(({ deletedAt, smileId }) => !deletedAt && smileId !== null);
  const lastAt = await lastWebhookAt(db);
  try {
    const there = own && (await smile.listWebhooks()).find(({ id }) => id === own.smileId);
    return { own, there, fault: undefined, lastAt };
  } catch (error) {
    if (!(error instanceof SmileError)) throw error;
    return { own, there: undefined, fault: error.message, lastAt };
  }
}
