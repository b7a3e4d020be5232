/** The services that handlers of respondents' requests need. `site.ts` opens them once. */
import type { Links } from '../links/registry.ts';
import type { Catalog } from '../publish/catalog.ts';
import type { Database } from '../record/db/database.ts';
import type { FileDeps } from '../record/files/files.ts';
import type { Keys } from '../record/crypto/secrets.ts';
import type { ResultCounting } from '../record/results/result-worker.ts';
import { appendNew, serverEvent, type ServerEvent } from '../record/events.ts';
import { appendSmileEvent } from '../record/smile-events.ts';
import type { LastStart, Submission } from '../record/submissions/submissions.ts';
import type { SmileClient } from '../smile/client.ts';

export interface Services extends FileDeps {
  db: Database;
  catalog: Catalog;
  links: Links;
  smile: SmileClient;
  keys: Keys;
  now(): Date;
  /** Counts openings, and brings the numbers of Results up to date. */
  results: Pick<ResultCounting, 'openings' | 'countWaiting' | 'countTests'>;
  /** How many submissions count to the form's limit, at most a second ago. */
  countCompleted(slug: string): Promise<number>;
  /** The newest start of the form, at most a second ago. Undefined if no person has started it. */
  lastStart(slug: string): Promise<LastStart | undefined>;
  /** Whether a submission that is faster than people type is flagged. */
  flagFastSubmissions: boolean;
}

/** Appends an event of the server to a submission. */
export async function recordServerEvent(
  db: Database,
  submission: Pick<Submission, 'id'>,
  name: ServerEvent,
  data: Record<string, unknown>,
  now: Date,
): Promise<void> {
  await appendNew(db, serverEvent(submission.id, name, data, now));
}

/**
 * Appends an event of the server that Smile caused, in a transaction, if its submission has room for it.
 * @returns whether it has
 */
export async function recordSmileEvent(
  trx: Database,
  { id }: Pick<Submission, 'id'>,
  name: ServerEvent,
  data: Record<string, unknown>,
  now: Date,
): Promise<boolean> {
  return (await appendSmileEvent(trx, id, serverEvent(id, name, data, now))) === 'stored';
}
