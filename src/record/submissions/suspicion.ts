/** Submissions that look like spam: stored like any other but not counted, and for a member to decide on. */
import type { Database } from '../db/database.ts';
import { tallied } from './tallies.ts';

/**
 * `trap`: a field that people cannot see was filled in. `fast`: sent faster than a person types. `no_proof`: the proof of
 * work that the form asks for was missing or wrong.
 */
export type SuspicionReason = 'trap' | 'fast' | 'no_proof';
/** A member's decision. Later findings don't change it. */
export type SpamDecision = 'spam' | 'fine';

/** The outcome of a decision. `missing`: there is no such submission. `full`: it would count above the limit of its form. */
export type SpamDecisionOutcome = 'stored' | 'missing' | 'full';

export type Suspicion = { suspicion: SuspicionReason[]; verdict: SpamDecision | null };

/** The columns of a suspicion. `quarantined` is derived from the other two, and stored for the indexes. */
export const suspicionColumns = ({ suspicion, verdict }: Suspicion) => ({
  suspicion: suspicion.length ? JSON.stringify(suspicion) : null,
  verdict,
  quarantined: Number(isQuarantined({ suspicion, verdict })),
});

export const isQuarantined = ({ suspicion, verdict }: Suspicion): boolean =>
  verdict === 'spam' || (verdict === null && suspicion.length > 0);

/** Adds reasons for suspicion to a submission, and stores a member's verdict if there is one. */
export async function addSuspicion(
  db: Database,
  id: string,
  found: { reasons?: SuspicionReason[]; verdict?: SpamDecision },
): Promise<Suspicion> {
  return db.transaction(async (trx) => {
    const row = await trx.query
      .selectFrom('submissions')
      .select(['suspicion', 'verdict'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const known = suspicionOf(row);
    const now: Suspicion = {
      suspicion: [...new Set([...known.suspicion, ...(found.reasons ?? [])])],
      verdict: found.verdict ?? known.verdict,
    };
    await tallied(trx, id, () =>
      trx.query.updateTable('submissions').set(suspicionColumns(now)).where('id', '=', id).execute(),
    );
    return now;
  });
}

export const suspicionOf = (row: { suspicion: string | null; verdict: string | null }): Suspicion => ({
  suspicion: row.suspicion === null ? [] : (JSON.parse(row.suspicion) as SuspicionReason[]),
  verdict: row.verdict as SpamDecision | null,
});
