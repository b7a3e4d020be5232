/** Submissions: one person's pass through a form. */
import { sql, type Selectable } from 'kysely';
import type { Answers } from '../../form/runtime/condition.ts';
import { locked, type Database } from '../db/database.ts';
import { prepared, preparedPipelined, type Values } from '../db/prepared.ts';
import { newId } from '../ids.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { suspicionColumns, suspicionOf, type SuspicionReason, type Suspicion } from './suspicion.ts';
import { openAnswers, sealAnswers, type StoredAnswers } from './sealed-answers.ts';
import { markChanged } from '../results/changes.ts';
import type { Tables } from '../db/tables.ts';
import { hasStarted } from './which-count.ts';
import { countedStateOf, tallied, tally } from './tallies.ts';
import { sealedFields } from '../versions.ts';

/** Times are ISO 8601 in UTC with milliseconds. A submission is a draft until `submittedAt` is set. */
export type Submission = {
  id: string;
  form: string;
  version: string;
  language: string;
  /** The campaign link it came by. */
  link: string | null;
  params: Record<string, string>;
  answers: Answers;
  /** The reason by field, for sealed answers that can't be opened. They are not in `answers`. */
  unreadable: Record<string, string>;
  smileUserId: string | null;
  /** The Wink screen of the widget that was opened last. */
  winkScreen: string | null;
  /** Which of that screen's widgets, from 0. */
  winkWidget: number;
  /** Eight characters; `formatReference` shows them. */
  reference: string | null;
  ending: string | null;
  outcome: string | null;
  createdAt: string;
  updatedAt: string;
  submittedAt: string | null;
  /** When the person's data was deleted; see `erase`. */
  erasedAt: string | null;
} & Suspicion;

/** A submission with its answers as they are stored, as JSON. */
export type FoundSubmission = Submission & { stored: string };

/** A submission that is locked for this transaction. `writeCount` is its number of writes. */
export type LockedSubmission = FoundSubmission & { writeCount: number };

export type NewSubmission = {
  /** An id that `newId` made. Without it, the submission gets a new one. */
  id?: string;
  form: string;
  version: string;
  language: string;
  link?: string | null | undefined;
  params: Record<string, string>;
  suspicion?: SuspicionReason[];
  now: Date;
};

/** Creates a draft without answers. Its id sorts by `now`. */
export async function createSubmission(db: Database, input: NewSubmission): Promise<Submission> {
  return toSubmission(db, await insertDraft(db, input, '{}'));
}

/** Creates a draft with answers. It is locked, because no one else sees it before `trx` commits. */
export async function createAnswered(
  trx: Database,
  input: NewSubmission & { answers: Answers },
): Promise<LockedSubmission> {
  const id = input.id ?? newId(input.now);
  const sealed = sealAnswers(trx.keys, id, input.answers, await sealedFields(trx, input.form, input.version));
  const row = await insertDraft(trx, { ...input, id }, JSON.stringify(sealed));
  return { ...toSubmission(trx, row), stored: row.answers, writeCount: 0 };
}

async function insertDraft(db: Database, input: NewSubmission, answers: string): Promise<StoredSubmission> {
  const row: StoredSubmission = {
    id: input.id ?? newId(input.now),
    form: input.form,
    version: input.version,
    language: input.language,
    link: input.link ?? null,
    params: JSON.stringify(input.params),
    answers,
    smile_user_id: null,
    wink_screen: null,
    reference: null,
    ending: null,
    outcome: null,
    ...suspicionColumns({ suspicion: input.suspicion ?? [], verdict: null }),
    created_at: input.now.toISOString(),
    updated_at: input.now.toISOString(),
    submitted_at: null,
    erased_at: null,
    wink_widget: 0,
    write_count: 0,
  };
  await insertRow(db, row);
  if (row.quarantined || hasStarted(row)) {
    await tally(db, undefined, countedStateOf(row));
    await markChanged(db, { submission_id: row.id });
  }
  return row;
}

const NEW_COLUMNS = [
  'id', 'form', 'version', 'language', 'link', 'params', 'answers', 'suspicion', 'verdict', 'quarantined', 'created_at', 'updated_at',
] as const; // prettier-ignore

const insertRow = preparedPipelined((db, value: Values<StoredSubmission>) =>
  db.query
    .insertInto('submissions')
    .values(Object.fromEntries(NEW_COLUMNS.map((column) => [column, value(column)])) as unknown as StoredSubmission),
);

