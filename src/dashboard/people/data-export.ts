/** All data of one submission in one file, for a person who asks for it. */
import { randomUUID } from 'node:crypto';
import type { Member } from '../../members/members.ts';
import { listArchives } from '../../record/accounts/archives.ts';
import type { Database } from '../../record/db/database.ts';
import { listAttempts } from '../../record/deliveries.ts';
import { listDeliveries, type DeliveryFilter } from '../../record/delivery-queries.ts';
import { appendEvents, RECEIVER_MESSAGE, serverEvent, type RecordedEvent } from '../../record/events.ts';
import { everyEvent } from '../../record/event-queries.ts';
import { readBytes } from '../../record/files/files.ts';
import { disposition } from '../../record/files/names.ts';
import { streamOf } from '../../record/files/stream.ts';
import type { FileStore } from '../../record/files/store.ts';
import { findInvitationOf, findPrefill } from '../../record/invitations.ts';
import { submissionResource } from '../../record/submissions/submission-resource.ts';
import { listLinked } from '../../record/accounts/account-data.ts';
import { PieceReader } from '../../record/crypto/piece-reader.ts';
import { findSubmission } from '../../record/submissions/submissions.ts';

/** More than a submission or an invitation ever has. */
const MAX_DELIVERIES = 1_000;

/**
 * A JSON file with all answers, including sensitive ones, events, accounts and their data, deliveries, the bytes of files in
 * base64, and the invitation. Records that the member exported it.
 * @returns undefined if the form has no such submission
 */
export async function exportPersonalData(
  db: Database,
  store: FileStore,
  { slug, id, member, now }: { slug: string; id: string; member: Member; now: Date },
): Promise<Response | undefined> {
  const submission = await findSubmission(db, id);
  if (submission?.form !== slug) return undefined;
  const exporter = { member: member.id, email: member.email };
  await appendEvents(db, [serverEvent(id, 'personDownloaded', exporter, now)]);
  const { files, ...item } = await submissionResource(db, submission);
  // Fails before the answer begins if the file store is down.
  const contents = new Map<string, { mark: string; chunks: AsyncGenerator<Buffer> }>();
  for (const file of files) {
    const chunks = await readBytes(db, store, file.id);
    // A mark in the JSON for the bytes. It is random, so no answer contains it.
    if (chunks) contents.set(file.id, { mark: randomUUID(), chunks });
  }
  const whole = {
    ...item,
    files: files.map((file) => ({ ...file, base64: contents.get(file.id)?.mark })),
    linked: await listLinked(db, id),
    documents: await listArchives(db, id),
    deliveries: await sent(db, { submissionId: id }),
    invitation: await invitationOf(db, id),
  };
  const text = jsonWith(JSON.stringify(whole, undefined, 2), [...contents.values()], everyEvent(db, submission));
  return new Response(streamOf(text), {
    headers: {
      'content-type': 'application/json',
      'content-disposition': disposition('attachment', `${item.reference?.replaceAll(' ', '') ?? id}.json`),
      'cache-control': 'no-store',
    },
  });
}

/**
 * The JSON with the bytes of files in base64 instead of their marks, and with `events` as its last key. Reads files and
 * events only as fast as the client does.
 */
async function* jsonWith(
  json: string,
  contents: { mark: string; chunks: AsyncGenerator<Buffer> }[],
  events: AsyncIterable<RecordedEvent>,
): AsyncGenerator<Uint8Array> {
  let rest = json.replace(/\n\}$/, ',\n  "events": [');
  for (const { mark, chunks } of contents) {
    const at = rest.indexOf(mark);
    yield Buffer.from(rest.slice(0, at));
    const pieces = new PieceReader(chunks);
    // Three bytes are four letters of base64, so only the last piece has padding.
    while (!(await pieces.isAtEnd())) yield Buffer.from((await pieces.take(BASE64_BYTES)).toString('base64'));
    rest = rest.slice(at + mark.length);
  }
  yield Buffer.from(rest);
  let first = true;
  for await (const event of events) {
    const written = JSON.stringify(withoutOthers(event), undefined, 2).replaceAll('\n', '\n    ');
    yield Buffer.from(`${first ? '' : ','}\n    ${written}`);
    first = false;
  }
  yield Buffer.from(`${first ? '' : '\n  '}]\n}`);
}

const BASE64_BYTES = 3 * 16_384;

/** Null without an invitation. Its link is left out: it is a secret, and each email has a new one. */
async function invitationOf(db: Database, submissionId: string) {
  const invitation = await findInvitationOf(db, submissionId);
  if (!invitation) return null;
  const { memberId: _, ...shown } = invitation;
  return {
    ...shown,
    prefill: await findPrefill(db, invitation.id),
    deliveries: await sent(db, { invitationId: invitation.id }),
  };
}

/** The file goes to the person, so it has no address and no secret of a receiver. */
async function sent(db: Database, about: DeliveryFilter) {
  const { items } = await listDeliveries(db, about, { limit: MAX_DELIVERIES });
  return Promise.all(
    items.map(async ({ id, channel, cause, status, createdAt, settledAt, target, invitationId }) => ({
      ...{ id, channel, cause, status, createdAt, settledAt },
      target: invitationId ? target : channel === 'webhook' ? new URL(target).host : target.replace(/^.*@/, ''),
      attempts: (await listAttempts(db, id)).map(({ at, ok, status: answered }) => ({ at, ok, status: answered })),
    })),
  );
}

/** An event without the members, without the email addresses of receivers, and without the answers of receivers. */
function withoutOthers(event: RecordedEvent): RecordedEvent {
  if (event.source !== 'server' || typeof event.data !== 'object' || event.data === null) return event;
  const isDelivery = /^(email|webhook)(Sent|Failed)$/.test(event.name);
  const removedKeys = ['email', 'by', 'to', ...(isDelivery ? [RECEIVER_MESSAGE] : [])];
  return {
    ...event,
    data: Object.fromEntries(Object.entries(event.data).filter(([key]) => !removedKeys.includes(key))),
  };
}
