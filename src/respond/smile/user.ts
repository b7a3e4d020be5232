/** A person's own user at Smile: one for each submission, also where Smile has made one without our hearing of it. */
import { setTimeout as wait } from 'node:timers/promises';
import { listEvents } from '../../record/events.ts';
import { setSmileUser, type Submission } from '../../record/submissions/submissions.ts';
import { SmileError, unlessRefused } from '../../smile/error.ts';
import type { LinkToken } from '../../smile/shapes.ts';
import { recordServerEvent, type Services } from '../services.ts';

type Tokened = { userId: string; token: LinkToken };

/** Users being created, by submission: two launches at once make one user. */
const creating = new Map<string, Promise<string>>();

/** A token for a person's own user at Smile, who is created at the first launch, and anew if Smile has forgotten them. */
export async function newToken(services: Services, submission: Submission): Promise<Tokened> {
  const { smileUserId: known } = submission;
  if (known) {
    try {
      return await tokenOf(services, known);
    } catch (error) {
      if (!(error instanceof SmileError) || error.status !== 404) throw error;
    }
  }
  const under = creating.get(submission.id);
  if (under) return tokenOf(services, await under);
  const making = findOrCreate(services, submission);
  const tying = making.then((made) => setSmileUser(services.db, submission.id, made.userId, known));
  creating.set(submission.id, tying);
  try {
    const [made, userId] = await Promise.all([making, tying]);
    return made.token && userId === made.userId ? { userId, token: made.token } : await tokenOf(services, userId);
  } finally {
    creating.delete(submission.id);
  }
}

const tokenOf = async (services: Services, userId: string): Promise<Tokened> => ({
  userId,
  token: await services.smile.createToken(userId),
});

async function findOrCreate(
  services: Services,
  submission: Submission,
): Promise<{ userId: string; token?: LinkToken }> {
  const found = await findLost(services, submission);
  if (found) return { userId: found };
  try {
    return await services.smile.createUser({ submission: submission.id, form: submission.form });
  } catch (error) {
    if (mayHaveMade(error))
      await recordServerEvent(services.db, submission, UNCERTAIN, { reason: error.kind }, services.now());
    throw error;
  }
}

/** Recorded where Smile may have made a user whose id we were not told. */
const UNCERTAIN = 'smileUserUncertain';

const mayHaveMade = (error: unknown): error is SmileError =>
  error instanceof SmileError &&
  !error.unsent &&
  (error.kind === 'timeout' || error.kind === 'unavailable' || error.kind === 'unexpected_answer');

/** Smile does not find users by what we have told it of them, so we look through those that were made since (Smile, Users). */
const MOST_LOOKED_AT = 450;
/** How long a person waits for that. */
const PATIENCE_MS = 4_000;
/** How far Smile's clock may be behind ours. */
const CLOCKS_MS = 60 * 60_000;

/** The user that a try before has made, if one has; undefined where it is not found in good time. */
async function findLost(services: Services, submission: Submission): Promise<string | undefined> {
  const [first] = await listEvents(services.db, submission, {
    names: [UNCERTAIN],
    sources: ['server'],
    from: 'first',
    limit: 1,
  });
  if (!first) return undefined;
  const startDate = new Date(Date.parse(first.at) - CLOCKS_MS).toISOString().slice(0, 10);
  // Whoever may not list users goes on without.
  const looking = services.smile.listUsers({ startDate, limit: MOST_LOOKED_AT }).catch(unlessRefused([]));
  const users = (await Promise.race([looking, wait(PATIENCE_MS, undefined, { ref: false })])) ?? [];
  const found = users.find(({ externalMetadata }) => externalMetadata?.['submission'] === submission.id)?.id;
  await recordServerEvent(services.db, submission, found ? 'smileUserFound' : 'smileUserNotFound', {}, services.now());
  return found;
}
