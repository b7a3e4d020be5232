/** What a person fills in: found by whom their token says they are, and changed by nobody else meanwhile. */
import type { Form } from '../form/schema.ts';
import type { Database } from '../record/db/database.ts';
import { findSubmission, lockSubmission, NoSubmission, setLanguage, type LockedSubmission, type Submission } from '../record/submissions/submissions.ts'; // prettier-ignore
import type { Services } from './services.ts';
import { askAboutClaims } from './smile/facts.ts';
import { hasExpired } from './token.ts';

/** Who asks. Their token has opened the submission `id`. */
export interface Caller {
  id: string;
  /** What they read now. One that the form does not have says nothing. */
  language?: string | undefined;
}

export interface RespondentSubmission<S extends Submission = Submission> {
  submission: S;
  form: Form;
}

/** What `caller` fills in. Throws NoSubmission where there is none, or not any more. */
export async function loadRespondentSubmission(services: Services, caller: Caller): Promise<RespondentSubmission> {
  return accessAs(services, services.db, caller, await findSubmission(services.db, caller.id));
}

/** What has to be known before it can be changed. */
interface UpdateOptions {
  /**
   * Whether Smile is asked about its accounts first, where Smile can know of any: without this, it is. That may take
   * seconds, and nobody else is to wait for it.
   */
  refreshFromSmile?(trx: Database, theirs: RespondentSubmission): Promise<boolean>;
  /** Whether it is decided by other submissions too. */
  needsIsolation?(theirs: RespondentSubmission): boolean;
}

/**
 * Runs `run` on what `caller` fills in, in one transaction in which nobody else changes it. Like every transaction it may
 * be run again from its beginning. Throws NoSubmission as `findTheirs` does.
 */
export async function updateRespondentSubmission<R>(
  services: Services,
  caller: Caller,
  { refreshFromSmile = async () => true, needsIsolation = () => false }: UpdateOptions,
  run: (trx: Database, theirs: RespondentSubmission<LockedSubmission>) => Promise<R>,
): Promise<R> {
  const lock = async (trx: Database, who: Caller) => accessAs(services, trx, who, await lockSubmission(trx, who.id));
  const begin = async (trx: Database): Promise<{ result: R } | { theirs: RespondentSubmission; asked: boolean }> => {
    const theirs = await lock(trx, caller);
    const asked = mayAsk(theirs.submission) && (await refreshFromSmile(trx, theirs));
    return asked || needsIsolation(theirs) ? { theirs, asked } : { result: await run(trx, theirs) };
  };
  const begun = await services.db.transaction(begin, { locksRow: true });
  if ('result' in begun) return begun.result;
  const { theirs, asked } = begun;
  if (asked) await askAboutClaims(services, theirs.submission, theirs.form);
  // Smile may have taken seconds to answer. What was saved meanwhile counts, and so do the language that the person has
  // gone on in since, and limits that were published.
  const id = { id: caller.id };
  return services.db.transaction(async (trx) => run(trx, await lock(trx, id)), {
    locksRow: !needsIsolation(theirs),
  });
}

/** Whether Smile can know anything of a submission that is still to be decided. */
const mayAsk = ({ smileUserId, submittedAt }: Submission): boolean => smileUserId !== null && submittedAt === null;

async function accessAs<S extends Submission>(
  services: Services,
  db: Database,
  caller: Caller,
  submission: S | undefined,
): Promise<RespondentSubmission<S>> {
  if (!submission || submission.erasedAt || hasExpired(submission.createdAt, services.now()))
    throw new NoSubmission(caller.id);
  const form = await services.catalog.version(submission.form, submission.version, db);
  if (!form) throw new NoSubmission(caller.id);
  // A person may change the language of the page on the way; from then on they are answered in it.
  const language = form.languages.find((one) => one === caller.language) ?? submission.language;
  if (language === submission.language || submission.submittedAt) return { submission, form };
  await setLanguage(db, submission.id, language);
  return { submission: { ...submission, language }, form };
}
