/** Saves the answers of a draft, and submits it. */
import type { Answers } from '../../form/runtime/condition.ts';
import type { Database } from '../db/database.ts';
import { preparedPipelined, type Values } from '../db/prepared.ts';
import { sealedFields } from '../versions.ts';
import { sealAnswers, type StoredAnswers } from './sealed-answers.ts';
import { lockSubmission, type LockedSubmission, type StoredSubmission } from './submissions.ts';
import { isQuarantined } from './suspicion.ts';
import { hasStarted } from './which-count.ts';
import { tally, type CountedState } from './tallies.ts';

/**
 * Sets the answers in `set` and removes those named in `clear`. Other answers stay.
 * @param alreadyLocked the result of `lockSubmission` in the same transaction, if there is one
 * @throws {NoSubmission}
 */
export async function mergeAnswers(
  db: Database,
  id: string,
  change: { set: Answers; clear: string[] },
  now: Date,
  alreadyLocked?: LockedSubmission,
): Promise<'saved' | 'already_submitted'> {
  return db.transaction(async (trx) => {
    const current = alreadyLocked ?? (await lockSubmission(trx, id));
    if (current.submittedAt) return 'already_submitted';
    // Other answers stay sealed as they are: one that can't be opened now can be once its key is back.
    const stored = JSON.parse(current.stored) as StoredAnswers;
    for (const field of change.clear) delete stored[field];
    Object.assign(
      stored,
      sealAnswers(trx.keys, id, change.set, await sealedFields(trx, current.form, current.version)),
    );
    const answers = JSON.stringify(stored);
    await updateAnswers(trx, { id, answers, updated_at: changedAt(current, now) });
    const before = toCountedState(current);
    const started = hasStarted({ answers, smile_user_id: current.smileUserId });
    if (started !== before.started) await tally(trx, before, { ...before, started });
    return 'saved';
  });
}

/** A time this far ahead was set by a wrong clock, and would keep the submission for too long. */
const MAX_AHEAD_MS = 7 * 24 * 3_600_000;

/** The time of a change, which is not before the last one. A clock that is behind for a while makes no draft look old. */
function changedAt({ updatedAt }: LockedSubmission, now: Date): string {
  const aheadMs = Date.parse(updatedAt) - now.getTime();
  return aheadMs > 0 && aheadMs <= MAX_AHEAD_MS ? updatedAt : now.toISOString();
}

const updateAnswers = preparedPipelined((db, value: Values<Pick<StoredSubmission, 'id' | 'answers' | 'updated_at'>>) =>
  db.query
    .updateTable('submissions')
    .set((eb) => ({
      answers: value('answers'),
      updated_at: value('updated_at'),
      write_count: eb('write_count', '+', 1),
    }))
    .where('id', '=', value('id')),
);

/**
 * Submits the draft with its final answers. A second call changes nothing and returns the result of the first one. If the
 * reference is in use, the transaction is retried, so the caller must generate the reference inside it.
 * @param alreadyLocked the result of `lockSubmission` in the same transaction, if there is one
 * @throws {NoSubmission}
 */
export async function markSubmitted(
  db: Database,
  id: string,
  input: { answers: Answers; reference: string; ending: string; outcome: string; now: Date },
  alreadyLocked?: LockedSubmission,
): Promise<{ reference: string; ending: string }> {
  return db.transaction(async (trx) => {
    const row = alreadyLocked ?? (await lockSubmission(trx, id));
    if (row.reference !== null && row.ending !== null) return { reference: row.reference, ending: row.ending };
    const [[field, fault] = []] = Object.entries(row.unreadable);
    if (field) throw new Error(`Submission ${id} is not sent: its answer to ${field} cannot be opened. ${fault}`);
    const { reference } = input;
    const sensitive = await sealedFields(trx, row.form, row.version);
    const submittedAt = input.now.toISOString();
    await updateSent(trx, {
      id,
      answers: JSON.stringify(sealAnswers(trx.keys, id, input.answers, sensitive)),
      reference,
      ending: input.ending,
      outcome: input.outcome,
      submitted_at: submittedAt,
      updated_at: changedAt(row, input.now),
    });
    const before = toCountedState(row);
    await tally(trx, before, { ...before, submitted_at: submittedAt, outcome: input.outcome });
    return { reference, ending: input.ending };
  });
}

/** From the stored answers, because some of them may not be readable. */
const toCountedState = ({
  form,
  stored,
  smileUserId,
  submittedAt,
  outcome,
  suspicion,
  verdict,
  erasedAt,
}: LockedSubmission): CountedState => ({
  form,
  started: hasStarted({ answers: stored, smile_user_id: smileUserId }),
  submitted_at: submittedAt,
  outcome,
  quarantined: Number(isQuarantined({ suspicion, verdict })),
  erased_at: erasedAt,
});

type Sent = Pick<
  StoredSubmission,
  'id' | 'answers' | 'reference' | 'ending' | 'outcome' | 'submitted_at' | 'updated_at'
>;

const updateSent = preparedPipelined((db, value: Values<Sent>) =>
  db.query
    .updateTable('submissions')
    .set({
      answers: value('answers'),
      reference: value('reference'),
      ending: value('ending'),
      outcome: value('outcome'),
      updated_at: value('updated_at'),
      submitted_at: value('submitted_at'),
    })
    .where('id', '=', value('id')),
);
