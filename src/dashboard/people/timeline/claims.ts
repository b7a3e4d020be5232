/** Compares the browser's claims with Smile's own reports to the server. */
import { STATUS_BY_CALLBACK } from '../../../smile/callback-status.ts';
import { STATUS_BY_WEBHOOK } from '../../../smile/webhook-status.ts';
import type { RecordedEvent } from '../../../record/events.ts';
import type { Tone } from '../../display/account-words.ts';
import { payloadValue, eventSubject, payloadText } from './event-payload.ts';

export type ClaimLine = { icon: string; tone: Tone | undefined; text: string };

/** `about`: the id of an account, or of a document. */
type Fact = { about: string; status: string; receivedAt: string };

/** The account status in each claim, and the webhooks that can confirm it (Smile's names). */
const claimedBy = new Map(Object.entries(STATUS_BY_CALLBACK));
const confirmedBy = new Map(Object.entries(STATUS_BY_WEBHOOK));

/** The same for documents, by names of our own. */
const uploadsClaimed = new Map([
  ['onUploadsCreated', 'THERE'],
  ['onUploadsRemoved', 'GONE'],
]);
const uploadsSaid = new Map([
  ['ARCHIVE_STARTED', 'THERE'],
  ['ARCHIVE_ANALYZED', 'THERE'],
  ['ARCHIVE_FAILED', 'THERE'],
  ['ARCHIVE_REVOKED', 'GONE'],
]);

/** All facts from Smile about accounts and documents: from signed webhooks and from its API. */
export function confirmations(events: RecordedEvent[]): Fact[] {
  return events.flatMap(({ name, source, data, receivedAt }) => {
    const archive = source === 'webhook' ? uploadsSaid.get(name) : undefined;
    const archiveId = archive && payloadText(payloadValue(data, 'data'), 'archiveId');
    if (archive && archiveId) return [{ about: archiveId, status: archive, receivedAt }];
    if (source === 'server' && name === 'uploadsChecked')
      return uploadsIn(data).map(({ id, status }) => ({ about: id, status: status === 'REVOKED' ? 'GONE' : 'THERE', receivedAt })); // prettier-ignore
    const sent = source === 'webhook' ? confirmedBy.get(name) : undefined;
    const asked = source === 'server' && name === 'accountChecked' ? payloadText(data, 'status') : undefined;
    const { accountId } = eventSubject(sent ? payloadValue(data, 'data') : data);
    const status = sent ?? asked;
    return accountId && status ? [{ about: accountId, status, receivedAt }] : [];
  });
}

/** The documents in `uploads` that have ids. */
function uploadsIn(data: unknown): { id: string; status: string | undefined }[] {
  const uploads = payloadValue(data, 'uploads');
  return (Array.isArray(uploads) ? uploads : []).flatMap((one: unknown) => {
    const id = payloadText(one, 'id');
    return id ? [{ id, status: payloadText(one, 'status') }] : [];
  });
}

/** Two reports within this time are about the same event: Smile reports at once, and the page within seconds. */
const TOGETHER_MS = 60_000;

/** Pairs each claim of the browser with the nearest webhook about the same account and status. */
export function pairDuplicates(events: RecordedEvent[]): Map<RecordedEvent, RecordedEvent> {
  const free = new Set(events.filter(({ name, source }) => source === 'webhook' && confirmedBy.has(name)));
  const pairs = new Map<RecordedEvent, RecordedEvent>();
  for (const claim of events) {
    const status = claim.source === 'widget' ? claimedBy.get(claim.name) : undefined;
    const { accountId } = eventSubject(claim.data);
    if (!status || !accountId) continue;
    const away = ({ receivedAt }: RecordedEvent) => Math.abs(Date.parse(receivedAt) - Date.parse(claim.receivedAt));
    const [nearest] = [...free]
      .filter(
        (one) =>
          confirmedBy.get(one.name) === status && eventSubject(payloadValue(one.data, 'data')).accountId === accountId,
      )
      .filter((one) => away(one) <= TOGETHER_MS)
      .sort((a, b) => away(a) - away(b));
    if (!nearest) continue;
    free.delete(nearest);
    pairs.set(claim, nearest);
  }
  return pairs;
}

/** The claim in `event`, and whether Smile confirmed it. Empty for events without a claim about accounts or uploads. */
export function claimsOf(event: RecordedEvent, facts: Fact[]): ClaimLine[] {
  if (event.source !== 'widget') return [];
  const status = claimedBy.get(event.name) ?? uploadsClaimed.get(event.name);
  if (!status) return [];
  const about = uploadsClaimed.has(event.name) ? uploadsIn(event.data)[0]?.id : eventSubject(event.data).accountId;
  const claim: ClaimLine = { icon: 'half', tone: undefined, text: 'Claimed by the browser' };
  // Smile documents no shape for documents in callbacks, so they may have no id.
  if (!about && uploadsClaimed.has(event.name)) return [claim];
  const own = facts.filter((fact) => fact.about === about);
  const away = (fact: Fact) => Date.parse(fact.receivedAt) - Date.parse(event.receivedAt);
  const same = own.filter((fact) => fact.status === status);
  const [nearest] = same.sort((a, b) => Math.abs(away(a)) - Math.abs(away(b)));
  if (nearest) return [claim, { icon: 'ok', tone: 'ok', text: `Confirmed by Smile${distance(away(nearest))}` }];
  if (own.some((fact) => fact.status === 'unknown'))
    return [claim, { icon: 'bad', tone: 'bad', text: 'Not known to Smile' }];
  return [claim, { icon: 'half', tone: 'warn', text: 'Not confirmed yet' }];
}

/** The time between the arrival of both reports, as text. Empty if they arrived together. */
function distance(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds === 0) return '';
  const amount =
    seconds < 120
      ? `${seconds} s`
      : seconds < 7200
        ? `${Math.round(seconds / 60)} min`
        : `${Math.round(seconds / 3600)} h`;
  return ` ${amount} ${milliseconds < 0 ? 'before' : 'later'}`;
}
