/** Marks submissions as changed, in the transaction that changes them. */
import { preparedPipelined, type Values } from '../db/prepared.ts';

/** The names of the events that decide how far a person came. */
export const PROGRESS_EVENTS = [
  'started', 'answersSaved', 'screenLeft', 'submitted', 'linkTokenIssued', 'linkTokenFailed', 'fileAdded', 'fileRemoved',
  'screenSeen', 'widgetBlocked',
  'onUIEvent', 'onAccountCreated', 'onAccountConnected', 'onAccountError', 'onAccountRemoved', 'onUploadsCreated',
  'onTokenExpired', 'onClose',
] as const; // prettier-ignore

/** Nothing counts when it has only started. */
const MARKING = new Set<string>(PROGRESS_EVENTS.filter((name) => name !== 'started'));

/** Whether the progress of a submission can change with an event of this name. */
export const changesProgress = (name: string): boolean => MARKING.has(name);

/**
 * A change is a new row: two transactions never wait for each other, and the one that counts removes only changes that it
 * has seen.
 */
export const markChanged = preparedPipelined((db, value: Values<{ submission_id: string }>) =>
  db.query.insertInto('result_changes').values({ submission_id: value('submission_id') }),
);
