/** What the page and the widget tell. A callback is a claim: it is recorded as such, and proves nothing. */
import type { PageEvent, StoredEvents } from '../contract/api.ts';
import type { Form } from '../form/schema.ts';
import { widgetsOf } from '../form/runtime/wink.ts';
import { isAccountStatus } from '../record/accounts/account-status.ts';
import { recordAccount } from '../record/accounts/accounts.ts';
import type { Database } from '../record/db/database.ts';
import { appendEvents, countKnown, isReserved, serverEvent, sizeOf, type RecordedEvent } from '../record/events.ts';
import { runOnce } from '../record/idempotency.ts';
import type { Submission } from '../record/submissions/submissions.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { takeAct, takeEvents, type EventUsage } from '../record/submissions/usage.ts';
import { parseClaim, isCallback } from '../smile/callbacks.ts';
import type { AccountClaim } from '../smile/shapes.ts';
import { scheduleReconcile } from './smile/confirmed-status.ts';
import type { Services } from './services.ts';
import { conflict, done, fail, submissionFull, type Result } from './api-error.ts';
import { screenOf } from './evaluate.ts';

/** Stores a batch in its order, all or none of it; an id told before changes nothing. Returns after the commit. */
export async function recordEvents(
  services: Services,
  submission: Submission,
  form: Form,
  given: PageEvent[],
  key: string | undefined,
): Promise<Result<StoredEvents>> {
  const reserved = given.find(({ name }) => isReserved(name));
  if (reserved)
    return fail('invalid_request', `Only the server may report ${reserved.name}. Give the event another name.`);
  const now = services.now();
  // The first one told under an id is the one that is stored; another one in the same batch is a repeat.
  const events = [...new Map(given.toReversed().map((event) => [event.id, event])).values()].reverse();
  const rows = events.map((event) => recordedAs(event, submission, now));
  const attempt = { scope: `${submission.id}:events`, key, body: given, now };
  const append = async (trx: Database): Promise<StoredEvents | undefined> => {
    if (!(await takeEvents(trx, submission.id, usageOf(rows))) || (key && !(await takeAct(trx, submission.id)))) {
      const known = await countKnown(trx, submission.id, rows.map(({ id }) => id)); // prettier-ignore
      return known === rows.length ? { stored: 0, repeated: given.length } : undefined;
    }
    const stored = new Set((await appendEvents(trx, rows)).stored);
    const again = rows.filter(({ id }) => !stored.has(id));
    if (again.length) await takeEvents(trx, submission.id, minus(usageOf(again)));
    await takeClaims(trx, submission, form, events.filter(({ id }) => stored.has(id)), now); // prettier-ignore
    return { stored: stored.size, repeated: given.length - stored.size };
  };
  // Without a callback, nothing but the ids decides what is stored.
  const locks = !events.some(({ name }) => isCallback(name));
  const recorded = await runOnce(services.db, attempt, append, {
    locksRow: locks,
    isFinal: (counted) => counted !== undefined,
  });
  if (recorded.conflict) return conflict();
  return recorded.response ? done(recorded.response) : submissionFull('events');
}

const recordedAs = ({ id, name, at, data }: PageEvent, submission: Submission, now: Date): RecordedEvent => ({
  id,
  submissionId: submission.id,
  smileUserId: null,
  name,
  source: isCallback(name) ? 'widget' : 'page',
  at,
  receivedAt: now.toISOString(),
  data,
});

/** What the events come to in the counts of their submission. */
function usageOf(rows: RecordedEvent[]): EventUsage {
  const [page, widget] = (['page', 'widget'] as const).map((one) => rows.filter(({ source }) => source === one));
  const bytes = (some: RecordedEvent[] = []) => some.reduce((sum, row) => sum + sizeOf(row), 0);
  return {
    page_events: page?.length ?? 0,
    page_bytes: bytes(page),
    widget_events: widget?.length ?? 0,
    widget_bytes: bytes(widget),
  };
}

const minus = (usage: EventUsage): EventUsage =>
  Object.fromEntries(Object.entries(usage).map(([name, value]) => [name, -value])) as unknown as EventUsage;

/** Takes in what the widget has just said of accounts; of very much, the latest. */
async function takeClaims(
  trx: Database,
  submission: Submission,
  form: Form,
  events: PageEvent[],
  now: Date,
): Promise<void> {
  let claimed = false;
  const claims = events.flatMap(({ name, at, data }) => {
    const said = isCallback(name) ? parseClaim(name, data) : undefined;
    return said && isAccountStatus(said.status) ? [{ said, status: said.status, at, data }] : [];
  });
  for (const { said, status, at, data } of claims.slice(-SITE_LIMITS.claimsPerBatch.value)) {
    const { accountId, providerId, errorCode } = said;
    const place = placeOf(form, submission, data);
    const report = { accountId, submissionId: submission.id, ...place, providerId, status, errorCode, at, now };
    // Only an account of this person's own user at Smile is theirs to claim.
    const recorded = said.userId === submission.smileUserId ? await recordAccount(trx, { ...report, confirmed: false }) : 'foreign'; // prettier-ignore
    if (recorded === 'foreign') await disbelieve(trx, submission, said, now);
    else claimed = true;
  }
  if (claimed) await scheduleReconcile(trx, submission.id, now);
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
function placeOf(form: Form, submission: Submission, data: PageEvent['data']): { screen: string; widget: number } {
  const { screen, widget = 0 } = data;
  if (typeof screen === 'string' && typeof widget === 'number' && widgetsOf(screenOf(form, screen)?.wink)[widget])
    return { screen, widget };
  return { screen: submission.winkScreen ?? '', widget: submission.winkWidget };
}
