/** Records the events of the page and the widget. A callback of the widget is a claim and proves nothing. */
import type { PageEvent, StoredEvents } from '../contract/api.ts';
import type { Form } from '../form/schema.ts';
import { widgetsOf } from '../form/runtime/wink.ts';
import { isAccountStatus, laterStatus } from '../record/accounts/account-status.ts';
import { recordAccount } from '../record/accounts/accounts.ts';
import type { Database } from '../record/db/database.ts';
import { appendEvents, countKnown, isReserved, serverEvent, sizeOf, type RecordedEvent } from '../record/events.ts';
import { runOnce } from '../record/idempotency.ts';
import type { Submission } from '../record/submissions/submissions.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { takeWrite, takeEvents, type EventUsage } from '../record/submissions/usage.ts';
import { CLAIMING, parseClaim, isCallback } from '../smile/callbacks.ts';
import type { AccountClaim } from '../smile/shapes.ts';
import { withoutKeys } from '../smile/without-keys.ts';
import { schedulePoll, WATCH } from './smile/confirmed-status.ts';
import { showsAccount, takeShownAccounts } from './smile/shown-accounts.ts';
import type { Services } from './services.ts';
import { ofClaims, ofSubmission } from './access/submission-access.ts';
import { conflict, done, fail, submissionFull, type Result } from './errors/api-error.ts';
import { screenOf } from './evaluate.ts';

/**
 * Stores a batch in order, all of it or nothing. An event whose id is already stored changes nothing.
 * @param mayPoll is asked once if they claim accounts: whether Flipsite may ask Smile about them soon
 * @returns after the commit, how many events were new and how many repeated
 */
export async function recordEvents(
  services: Services,
  submission: Submission,
  form: Form,
  batch: PageEvent[],
  key: string | undefined,
  mayPoll: () => boolean = () => true,
): Promise<Result<StoredEvents>> {
  const reserved = batch.find(({ name }) => isReserved(name));
  if (reserved)
    return fail('invalid_request', `Only the server may report ${reserved.name}. Give the event another name.`);
  const now = services.now();
  // The first event under an id counts; the others in the batch are repeats.
  const events = [...new Map(batch.toReversed().map((event) => [event.id, event])).values()].reverse();
  const rows = events.map((event) => toRecorded(event, submission, now));
  const attempt = { scope: `${submission.id}:events`, key, body: batch, now };
  // A transaction may run again.
  let polls: boolean | undefined;
  const mayPollOnce = () => (polls ??= mayPoll());
  const append = async (trx: Database): Promise<StoredEvents | undefined> => {
    if (!(await takeEvents(trx, submission.id, usageOf(rows))) || (key && !(await takeWrite(trx, submission.id)))) {
      const known = await countKnown(trx, submission.id, rows.map(({ id }) => id)); // prettier-ignore
      return known === rows.length ? { stored: 0, repeated: batch.length } : undefined;
    }
    const stored = new Set((await appendEvents(trx, rows)).stored);
    const repeats = rows.filter(({ id }) => !stored.has(id));
    if (repeats.length) await takeEvents(trx, submission.id, negated(usageOf(repeats)));
    const claimed = await applyClaims(
      trx,
      submission,
      form,
      events.filter(({ id }) => stored.has(id)),
      now,
    );
    const placed = (event: PageEvent) => placeOf(form, submission, event.data);
    const shown = events.findLast((event) => stored.has(event.id) && showsAccount(form, placed(event), event));
    if (shown) {
      const { screen, widget } = placed(shown);
      await takeShownAccounts(trx, submission, form, screen, now, widget);
    }
    if (claimed && mayPollOnce()) await schedulePoll(trx, WATCH, submission.id, now);
    return { stored: stored.size, repeated: batch.length - stored.size };
  };
  const mayClaim = events.some(({ name }) => CLAIMING.includes(name));
  const isFinal = (counted?: StoredEvents) => counted !== undefined;
  // A claim reads accounts of other submissions too. For all else, locking the row is enough.
  const run = () => runOnce(services.db, attempt, append, { locksRow: !mayClaim, isFinal });
  const recorded = await ofSubmission(services.db, submission.id, () =>
    mayClaim ? ofClaims(services.db, run) : run(),
  );
  if (recorded.conflict) return conflict();
  return recorded.response ? done(recorded.response) : submissionFull('events');
}

