/** Loads the submission a bearer token grants access to; locks it for changes. */
import type { Form } from '../../form/schema.ts';
import type { Database } from '../../record/db/database.ts';
import { findSubmission, lockSubmission, NoSubmission, setLanguage, type FoundSubmission, type LockedSubmission, type ReadLarge, type Submission } from '../../record/submissions/submissions.ts'; // prettier-ignore
import { versionBytes } from '../../record/versions.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { lockSmileEvents } from '../../record/smile-events.ts';
import type { Services } from '../services.ts';
import { checkClaims } from '../smile/check-claims.ts';
import { asSite } from '../../site-limits/counting/current-client.ts';
import { createQueues, type TurnsByKey } from '../../site-limits/counting/turns.ts';
import { hasExpired } from '../../record/submissions/lifetime.ts';

/** The sender of a request, whose token is valid for the submission `id`. */
export interface Caller {
  id: string;
  /** The language of their page. One that the form does not have is ignored. */
  language?: string | undefined;
  /** Looks for accounts at Smile, or leaves it out if too many requests do so now. */
  limitRefresh?: ((refresh: () => Promise<void>) => Promise<void>) | undefined;
  readLarge?: ReadLarge | undefined;
  /** Runs a change with large answers in its body in its turn. Then `readLarge` waits for no other turn. */
  takeTurn?: (<R>(change: () => Promise<R>) => Promise<R>) | undefined;
}

export interface RespondentSubmission<S extends Submission = Submission> {
  submission: S;
  form: Form;
}

/** Throws `NoSubmission` if there is none, or it was erased or has expired. */
export const loadRespondentSubmission = (services: Services, caller: Caller): Promise<RespondentSubmission> =>
  load(services, caller, caller.readLarge);

async function load(services: Services, caller: Caller, readLarge?: ReadLarge): Promise<RespondentSubmission> {
  const found = await findSubmission(services.db, caller.id, readLarge);
  return withForm(services, services.db, caller, found, readLarge);
}

/**
 * Runs `read`, which reads more about the caller's submission, such as its events. With large answers, all of it runs in its
 * turn, so `read` asks no one but the database. Throws `NoSubmission` like `loadRespondentSubmission`.
 */
export const readRespondentSubmission = <R>(
  services: Services,
  caller: Caller,
  read: (loaded: RespondentSubmission) => Promise<R>,
): Promise<R> => allInTurn(caller, async (readLarge) => read(await load(services, caller, readLarge)));

interface UpdateOptions {
  /**
   * Refresh from Smile first? By default yes, if Smile can know accounts. It can take seconds, so it runs outside the
   * transaction.
   */
  refreshFromSmile?(trx: Database, loaded: RespondentSubmission): Promise<boolean>;
  /** Reads other submissions of the form, and locks the form before (`lockForm`). */
  locksForm?(loaded: RespondentSubmission): boolean;
  /** May change accounts of the person, and takes their lock before (`lockSmileEvents`). */
  locksSmileEvents?(loaded: RespondentSubmission): boolean;
}

/**
 * Runs `run` on the caller's submission in one transaction that locks it. The transaction may be retried. Throws
 * `NoSubmission` like `loadRespondentSubmission`.
 */
export async function updateRespondentSubmission<R>(
  services: Services,
  caller: Caller,
  { refreshFromSmile = async () => true, locksForm = () => false, locksSmileEvents = () => false }: UpdateOptions,
  run: (trx: Database, loaded: RespondentSubmission<LockedSubmission>) => Promise<R>,
): Promise<R> {
  const lock = async (trx: Database, sender: Caller, readLarge?: ReadLarge) =>
    withForm(services, trx, sender, await lockSubmission(trx, sender.id, readLarge), readLarge);
  const runOrDefer = async (
    trx: Database,
    readLarge?: ReadLarge,
  ): Promise<{ result: R } | { loaded: RespondentSubmission; refresh: boolean }> => {
    const loaded = await lock(trx, caller, readLarge);
    const refresh = canRefresh(loaded.submission) && (await refreshFromSmile(trx, loaded));
    return refresh || locksForm(loaded) ? { loaded, refresh } : { result: await run(trx, loaded) };
  };
  const first = await inTurn(services, caller, (readLarge) =>
    services.db.transaction((trx) => runOrDefer(trx, readLarge), { locksRow: true }),
  );
  if ('result' in first) return first.result;
  const { loaded, refresh } = first;
  const { limitRefresh = (run) => run() } = caller;
  if (refresh) await limitRefresh(() => checkClaims(services, loaded.submission, loaded.form));
  // Smile may take seconds to answer. Loaded again, since the person may have saved answers or changed the language,
  // and limits may have been published meanwhile.
  const id = { id: caller.id };
  return inTurn(services, caller, (readLarge) => {
    const lockAndRun = async (trx: Database) => {
      // Before the row, as everywhere.
      if (locksSmileEvents(loaded)) await lockSmileEvents(trx, caller.id);
      return run(trx, await lock(trx, id, readLarge));
    };
    const change = () => services.db.transaction(lockAndRun, { locksRow: true });
    return locksForm(loaded) ? ofForm(services.db, loaded.form.slug, change) : change();
  });
}

