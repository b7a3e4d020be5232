/** Flipsite's webhooks at Smile: their secrets, sealed, and which of them is valid. */
import { randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Database } from './db/database.ts';
import { newId } from './ids.ts';
import { openText, sealText, type Opened, type SealContext, type SealKeys } from './crypto/seal.ts';
import type { Tables } from './db/tables.ts';

export type OwnWebhook = {
  id: string;
  /** Smile's id; null while Flipsite does not know whether Smile has it. */
  smileId: string | null;
  url: string;
  /** ISO 8601, as the others. */
  createdAt: string;
  /** The time at which another webhook replaced it. */
  replacedAt: string | null;
  /** The time since which it is gone at Smile. */
  deletedAt: string | null;
  /** Whether a key of the site opens its secret. Without the secret, the site refuses its calls. */
  hasSecret: boolean;
};

/** Smile retries some dozens of seconds later (Smile, Event Notifications), so a day is enough. */
const LATE_MS = 24 * 60 * 60_000;

/** Creates a webhook with a new secret. It is stored before Smile knows it, so that its first call verifies. */
export async function addWebhook(db: Database, url: string, now: Date): Promise<{ id: string; secret: string }> {
  const id = newId(now);
  // 43 characters; Smile takes up to 64.
  const secret = randomBytes(32).toString('base64url');
  const stored = { id, url, secret: sealText(db.keys, placeOf(id), secret), created_at: now.toISOString() };
  await db.query.insertInto('smile_webhooks').values(stored).execute();
  return { id, secret };
}

/** Records that Smile has it, and that it replaces the earlier ones. */
export async function confirmWebhook(db: Database, id: string, smileId: string, now: Date): Promise<void> {
  await db.query.updateTable('smile_webhooks').set({ smile_id: smileId }).where('id', '=', id).execute();
  await db.query
    .updateTable('smile_webhooks')
    .set({ replaced_at: now.toISOString() })
    .where('id', '!=', id)
    .where('replaced_at', 'is', null)
    .execute();
}

export async function markDeleted(db: Database, id: string, now: Date): Promise<void> {
  const gone = { deleted_at: now.toISOString() };
  await db.query.updateTable('smile_webhooks').set(gone).where('id', '=', id).where('deleted_at', 'is', null).execute();
}

/** Newest first, with those that are long gone. */
export async function listOwnWebhooks(db: Database): Promise<OwnWebhook[]> {
  const rows = await db.query.selectFrom('smile_webhooks').selectAll().orderBy('id', 'desc').execute();
  return rows.map((row) => ({ ...fromRow(row), hasSecret: openSecret(db.keys, row).ok }));
}

/** The webhook that Smile has, as far as this site knows. */
export const findOwnWebhook = async (db: Database): Promise<OwnWebhook | undefined> =>
  (await listOwnWebhooks(db)).find(({ deletedAt, smileId }) => !deletedAt && smileId !== null);

/**
 * The secrets of all webhooks that may still send something. An event from before a replacement may arrive a little
 * later.
 */
export async function webhookSecrets(db: Database, now: Date): Promise<string[]> {
  const rows = await db.query.selectFrom('smile_webhooks').selectAll().execute();
  return rows
    .filter(({ deleted_at }) => deleted_at === null || Date.parse(deleted_at) > now.getTime() - LATE_MS)
    .flatMap((row) => {
      const opened = openSecret(db.keys, row);
      return opened.ok ? [opened.value] : [];
    });
}

/** The secret of a stored webhook, if one of `keys` opens it. */
export const openSecret = (keys: SealKeys, { id, secret }: { id: string; secret: string }): Opened<string> =>
  openText(keys, placeOf(id), secret);

const placeOf = (id: string): SealContext => [id, 'webhook secret'];

const fromRow = (row: Selectable<Tables['smile_webhooks']>): Omit<OwnWebhook, 'hasSecret'> => ({
  id: row.id,
  smileId: row.smile_id,
  url: row.url,
  createdAt: row.created_at,
  replacedAt: row.replaced_at,
  deletedAt: row.deleted_at,
});