/** How many rows these events store at most. A claim also stores the account, or an event that says whose it is not. */
export const countRows = (events: readonly PageEvent[]): number =>
  events.length + events.filter(({ name }) => isCallback(name)).length;

const toRecorded = ({ id, name, at, data }: PageEvent, submission: Submission, now: Date): RecordedEvent => ({
  id,
  submissionId: submission.id,
  smileUserId: null,
  name,
  source: isCallback(name) ? 'widget' : 'page',
  at,
  receivedAt: now.toISOString(),
  data: isCallback(name) ? withoutFileNames(data) : data,
});

/** Leaves out the files of the documents that the person sent in the widget. A name of a file can reveal its content. */
function withoutFileNames(data: PageEvent['data']): PageEvent['data'] {
  const { uploads } = data;
  if (typeof uploads !== 'object' || uploads === null) return data;
  const kept = (upload: unknown) =>
    typeof upload === 'object' && upload !== null ? withoutKeys(upload, 'rawFiles', 'name') : upload;
  return { ...data, uploads: Array.isArray(uploads) ? uploads.map(kept) : kept(uploads) };
}

/** The usage that the events add to their submission, in events and bytes. */
function usageOf(rows: RecordedEvent[]): EventUsage {
  const [page, widget] = (['page', 'widget'] as const).map((sourceName) =>
    rows.filter(({ source }) => source === sourceName),
  );
  const bytes = (list: RecordedEvent[] = []) => list.reduce((sum, row) => sum + sizeOf(row), 0);
  return {
    page_events: page?.length ?? 0,
    page_bytes: bytes(page),
    widget_events: widget?.length ?? 0,
    widget_bytes: bytes(widget),
  };
}

const negated = (usage: EventUsage): EventUsage =>
  Object.fromEntries(Object.entries(usage).map(([name, value]) => [name, -value])) as unknown as EventUsage;

/**
 * Applies the latest report of the widget about each account, and of many accounts about the last ones.
 * @returns whether it claimed any
 */
async function applyClaims(
  trx: Database,
  submission: Submission,
  form: Form,
  events: PageEvent[],
  now: Date,
): Promise<boolean> {
  let claimed = false;
  const claims = events.flatMap(({ name, at, data }) => {
    const claim = isCallback(name) ? parseClaim(name, data) : undefined;
    if (!claim || !isAccountStatus(claim.status)) return [];
    return [{ claim, status: claim.status, errorCode: claim.errorCode ?? null, confirmed: false, at, data }];
  });
  const ofAccounts = Map.groupBy(claims, ({ claim }) => claim.accountId);
  // In one order, so that two servers that apply claims of the same accounts never deadlock.
  const latest = [...ofAccounts.values()]
    .map((reports) => reports.reduce((counting, next) => laterStatus(counting, next)))
    .toReversed()
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, SITE_LIMITS.claimsPerBatch.value)
    .toSorted((a, b) => a.claim.accountId.localeCompare(b.claim.accountId, 'en'));
  for (const { claim, data, ...status } of latest) {
    const { accountId, providerId, userId } = claim;
    const report = { accountId, submissionId: submission.id, ...placeOf(form, submission, data), providerId, ...status, now }; // prettier-ignore
    // Only an account of the person's own user at Smile can be claimed.
    const recorded = userId === submission.smileUserId ? await recordAccount(trx, report) : 'otherSubmission';
    if (recorded === 'otherSubmission' || recorded === 'erased') await rejectClaim(trx, submission, claim, now);
    else claimed = true;
  }
  return claimed;
}

/** Records once per account that a claim named an account of another user. The claim is ignored. */
async function rejectClaim(
  trx: Database,
  submission: Submission,
  { accountId, providerId }: AccountClaim,
  now: Date,
): Promise<void> {
  const event = serverEvent(submission.id, 'claimDisbelieved', { accountId, providerId }, now);
  await appendEvents(trx, [{ ...event, id: `disbelieved-${accountId}` }]);
}

/** The widget that an event is about: the one it names if the form has it, else the one opened last. */
function placeOf(form: Form, submission: Submission, data: PageEvent['data']): { screen: string; widget: number } {
  const { screen, widget = 0 } = data;
  if (typeof screen === 'string' && typeof widget === 'number' && widgetsOf(screenOf(form, screen)?.wink)[widget])
    return { screen, widget };
  return { screen: submission.winkScreen ?? '', widget: submission.winkWidget };
}
