/** What the page and the widget tell. A callback is a claim: it is recorded as such, and proves nothing. */
import { isAccountStatus } from '../record/account-status.ts';
import { recordAccount } from '../record/accounts.ts';
import type { Database } from '../record/database.ts';
import { appendEvents } from '../record/events.ts';
import { once } from '../record/idempotency.ts';
import type { Submission } from '../record/submissions.ts';
import { CALLBACKS, claim, type CallbackName } from '../smile/callbacks.ts';
import type { Desk } from './desk.ts';
import { conflict, done, type Outcome } from './refusal.ts';

export interface ToldEvent {
  id: string;
  name: string;
  at: string;
  data: Record<string, unknown>;
}

const isCallback = (name: string): name is CallbackName => CALLBACKS.some((callback) => callback === name);

/** Stores a batch in its order; an id told before changes nothing. Returns after the commit. */
export async function recordEvents(
  desk: Desk,
  submission: Submission,
  events: ToldEvent[],
  key: string | undefined,
): Promise<Outcome<{ stored: number; repeated: number }>> {
  const now = desk.now();
  const receivedAt = now.toISOString();
  const attempt = { scope: `events:${submission.id}`, key, body: events, now };
  const append = async (trx: Database) => {
    const { stored, repeated } = await appendEvents(
      trx,
      events.map(({ id, name, at, data }) => ({
        id,
        submissionId: submission.id,
        smileUserId: null,
        name,
        source: isCallback(name) ? 'widget' : 'page',
        at,
        receivedAt,
        data,
      })),
    );
    const fresh = new Set(stored);
    for (const { id, name, at, data } of events) {
      // The first one told under an id is the one that is stored; another one in the same batch is a repeat.
      if (!fresh.delete(id)) continue;
      const said = isCallback(name) ? claim(name, data) : undefined;
      // Only an account of this person's own user at Smile is theirs to claim.
      if (!said || said.userId !== submission.smileUserId || !isAccountStatus(said.status)) continue;
      const { accountId, providerId, status, errorCode } = said;
      const screen = typeof data['screen'] === 'string' ? data['screen'] : (submission.winkScreen ?? '');
      await recordAccount(trx, {
        accountId,
        submissionId: submission.id,
        screen,
        providerId,
        status,
        errorCode,
        confirmed: false,
        at,
        now,
      });
    }
    return { stored: stored.length, repeated };
  };
  // Without a callback, nothing but the ids decides what is stored.
  const recorded = await once(desk.db, attempt, append, { locks: !events.some(({ name }) => isCallback(name)) });
  return recorded.conflict ? conflict() : done(recorded.response);
}
