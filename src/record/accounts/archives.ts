/** Documents that people uploaded to Smile: their status, and the data read from them, sealed. */
import type { Selectable } from 'kysely';
import { typeable } from '../../form/typeable.ts';
import type { Database } from '../db/database.ts';
import { openInTurns } from '../crypto/open-in-turns.ts';
import { openText, sealText, type SealContext } from '../crypto/seal.ts';
import type { Tables } from '../db/tables.ts';

export type Archive = {
  archiveId: string;
  submissionId: string;
  /** The Wink screen on which the person uploaded it, and the index of that screen's widget, from 0. */
  screen: string;
  widget: number;
  /** The type that the person chose, in Smile's words: PAYSLIP. */
  type: string | null;
  /** In Smile's words: STARTED, ANALYZED, UNSUPPORTED, ERROR, REVOKED. */
  status: string;
  errorCode: string | null;
  /** The data as Smile sent it. Absent if the form does not ask for it, or if it was removed. */
  content: Record<string, unknown> | undefined;
  /** ISO 8601, as the others. */
  readAt: string | null;
  /** The time at which the data was removed, because the document was taken back. */
  removedAt: string | null;
  createdAt: string;
  /** The reason if the data can't be opened. */
  fault: string | undefined;
};

export type ArchiveReport = Pick<Archive, 'archiveId' | 'submissionId' | 'screen' | 'widget' | 'type' | 'status' | 'errorCode' | 'content'>; // prettier-ignore

/** The status after which Smile has nothing of a document any more (Smile, Archives). */
export const REVOKED = 'REVOKED';

/**
 * Stores Smile's status of a document and the data that Smile read from it. Of a document that was taken back, only the
 * fact that it existed stays. Words of Smile are stored without invisible characters.
 */
export async function storeArchive(db: Database, report: ArchiveReport, now: Date): Promise<void> {
  const { archiveId, submissionId, screen, widget, type, status, errorCode, content } = report;
  const moment = now.toISOString();
  const before = await db.query
    .selectFrom('archives')
    .selectAll()
    .where('archive_id', '=', archiveId)
    .executeTakeFirst();
  // Ids come from Smile. A document never moves to another submission.
  if (before && before.submission_id !== submissionId) return;
  const gone = status === REVOKED;
  const read = content && !gone ? { sealed: sealText(db.keys, placeOf(archiveId), JSON.stringify(content)), read_at: moment } : {}; // prettier-ignore
  const removed = gone && before?.sealed ? { sealed: null, removed_at: moment } : {};
  const words = {
    type: type && typeable(type),
    status: typeable(status),
    error_code: errorCode && typeable(errorCode),
  };
  const updated = { ...words, ...read, ...removed };
  await db.query
    .insertInto('archives')
    .values({ archive_id: archiveId, submission_id: submissionId, screen, widget, created_at: moment, ...updated })
    .onConflict((conflict) => conflict.column('archive_id').doUpdateSet(updated))
    .execute();
}

/** The documents of a submission, in the order in which they were first reported. */
export async function listArchives(db: Database, submissionId: string): Promise<Archive[]> {
  const rows = await db.query
    .selectFrom('archives')
    .selectAll()
    .where('submission_id', '=', submissionId)
    .orderBy('created_at')
    .orderBy('archive_id')
    .execute();
  return openInTurns(rows, (row) => fromRow(db, row));
}

/** The same without their data, which nothing opens. */
export async function listArchiveStates(
  db: Database,
  submissionId: string,
): Promise<Pick<Archive, 'archiveId' | 'screen' | 'widget' | 'type' | 'status' | 'readAt'>[]> {
  return db.query
    .selectFrom('archives')
    .select(['archive_id as archiveId', 'screen', 'widget', 'type', 'status', 'read_at as readAt'])
    .where('submission_id', '=', submissionId)
    .execute();
}

/** Whether the person has sent documents to Smile that they did not take back. */
export async function hasDocuments(db: Database, submissionId: string): Promise<boolean> {
  const sent = db.query.selectFrom('archives').select('archive_id').where('submission_id', '=', submissionId).where('status', '!=', REVOKED); // prettier-ignore
  return (await sent.limit(1).executeTakeFirst()) !== undefined;
}

function fromRow(db: Database, row: Selectable<Tables['archives']>): Archive {
  const opened = row.sealed === null ? undefined : openText(db.keys, placeOf(row.archive_id), row.sealed);
  return {
    archiveId: row.archive_id,
    submissionId: row.submission_id,
    screen: row.screen,
    widget: row.widget,
    type: row.type,
    status: row.status,
    errorCode: row.error_code,
    content: opened?.ok ? (JSON.parse(opened.value) as Record<string, unknown>) : undefined,
    readAt: row.read_at,
    removedAt: row.removed_at,
    createdAt: row.created_at,
    fault: opened && !opened.ok ? opened.fault : undefined,
  };
}

const placeOf = (archiveId: string): SealContext => [archiveId, 'archive'];