/** Runs `read`, which reads stored answers of `bytes`, in its turn. Throws if the sender of the request may not read so many now. */
export type ReadLarge = <R>(bytes: number, read: () => Promise<R>) => Promise<R>;

/**
 * Finds a submission and opens its answers. Answers without a key are in `unreadable`.
 * @param readLarge reads answers of `SITE_LIMITS.requestAnswerBytes` or more. Without it they are read like others
 */
export async function findSubmission(
  db: Database,
  id: string,
  readLarge?: ReadLarge,
): Promise<FoundSubmission | undefined> {
  const row = await readRow(FOUND, db, id, readLarge);
  return row && Object.assign(toSubmission(db, row), { stored: row.answers });
}

/** All columns but the answers. */
const OTHER_COLUMNS = [
  'id', 'form', 'version', 'language', 'link', 'params', 'smile_user_id', 'wink_screen', 'wink_widget', 'reference', 'ending', 'outcome',
  'suspicion', 'verdict', 'quarantined', 'created_at', 'updated_at', 'submitted_at', 'erased_at', 'write_count',
] as const; // prettier-ignore

/**
 * Answers as SQLite returns them. Long ones are bytes: Node makes a string of a long text with accents ten times as slowly as
 * of its bytes. For short ones, the object around the bytes would cost more.
 */
const TEXT_OR_BYTES = 'case when octet_length(answers) > 4096 then cast(answers as blob) else answers end';

/** The row of a submission. */
function rowOf(db: Database, id: string) {
  const answers = sql.raw<string | Uint8Array>(db.engine.kind === 'sqlite' ? TEXT_OR_BYTES : 'answers');
  return db.query
    .selectFrom('submissions')
    .select([...OTHER_COLUMNS, answers.as('answers')])
    .where('id', '=', id);
}

const BYTES_PER_EVENT = sql.lit(SITE_LIMITS.eventAnswerBytes.value);
const BYTES_PER_WRITE = sql.lit(SITE_LIMITS.writeAnswerBytes.value);

/** The data of an event takes as long to read as answers of half its size, or some times as long if it is a list of objects. */
const BYTES_OF_DATA = sql`(page_bytes + widget_bytes) / 2`;

/** The stored answers that the events of the browser count as. An event may have 16 kB of data. */
const BYTES_OF_EVENTS = sql`case when ${BYTES_PER_EVENT} * (page_events + widget_events) < ${BYTES_OF_DATA}
  then ${BYTES_OF_DATA} else ${BYTES_PER_EVENT} * (page_events + widget_events) end`;

/**
 * The size of the answers, for which neither database reads a long text. Requests also read events: those of the browser, and
 * those of the server about saved screens. So each of them counts as some bytes.
 */
const BYTES = sql<number>`octet_length(answers) + ${BYTES_PER_WRITE} * write_count + coalesce((
  select ${BYTES_OF_EVENTS} from submission_usage where submission_id = submissions.id), 0)`;
type Id = { id: string };
const selectBytes = prepared((db, value: Values<Id>) =>
  db.query.selectFrom('submissions').select(BYTES.as('bytes')).where('id', '=', value('id')),
);

/** The queries for the row of a submission: for any, and for one whose answers are not large. */
const queriesOf = (lockIn: <Q extends { forUpdate(): Q }>(db: Database, query: Q) => Q) => ({
  any: prepared((db, value: Values<Id>) => lockIn(db, rowOf(db, value('id')))),
  small: prepared((db, value: Values<Id>) =>
    lockIn(db, rowOf(db, value('id')).where(BYTES, '<', SITE_LIMITS.requestAnswerBytes.value)),
  ),
});
const FOUND = queriesOf((_, query) => query);
const LOCKED = queriesOf(locked);

/** The row with its answers as text. */
async function readRow(
  queries: typeof FOUND,
  db: Database,
  id: string,
  readLarge?: ReadLarge,
): Promise<StoredSubmission | undefined> {
  const [row] = await (readLarge ? queries.small : queries.any)(db, { id });
  // Written into the row, because a copy of so many columns costs more than to find them.
  if (row) return Object.assign(row, { answers: typeof row.answers === 'string' ? row.answers : Buffer.from(row.answers).toString() }); // prettier-ignore
  const [large] = readLarge ? await selectBytes(db, { id }) : [];
  return large && readLarge?.(large.bytes, () => readRow(queries, db, id));
}

/**
 * Loads a submission and locks it until `trx` ends.
 * @param readLarge as of `findSubmission`
 * @throws {NoSubmission}
 */