class LargeAnswers extends Error {
  readonly bytes: number;
  constructor(bytes: number) {
    super('These answers are read in turn.');
    this.bytes = bytes;
  }
}

/** Runs `work`. If it reads large answers, it runs from its beginning in its turn instead. */
async function allInTurn<R>({ readLarge }: Caller, work: (readLarge?: ReadLarge) => Promise<R>): Promise<R> {
  if (!readLarge) return work();
  try {
    return await work((bytes) => Promise.reject(new LargeAnswers(bytes)));
  } catch (error) {
    if (error instanceof LargeAnswers) return readLarge(error.bytes, () => work());
    throw error;
  }
}

/** Runs `transact`. It waits for its turn between two transactions, since all writers would wait for one that is open. */
const inTurn = <R>({ db }: Services, caller: Caller, transact: (readLarge?: ReadLarge) => Promise<R>): Promise<R> => {
  const { id, takeTurn = (change) => change() } = caller;
  return ofSubmission(db, id, () => takeTurn(() => allInTurn(caller, transact)));
};

/** As long as PostgreSQL lets a change wait for a row. */
const LONGEST_TURN_MS = 10_000;

/**
 * Runs the changes of a submission one after another on PostgreSQL. All of them need its row, and each that waits for it
 * would hold a connection, which others need. A connection that stays silent keeps the next change for a limited time. On
 * SQLite, all writes take turns anyway.
 */
export const ofSubmission = <R>({ engine }: Database, id: string, work: () => Promise<R>): Promise<R> =>
  engine.kind === 'postgres' ? queues(id, work) : work();

/** The same for changes that lock the row of a form (`lockForm`). Other clients wait for each of them. */
export const ofForm = <R>({ engine }: Database, slug: string, work: () => Promise<R>): Promise<R> =>
  engine.kind === 'postgres' ? queuesOfForms(slug, () => asSite(work)) : work();

/**
 * The same for changes that claim accounts. Other submissions may claim the same ones, so each could wait for all others, and
 * hold a connection meanwhile.
 */
export const ofClaims = <R>({ engine }: Database, work: () => Promise<R>): Promise<R> =>
  engine.kind === 'postgres' ? queueOfClaims('', () => asSite(work)) : work();

const queues: TurnsByKey = createQueues(LONGEST_TURN_MS);
const queuesOfForms: TurnsByKey = createQueues(LONGEST_TURN_MS);
const queueOfClaims: TurnsByKey = createQueues(LONGEST_TURN_MS);

/** Whether Smile can have news of a submission that is not submitted yet. */
const canRefresh = ({ smileUserId, submittedAt }: Submission): boolean => smileUserId !== null && submittedAt === null;

/**
 * The form of a submission, as it was published when the submission was started.
 * @param readLarge reads a large form that is not in memory, as it reads large answers. Without `readLarge`, the form is read at once
 */
export async function formOf(
  { catalog }: Services,
  db: Database,
  { form: slug, version }: Pick<Submission, 'form' | 'version'>,
  readLarge: ReadLarge | undefined,
): Promise<Form | undefined> {
  const kept = catalog.versionKept(slug, version);
  if (kept) return kept;
  const read = () => catalog.version(slug, version, db);
  const bytes = readLarge ? ((await versionBytes(db, slug, version)) ?? 0) : 0;
  return readLarge && bytes >= SITE_LIMITS.requestAnswerBytes.value ? readLarge(bytes, read) : read();
}

async function withForm<S extends FoundSubmission>(
  services: Services,
  db: Database,
  caller: Caller,
  submission: S | undefined,
  readLarge: ReadLarge | undefined,
): Promise<RespondentSubmission<S>> {
  if (!submission || submission.erasedAt || hasExpired(submission.createdAt, services.now()))
    throw new NoSubmission(caller.id);
  const form = await formOf(services, db, submission, readLarge);
  if (!form) throw new NoSubmission(caller.id);
  // A person may change the language of the page at any time. Messages follow it.
  const language = form.languages.find((one) => one === caller.language) ?? submission.language;
  if (language === submission.language || submission.submittedAt) return { submission, form };
  const change = () => setLanguage(db, submission.id, language);
  // A transaction has its turn already.
  await (db.isTransaction ? change() : ofSubmission(db, submission.id, change));
  return { submission: { ...submission, language }, form };
}
