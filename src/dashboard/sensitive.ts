/** Sensitive answers: covered until a member asks for them, and who has asked is kept with the submission. */
import type { Form } from '../form/schema.ts';
import { sensitiveFields } from '../form/sensitive.ts';
import type { Member } from '../members/members.ts';
import type { Database } from '../record/database.ts';
import { appendEvents, serverEvent } from '../record/events.ts';
import { listFiles } from '../record/files/files.ts';
import { findSubmission, type Submission } from '../record/submissions.ts';
import { findVersion } from '../record/versions.ts';

/** What stands in place of an answer that is there and not told. */
export const COVER = '•••';

/** The fields that are sensitive in any of `versions`: what was asked openly once may have been marked since. */
export const sensitiveIn = (versions: Iterable<Form>): ReadonlySet<string> =>
  new Set([...versions].flatMap((form) => [...sensitiveFields(form)]));

/**
 * Records, for each of `items`, which of its answers to `fields` the member is about to see. Where there are none,
 * nothing is recorded.
 */
export async function recordLooks(
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

/**
 * Records that the member looks at the sensitive answers to `fields`.
 * @returns those that are there to be shown: none when the submission of this form has none such
 */
export async function uncover(
  db: Database,
  slug: string,
  id: string,
  fields: string[],
  member: Member,
  now: Date,
): Promise<ReadonlySet<string>> {
  const submission = await findSubmission(db, id);
  const form = submission?.form === slug ? await findVersion(db, slug, submission.version) : undefined;
  if (!submission || !form) return new Set();
  const withFiles = Object.fromEntries((await listFiles(db, id)).map(({ field }) => [field, []]));
  const answers = { ...withFiles, ...submission.answers };
  const sensitive = sensitiveFields(form);
  const shown = new Set(fields.filter((field) => sensitive.has(field) && field in answers));
  await recordLooks(db, [{ ...submission, answers }], shown, 'sensitiveShown', member, now);
  return shown;
}
