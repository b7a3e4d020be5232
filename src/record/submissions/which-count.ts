/**
 * Decides which submissions count. The dashboard's figures and list, the CSV file, the API's `counted` and `limits.max`
 * use the definitions here. Each is here twice: for a row in memory, and for `where`.
 */
import { sql, type Selectable } from 'kysely';
import type { Tables } from '../db/tables.ts';

/**
 * A `draft` and a `submitted` one count. `quarantined`: it may be from a robot, or a member marked it as spam. `deleted`: it
 * was submitted, and its content was deleted since. `empty`: no answer, and the person has not come to the sign-in window.
 */
export type CountedAs = 'draft' | 'submitted' | 'quarantined' | 'deleted' | 'empty';

type Row = Pick<Selectable<Tables['submissions']>, 'submitted_at' | 'quarantined' | 'erased_at'> & {
  started: boolean;
};

export function countedAs({ started, submitted_at, quarantined, erased_at }: Row): CountedAs {
  if (erased_at !== null) return submitted_at === null ? 'empty' : 'deleted';
  if (quarantined) return 'quarantined';
  if (submitted_at !== null) return 'submitted';
  return started ? 'draft' : 'empty';
}

/** Whether the person has an answer, or has come to the sign-in window. @param answers as they are stored, or opened */
export const hasStarted = ({
  answers,
  smile_user_id,
}: {
  answers: string | object;
  smile_user_id: string | null;
}): boolean =>
  smile_user_id !== null || (typeof answers === 'string' ? answers !== '{}' : Object.keys(answers).length > 0);

/**
 * The column `answers` for `hasStarted`: empty in place of any answers. Neither database reads a long text for it, which
 * takes up to 10 milliseconds.
 */
export const ANSWERS_OR_NONE = sql<string>`case when octet_length(answers) > 2 then '' else answers end`.as('answers');

/** The same as a condition. */
const STARTED = sql.raw("answers <> '{}' or smile_user_id is not null");

export const doesCount = (as: CountedAs): boolean => as === 'draft' || as === 'submitted';

/** The same as conditions, each with the exact text of an index. */
export const COUNT_CONDITIONS = {
  draft: sql<boolean>`submitted_at is null and quarantined = 0 and erased_at is null and (${STARTED})`,
  submitted: sql<boolean>`submitted_at is not null and quarantined = 0 and erased_at is null`,
  quarantined: sql<boolean>`quarantined = 1 and erased_at is null`,
  deleted: sql<boolean>`submitted_at is not null and erased_at is not null`,
};

/** A draft or a submitted one, for few rows in memory. No index has this condition. */
export const IS_COUNTED = sql<boolean>`(quarantined = 0 and erased_at is null and (${STARTED} or submitted_at is not null))`;
