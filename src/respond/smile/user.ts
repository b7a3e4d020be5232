/** A person's own user at Smile: one for each submission, even if Smile created one without answering. */
import { setTimeout as wait } from 'node:timers/promises';
import { listEvents } from '../../record/event-queries.ts';
import { setSmileUser, type Submission } from '../../record/submissions/submissions.ts';
import { SmileError, unlessRefused } from '../../smile/error.ts';
import type { SmileLinkToken } from '../../smile/shapes.ts';
import { ofSubmission } from '../access/submission-access.ts';
import { recordServerEvent, type Services } from '../services.ts';

type UserToken = { userId: string; token: SmileLinkToken };

/** Users being created, by submission id: two launches at once create one user. */
const creating = new Map<string, Promise<string>>();

/** A token for a person's Smile user, who is created at the first launch, or again if Smile has deleted them. */
export async function newUserToken(services: Services, submission: Submission): Promise<UserToken> {
  const { smileUserId: knownUserId } = submission;
  if (knownUserId) {
    try {
      return await tokenOf(services, knownUserId);
    } catch (error) {
      if (!(error instanceof SmileError) || error.status !== 404) throw error;
    }
  }
  const pending = creating.get(submission.id);
  if (pending) return tokenOf(services, await pending);
  const creation = findOrCreate(services, submission);
  const stored = creation.then(({ userId }) =>
    ofSubmission(services.db, submission.id, () => setSmileUser(services.db, submission.id, userId, knownUserId)),
  );
  creating.set(submission.id, stored);
  try {
    const [created, userId] = await Promise.all([creation, stored]);
    return created.token && userId === created.userId
      ? { userId, token: created.token }
      : await tokenOf(services, userId);
  } finally {
    creating.delete(submission.id);
  }
}

const tokenOf = async (services: Services, userId: string): Promise<UserToken> => ({
  userId,
  token: await services.smile.createToken(userId),
});

async function findOrCreate(
  services: Services,
  submission: Submission,
): Promise<{ userId: string; token?: SmileLinkToken }> {
  const found = await findLost(services, submission);
  if (found) return { userId: found };
  try {
    return await services.smile.createUser({ submission: submission.id, form: submission.form });
  } catch (error) {
    if (mayHaveCreated(error))
      await recordServerEvent(services.db, submission, UNCERTAIN, { reason: error.kind }, services.now());
    throw error;
  }
}

/** Recorded if Smile may have created a user whose id did not arrive. */
const UNCERTAIN = 'smileUserUncertain';

const mayHaveCreated = (error: unknown): error is SmileError =>
  error instanceof SmileError &&
  !error.unsent &&
  (error.kind === 'timeout' || error.kind === 'unavailable' || error.kind === 'unexpected_answer');

/** Smile cannot search users by metadata, so the ones created since are read (Smile, Users). */
const MAX_USERS_SEARCHED = 450;
/** How long a person waits for the search. */
const SEARCH_TIMEOUT_MS = 4_000;
/** How far Smile's clock may be behind. */
const MAX_CLOCK_SKEW_MS = 60 * 60_000;

/** @returns the user that an earlier attempt created; undefined if it is not found in time */
async function findLost(services: Services, submission: Submission): Promise<string | undefined> {
  const [first] = await listEvents(services.db, submission, {
    names: [UNCERTAIN],
    sources: ['server'],
    from: 'first',
    limit: 1,
  });
  if (!first) return undefined;
  const startDate = new Date(Date.parse(first.at) - MAX_CLOCK_SKEW_MS).toISOString().slice(0, 10);
  // Without permission to list users, a new one is created.
  const search = services.smile.listUsers({ startDate, limit: MAX_USERS_SEARCHED }).catch(unlessRefused([]));
  const users = (await Promise.race([search, wait(SEARCH_TIMEOUT_MS, undefined, { ref: false })])) ?? [];
  const found = users.find(({ externalMetadata }) => externalMetadata?.['submission'] === submission.id)?.id;
  await recordServerEvent(services.db, submission, found ? 'smileUserFound' : 'smileUserNotFound', {}, services.now());
  return found;
}
