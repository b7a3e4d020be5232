/** The message of a page that the dashboard could not show. */
import type { Database } from '../../record/db/database.ts';
import { UnreadableFile } from '../../record/files/files.ts';
import { TextsFull } from '../../record/forms/text-bounds.ts';
import { StoreFault } from '../../record/db/fault.ts';
import { storeHealth } from '../../record/db/store-health.ts';
import { CheckerBusy } from '../../publish/check/form-checker.ts';
import type { ErrorPage } from '../pages.ts';

/**
 * A message for `error` without its details. An error of a page does not name its cause, so the store is asked too.
 * @param requestId the id of the line in the log
 * @param isChange whether the request was to change something, which may have happened
 */
export async function errorMessage(
  error: unknown,
  db: Database,
  { requestId, isChange }: { requestId: string; isChange: boolean },
): Promise<ErrorPage> {
  if (error instanceof CheckerBusy) return CHECKER_BUSY;
  if (error instanceof TextsFull) return { status: 422, title: 'There is no room for this text', text: error.message };
  const giveCode = `give this code to the person who runs Flipsite: ${requestId}.`;
  if (error instanceof UnreadableFile)
    return { status: 500, title: 'This file cannot be opened', text: `${error.fault} To get it back, ${giveCode}` };
  const found =
    error instanceof StoreFault || (await storeHealth(db)) !== undefined
      ? STORE_UNAVAILABLE
      : isChange
        ? CHANGE_FAILED
        : PAGE_FAILED;
  return { ...found, text: `${found.text} If it happens again, ${giveCode}` };
}

const CHECKER_BUSY: ErrorPage = {
  status: 503,
  title: 'Flipsite is checking other forms right now',
  text: 'A text that you saved is stored. Try again in a few seconds.',
};

const CHANGE_FAILED: ErrorPage = {
  status: 500,
  title: 'Something went wrong here',
  text: 'Check whether your change is there before you try again.',
};

const PAGE_FAILED: ErrorPage = {
  status: 500,
  title: 'This page cannot be shown',
  text: 'Something went wrong here, and nothing was changed. Try again in a minute.',
};

const STORE_UNAVAILABLE: ErrorPage = {
  status: 503,
  title: 'This does not work right now',
  text: 'Flipsite cannot reach its database, or the disk is full. Try again in a minute.',
};
