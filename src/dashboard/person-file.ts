/** All that is held on a person in one submission, in one file: for who asks what is known of them. */
import { emailOf, type Member } from '../members/members.ts';
import { listArchives } from '../record/archives.ts';
import type { Database } from '../record/database.ts';
import { listAttempts, listDeliveries, type Chosen } from '../record/deliveries.ts';
import { appendEvents, everyEvent, serverEvent, type RecordedEvent } from '../record/events.ts';
import { readBytes } from '../record/files/files.ts';
import { disposition } from '../record/files/names.ts';
import type { FileStore } from '../record/files/store.ts';
import { findInvitationOf, givenOf } from '../record/invitations.ts';
import { itemOf } from '../record/item.ts';
import { listLinked } from '../record/linked.ts';
import { findSubmission } from '../record/submissions.ts';

/** More than a submission or an invitation ever owes. */
const ALL = 1_000;

/**
 * A JSON file with answers, sensitive ones too, events, accounts and what was read from them, what was sent about it, the
 * bytes of its files in base64, and the invitation that it was begun with. That the member has taken it is recorded.
 * Undefined when the form has no such submission.
 */
export async function personFile(
  db: Database,
  store: FileStore,
  { slug, id, member, now }: { slug: string; id: string; member: Member; now: Date },
): Promise<Response | undefined> {
  const submission = await findSubmission(db, id);
  if (submission?.form !== slug) return undefined;
  const taken = { member: member.id, email: member.email };
  await appendEvents(db, [serverEvent(id, 'personDownloaded', taken, now)]);
  const { files, ...item } = await itemOf(db, submission);
  const whole = {
    ...item,
    files: await Promise.all(
      files.map(async (file) => ({ ...file, base64: (await readBytes(db, store, file.id))?.toString('base64') })),
    ),
    linked: await listLinked(db, id),
    documents: await listArchives(db, id),
    deliveries: await sent(db, { submissionId: id }),
    invitation: await invitationOf(db, id),
  };
  return new Response(streamOf(written(whole, everyEvent(db, submission))), {
    headers: {
      'content-type': 'application/json',
      'content-disposition': disposition('attachment', `${item.reference?.replaceAll(' ', '') ?? id}.json`),
      'cache-control': 'no-store',
    },
  });
}

/** A body that is made as fast as it is read. */
function streamOf(text: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await text.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: () => text.return(undefined).then(() => undefined),
  });
}

/** `whole` as JSON with `events` as its last key, which can be too many to hold at once. */
async function* written(whole: object, events: AsyncIterable<RecordedEvent>): AsyncGenerator<string> {
  yield `${JSON.stringify(whole, undefined, 2).replace(/\n\}$/, '')},\n  "events": [`;
  let first = true;
  for await (const event of events) {
    yield `${first ? '' : ','}\n${JSON.stringify(event, undefined, 2).replaceAll(/^/gm, '    ')}`;
    first = false;
  }
  yield `${first ? '' : '\n  '}]\n}`;
}

/** Null for who came without one. Its link is not in it: that is a secret, and made anew whenever it is sent. */
async function invitationOf(db: Database, submissionId: string) {
  const invitation = await findInvitationOf(db, submissionId);
  if (!invitation) return null;
  const { memberId, ...known } = invitation;
  return {
    ...known,
    given: await givenOf(db, known.id),
    invitedBy: await emailOf(db, memberId),
    deliveries: await sent(db, { invitationId: known.id }),
  };
}

async function sent(db: Database, about: Chosen) {
  const { items } = await listDeliveries(db, about, { limit: ALL });
  return Promise.all(items.map(async (one) => ({ ...one, attempts: await listAttempts(db, one.id) })));
}
