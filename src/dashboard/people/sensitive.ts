/** Sensitive answers: redacted until a member reveals them. The submission records the member. */
import type { Form } from '../../form/schema.ts';
import { sensitiveFields } from '../../form/inspect/sensitive.ts';
import type { Member } from '../../members/members.ts';
import type { Database } from '../../record/db/database.ts';
import type { Delivery } from '../../record/deliveries.ts';
import { appendEvents, serverEvent } from '../../record/events.ts';
import { findFile, listFiles } from '../../record/files/files.ts';
import { findSubmission, type Submission } from '../../record/submissions/submissions.ts';
import { findShownVersion } from '../../record/forms/shown-version.ts';

/** The text in place of a redacted answer. */
export const REDACTED = '•••';

/** The fields that are sensitive in any of `versions`. A later version can mark a field as sensitive. */
export const sensitiveIn = (versions: Iterable<Form>): ReadonlySet<string> =>
  new Set([...versions].flatMap((form) => [...sensitiveFields(form)]));

/**
 * Records for each of `items` the answers to `fields` that the member is about to see. Records nothing if there are no such
 * answers.
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

/** The submission `id` of form `slug`, and its sensitive fields with an answer or a file. Empty for another form. */
async function findSensitive(db: Database, slug: string, id: string) {
  const submission = await findSubmission(db, id);
  const form = submission?.form === slug ? await findShownVersion(db, slug, submission.version) : undefined;
  if (!submission || !form) return undefined;
  const withFiles = Object.fromEntries((await listFiles(db, id)).map(({ field }) => [field, []]));
  const answers = { ...withFiles, ...submission.answers };
  const fields = [...sensitiveFields(form)].filter((field) => field in answers);
  return { submission: { ...submission, answers }, fields };
}

/**
 * Records that the member reveals the sensitive answers to `fields`.
 * @returns the fields that have an answer; empty if the submission of this form has none
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

/** Whether this file is in a sensitive field of the submission `id`. False for a missing file. */
export async function isSensitiveFile(db: Database, slug: string, id: string, fileId: string): Promise<boolean> {
  const file = await findFile(db, id, fileId);
  return file !== undefined && ((await findSensitive(db, slug, id))?.fields.includes(file.field) ?? false);
}

/** Records each time that the member opens a file of a sensitive field of the submission `id`. */
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
 * Records that the member sends the delivery again, if it goes to another address or has sensitive answers. Webhooks have
 * them, and emails don't.
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
  // The address of a webhook can have a secret in it, so only the delivery has it.
  const to = channel === 'webhook' ? new URL(target).host : target;
  const data = { to, ...(fields.length > 0 && { fields }), member: member.id, email: member.email };
  const name = elsewhere ? 'sentElsewhere' : 'sensitiveSent';
  await appendEvents(db, [serverEvent(submissionId, name, data, now)]);
}
