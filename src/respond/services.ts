/** What answering a respondent takes. `site.ts` opens these once. */
import type { Catalog } from '../publish/catalog.ts';
import type { Database } from '../record/db/database.ts';
import type { FileDeps } from '../record/files/files.ts';
import type { Keys } from '../record/crypto/secrets.ts';
import { appendNew, serverEvent, type ServerEvent } from '../record/events.ts';
import type { Submission } from '../record/submissions/submissions.ts';
import type { SmileClient } from '../smile/client.ts';

export interface Services extends FileDeps {
  db: Database;
  catalog: Catalog;
  smile: SmileClient;
  keys: Keys;
  now(): Date;
  /** How many of a form have been sent that count to its limit, as it was a moment ago. */
  countCompleted(slug: string): Promise<number>;
  /** Whether it is held against a submission that it came faster than people type. */
  flagFastSubmissions: boolean;
}

/** Records what the server did with a submission. */
export async function recordServerEvent(
  db: Database,
  submission: Pick<Submission, 'id'>,
  name: ServerEvent,
  data: Record<string, unknown>,
  now: Date,
): Promise<void> {
  await appendNew(db, serverEvent(submission.id, name, data, now));
}
