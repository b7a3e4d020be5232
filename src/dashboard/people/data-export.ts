/** All that is held on a person in one submission, in one file: for who asks what is known of them. */
import { randomUUID } from 'node:crypto';
import { emailOf, type Member } from '../../members/members.ts';
import { listArchives } from '../../record/accounts/archives.ts';
import type { Database } from '../../record/db/database.ts';
import { listAttempts } from '../../record/deliveries.ts';
import { listDeliveries, type DeliveryFilter } from '../../record/delivery-queries.ts';
import { appendEvents, serverEvent, type RecordedEvent } from '../../record/events.ts';
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

/** More than a submission or an invitation ever owes. */
const ALL = 1_000;

/**
 * A JSON file with answers, sensitive ones too, events, accounts and what was read from them, what was sent about it, the
 * bytes of its files in base64, and the invitation that it was begun with. That the member has taken it is recorded.
 * Undefined when the form has no such submission.
 */
export async function exportPersonalData(
  db: Database,
  store: FileStore,
  { slug, id, member, now }: { slug: string; id: string; member: Member; now: Date },
): Promise<Response | undefined> {
  const submission = await findSubmission(db, id);
  if (submission?.form !== slug) return undefined;
  const taken = { member: member.id, email: member.email };
  await appendEvents(db, [serverEvent(id, 'personDownloaded', taken, now)]);
  const { files, ...item } = await submissionResource(db, submission);
  // A store that is away is known before the answer begins.
  const contents = new Map<string, { mark: string; chunks: AsyncGenerator<Buffer> }>();
  for (const file of files) {
    const chunks = await readBytes(db, store, file.id);
    // Stands in the JSON where the bytes belong. Nobody can have written it into an answer.
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
 * The JSON with the bytes of files in the place of their marks, in base64, and with `events` as its last key. Files and
 * events are read only as fast as they are taken.
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
    // Every three bytes are four letters, so only the last piece is filled up.
    while (!(await pieces.isAtEnd())) yield Buffer.from((await pieces.take(BASE64_BYTES)).toString('base64'));
    rest = rest.slice(at + mark.length);
  }
  yield Buffer.from(rest);
  let first = true;
  for await (const event of events) {
    yield Buffer.from(`${first ? '' : ','}\n${JSON.stringify(event, undefined, 2).replaceAll(/^/gm, '    ')}`);
    first = false;
  }
  yield Buffer.from(`${first ? '' : '\n  '}]\n}`);
}

const BASE64_BYTES = 3 * 16_384;

/** Null for who came without one. Its link is not in it: that is a secret, and made anew whenever it is sent. */
async function invitationOf(db: Database, submissionId: string) {
  const invitation = await findInvitationOf(db, submissionId);
  if (!invitation) return null;
  const { memberId, ...known } = invitation;
  return {
    ...known,
    given: await findPrefill(db, known.id),
    invitedBy: await emailOf(db, memberId),
    deliveries: await sent(db, { invitationId: known.id }),
  };
}

async function sent(db: Database, about: DeliveryFilter) {
  const { items } = await listDeliveries(db, about, { limit: ALL });
  return Promise.all(items.map(async (one) => ({ ...one, attempts: await listAttempts(db, one.id) })));
}
