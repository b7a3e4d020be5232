/** Marks submissions as changed, in the transaction that changes them. */
import { preparedPipelined, type Values } from '../db/prepared.ts';

/**
 * A change is a new row: two transactions never wait for each other, and the one that counts removes only changes that it
 * has seen.
 */
export const markChanged = preparedPipelined((db, value: Values<{ submission_id: string }>) =>
  db.query.insertInto('result_changes').values({ submission_id: value('submission_id') }),
);
