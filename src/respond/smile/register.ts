/** The site's webhook at Smile: register it, replace it, and read its state. */
import { lastWebhookAt } from '../../record/event-queries.ts';
import {
  addWebhook,
  confirmWebhook,
  findOwnWebhook,
  listOwnWebhooks,
  markDeleted,
  type OwnWebhook,
} from '../../record/webhook-registrations.ts';
import { explainSmileError, SmileError } from '../../smile/error.ts';
import type { SmileWebhook } from '../../smile/resources/webhooks.ts';
import { explainMissed } from '../../smile/webhook-address.ts';
import type { Services } from '../services.ts';

type WebhookServices = Pick<Services, 'db' | 'smile' | 'now'>;

/** Marks the site's webhooks: Smile has one list for all of a tenant. */
const NAME = 'Flipsite';

/**
 * Registers a webhook to `url` with a new secret, then deletes the webhooks that it replaces. All their secrets stay
 * accepted meanwhile, so no event is lost. Throws `SmileError`; the old webhooks then remain, and you can retry.
 */
export async function registerWebhook({ db, smile, now }: WebhookServices, url: string): Promise<SmileWebhook> {
  const { id, secret } = await addWebhook(db, url, now());
  let webhook: SmileWebhook;
  try {
    webhook = await smile.createWebhook({ name: NAME, url, secret, eventTypes: ['ALL_EVENTS'] });
  } catch (error) {
    // After a refusal it does not exist. After a timeout it may: its secret stays accepted, and the next one replaces
    // it.
    if (error instanceof SmileError && error.kind === 'refused') await markDeleted(db, id, now());
    throw error;
  }
  await confirmWebhook(db, id, webhook.id, now());
  await deleteReplaced({ db, smile, now }, webhook);
  return webhook;
}

/** Deletes the site's webhooks except `current`: those stored here, and those with the same name and address. */
async function deleteReplaced({ db, smile, now }: WebhookServices, current: SmileWebhook): Promise<void> {
  const own = (await listOwnWebhooks(db)).filter(({ deletedAt, smileId }) => !deletedAt && smileId !== current.id);
  const atSmile = await smile.listWebhooks();
  const ours = atSmile.filter(
    ({ id, name, url }) => id !== current.id && (own.some(({ smileId }) => smileId === id) || (name === NAME && url === current.url)), // prettier-ignore
  );
  for (const { id } of ours) await smile.deleteWebhook(id);
  for (const { id } of own) await markDeleted(db, id, now());
}

export type WebhookState = {
  /** The registered webhook; undefined if none was registered from here. */
  own: OwnWebhook | undefined;
  /** The same at Smile; undefined if Smile does not have it or did not say so. */
  atSmile: SmileWebhook | undefined;
  /** Why it does not reach this site, in a sentence; undefined if nothing is known against it. */
  missed: string | undefined;
  /** Why Smile did not say which webhooks it has, in sentences. */
  fault: string | undefined;
  /** When any webhook was last received; ISO 8601. */
  lastAt: string | undefined;
};

/**
 * Asks Smile, also where no webhook is registered: its answer shows whether it accepts the keys.
 * @param address where this site expects its webhooks, if known
 */
export async function webhookState(
  { db, smile }: Pick<Services, 'db' | 'smile'>,
  address: string | undefined,
): Promise<WebhookState> {
  const own = await findOwnWebhook(db);
  const lastAt = await lastWebhookAt(db);
  try {
    const webhooks = await smile.listWebhooks();
    const atSmile = webhooks.find(({ id }) => id === own?.smileId);
    const missed = own && atSmile && explainMissed(atSmile.url, own.hasSecret, address);
    return { own, atSmile, missed, fault: undefined, lastAt };
  } catch (error) {
    if (!(error instanceof SmileError)) throw error;
    return { own, atSmile: undefined, missed: undefined, fault: explainSmileError(error), lastAt };
  }
}
