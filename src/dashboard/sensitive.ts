/** Sensitive answers: covered until a member asks for them, and who has asked is kept with the submission. */
import type { Form } from '../form/schema.ts';
import { sensitiveFields } from '../form/sensitive.ts';
import type { Member } from '../members/members.ts';
import type { Database } from '../record/db/database.ts';
import type { Delivery } from '../record/deliveries.ts';
import { appendEvents, serverEvent } from '../record/events.ts';
import { listFiles } from '../record/files/files.ts';
import { findSubmission, type Submission } from '../record/submissions/submissions.ts';
import { findVersion } from '../record/versions.ts';

/** What stands in place of an answer that is there and not told. */
export const REDACTED = '•••';

/** The fields that are sensitive in any of `versions`: what was asked openly once may have been marked since. */
export const sensitiveIn = (versions: Iterable<Form>): ReadonlySet<string> =>
  new Set([...versions].flatMap((form) => [...sensitiveFields(form)]));

/**
 * Records, for each of `items`, which of its answers to `fields` the member is about to see. Where there are none,
 * nothing is recorded.
 */
export async function recordReveals(
  db: Database,
  items: Submission[],
  fields: ReadonlySet<string>,
  name: 'sensitiveShown' | 'sensitiveDownloaded',
  member: Member,
  now: Date,
): Promise<void> {
  const looks = items.flatMap(({ id, answers }) => {
    const seen = [...fields].filter((field) => field in answers);
    if (!seen.length) return [];
    return [serverEvent(id, name, { fields: seen, member: member.id, email: member.email }, now)];
  });
  await appendEvents(db, looks);
}

/** The sensitive fields of submission `id` that have an answer or a file, and the submission; of another form than `slug`, none. */
async function findSensitive(db: Database, slug: string, id: string) {
  const submission = await findSubmission(db, id);
  const form = submission?.form === slug ? await findVersion(db, slug, submission.version) : undefined;
  if (!submission || !form) return undefined;
  const withFiles = Object.fromEntries((await listFiles(db, id)).map(({ field }) => [field, []]));
  const answers = { ...withFiles, ...submission.answers };
  const fields = [...sensitiveFields(form)].filter((field) => field in answers);
  return { submission: { ...submission, answers }, fields };
}

/**
 * Records that the member looks at the sensitive answers to `fields`.
 * @returns those that are there to be shown: none when the submission of this form has none such
 */
export async function revealAnswers(
  db: Database,
  slug: string,
  id: string,
  fields: string[],
  member: Member,
  now: Date,
): Promise<ReadonlySet<string>> {
  const found = await findSensitive(db, slug, id);
  const shown = new Set(found?.fields.filter((field) => fields.includes(field)));
  if (found) await recordReveals(db, [found.submission], shown, 'sensitiveShown', member, now);
  return shown;
}

/** Records that the member opens a file of the submission `id`, when its field is sensitive. Each time, since each time its bytes are sent. */
export async function recordFileOpened(
  db: Database,
  slug: string,
  id: string,
  { field, name }: { field: string; name: string },
  member: Member,
  now: Date,
): Promise<void> {
  const found = await findSensitive(db, slug, id);
  if (!found?.fields.includes(field)) return;
  const data = { fields: [field], file: name, member: member.id, email: member.email };
  await appendEvents(db, [serverEvent(id, 'sensitiveFileOpened', data, now)]);
}

/**
 * Records that the member has the delivery sent: to another address always, else when it carries sensitive answers, as
 * webhooks do and emails do not.
 */
export async function recordSent(
  db: Database,
  { form, submissionId, channel, target }: Pick<Delivery, 'form' | 'submissionId' | 'channel' | 'target'>,
  elsewhere: boolean,
  member: Member,
  now: Date,
): Promise<void> {
  if (!submissionId) return;
  const fields = channel === 'webhook' ? ((await findSensitive(db, form, submissionId))?.fields ?? []) : [];
  if (!elsewhere && !fields.length) return;
  // Addresses of webhooks can hold secrets; the delivery keeps them.
  const to = channel === 'webhook' ? new URL(target).host : target;
  const data = { to, ...(fields.length > 0 && { fields }), member: member.id, email: member.email };
  const name = elsewhere ? 'sentElsewhere' : 'sensitiveSent';
  await appendEvents(db, [serverEvent(submissionId, name, data, now)]);
}
