/** What the page and the widget tell. A callback is a claim: it is recorded as such, and proves nothing. */
import type { Form } from '../form/schema.ts';
import { widgetsOf } from '../form/wink.ts';
import { isAccountStatus } from '../record/account-status.ts';
import { recordAccount } from '../record/accounts.ts';
import type { Database } from '../record/database.ts';
import { appendEvents, serverEvent } from '../record/events.ts';
import { once } from '../record/idempotency.ts';
import type { Submission } from '../record/submissions.ts';
import { claim, isCallback } from '../smile/callbacks.ts';
import type { AccountClaim } from '../smile/shapes.ts';
import { watch } from './smile/believe.ts';
import type { Desk } from './desk.ts';
import { conflict, done, type Outcome } from './refusal.ts';
import { screenOf } from './standing.ts';

interface ToldEvent {
  id: string;
  name: string;
  at: string;
  data: Record<string, unknown>;
}

/** Stores a batch in its order; an id told before changes nothing. Returns after the commit. */
export async function recordEvents(
  desk: Desk,
  submission: Submission,
  form: Form,
  events: ToldEvent[],
  key: string | undefined,
): Promise<Outcome<{ stored: number; repeated: number }>> {
  const now = desk.now();
  const receivedAt = now.toISOString();
  const attempt = { scope: `${submission.id}:events`, key, body: events, now };
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
      if (!said || !isAccountStatus(said.status)) continue;
      // Only an account of this person's own user at Smile is theirs to claim.
      if (said.userId !== submission.smileUserId) {
        await disbelieve(trx, submission, said, now);
        continue;
      }
      const { accountId, providerId, status, errorCode } = said;
      const { screen, widget } = placeOf(form, submission, data);
      const claimed = await recordAccount(trx, {
        accountId,
        submissionId: submission.id,
        screen,
        widget,
        providerId,
        status,
        errorCode,
        confirmed: false,
        at,
        now,
      });
      if (claimed === 'foreign') await disbelieve(trx, submission, said, now);
      else await watch(trx, submission.id, now);
    }
    return { stored: stored.length, repeated };
  };
  // Without a callback, nothing but the ids decides what is stored.
  const recorded = await once(desk.db, attempt, append, { locks: !events.some(({ name }) => isCallback(name)) });
  return recorded.conflict ? conflict() : done(recorded.response);
}

/** That an account was claimed which is not this person's, told once for each: nobody believes it, and nobody misses it. */
async function disbelieve(
  trx: Database,
  submission: Submission,
  { accountId, providerId }: AccountClaim,
  now: Date,
): Promise<void> {
  const event = serverEvent(submission.id, 'claimDisbelieved', { accountId, providerId }, now);
  await appendEvents(trx, [{ ...event, id: `disbelieved-${accountId}` }]);
}

/** The widget that an event is about: as the page says, where the form has such a one; else the one opened last. */
function placeOf(form: Form, submission: Submission, data: ToldEvent['data']): { screen: string; widget: number } {
  const { screen, widget = 0 } = data;
  if (typeof screen === 'string' && typeof widget === 'number' && widgetsOf(screenOf(form, screen)?.wink)[widget])
    return { screen, widget };
  return { screen: submission.winkScreen ?? '', widget: submission.winkWidget };
}