export async function lockSubmission(trx: Database, id: string, readLarge?: ReadLarge): Promise<LockedSubmission> {
  const row = await existing(trx, id, readLarge);
  return Object.assign(toSubmission(trx, row), { stored: row.answers, writeCount: row.write_count });
}

/** Locks a submission until `trx` ends, even an erased one. */
export async function lockRow(trx: Database, id: string): Promise<void> {
  await locked(trx, trx.query.selectFrom('submissions').select('id').where('id', '=', id)).execute();
}

/** A submission without the answers, which may take long to read. */
export async function findStarted(
  db: Database,
  id: string,
): Promise<Pick<Submission, 'id' | 'form' | 'version' | 'language' | 'createdAt' | 'submittedAt'> | undefined> {
  return db.query
    .selectFrom('submissions')
    .select(['id', 'form', 'version', 'language', 'created_at as createdAt', 'submitted_at as submittedAt'])
    .where('id', '=', id)
    .executeTakeFirst();
}

export type LastStart = Pick<Submission, 'version' | 'createdAt'>;

/** The newest submission of a form; undefined if no person has started the form. */
export async function findLastStart(db: Database, form: string): Promise<LastStart | undefined> {
  return db.query
    .selectFrom('submissions')
    .select(['version', 'created_at as createdAt'])
    .where('form', '=', form)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Finds the submission of a user at Smile. */
export async function findSubmissionBySmileUser(db: Database, userId: string): Promise<Submission | undefined> {
  const row = await db.query
    .selectFrom('submissions')
    .selectAll()
    .where('smile_user_id', '=', userId)
    .executeTakeFirst();
  return row && toSubmission(db, row);
}

/** The user at Smile of every submission that has one, by the submission's id. */
export async function smileUsers(db: Database): Promise<Map<string, string>> {
  const rows = await db.query
    .selectFrom('submissions')
    .select(['id', 'smile_user_id'])
    .where('smile_user_id', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [row.id, row.smile_user_id ?? '']));
}

/**
 * Links the submission to its user at Smile, unless it already has a user. `forgotten` is a user that Smile no longer
 * knows, and is replaced. Returns the user that the submission has now.
 */
export async function setSmileUser(
  db: Database,
  id: string,
  userId: string,
  forgotten?: string | null,
): Promise<string> {
  return db.transaction(async (trx) => {
    const { smile_user_id: current } = await existing(trx, id);
    if (current !== null && current !== forgotten) return current;
    await tallied(trx, id, () =>
      trx.query.updateTable('submissions').set({ smile_user_id: userId }).where('id', '=', id).execute(),
    );
    return userId;
  });
}

/** Sets the language of a draft. A submitted one does not change. */
export async function setLanguage(db: Database, id: string, language: string): Promise<void> {
  await db.query
    .updateTable('submissions')
    .set({ language })
    .where('id', '=', id)
    .where('submitted_at', 'is', null)
    .execute();
}

/** Stores the Wink screen and widget that is being opened, so that webhooks can be assigned to it. */
export async function setWinkScreen(db: Database, id: string, screen: string, widget = 0): Promise<void> {
  await db.query
    .updateTable('submissions')
    .set({ wink_screen: screen, wink_widget: widget })
    .where('id', '=', id)
    .execute();
}

async function existing(db: Database, id: string, readLarge?: ReadLarge): Promise<StoredSubmission> {
  const row = await readRow(LOCKED, db, id, readLarge);
  // A write that was under way during an erasure must not bring data back.
  if (!row || row.erased_at) throw new NoSubmission(id);
  return row;
}

/** Thrown by writes to a submission that does not exist or was erased. */
export class NoSubmission extends Error {
  constructor(id: string) {
    super(`There is no submission ${id}.`);
  }
}

export type StoredSubmission = Selectable<Tables['submissions']>;

/** A row of the table in the form that other code uses. */
export function toSubmission({ keys }: Pick<Database, 'keys'>, row: StoredSubmission): Submission {
  return {
    id: row.id,
    form: row.form,
    version: row.version,
    language: row.language,
    link: row.link,
    params: JSON.parse(row.params),
    ...openAnswers(keys, row.id, JSON.parse(row.answers) as StoredAnswers),
    smileUserId: row.smile_user_id,
    winkScreen: row.wink_screen,
    winkWidget: row.wink_widget,
    reference: row.reference,
    ending: row.ending,
    outcome: row.outcome,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    submittedAt: row.submitted_at,
    erasedAt: row.erased_at,
    ...suspicionOf(row),
  };
}
