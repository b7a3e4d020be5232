/** One file of a submission, for a member to look at or keep. */
import type { Member } from '../members/members.ts';
import type { Database } from '../record/database.ts';
import { findFile, readBytes } from '../record/files/files.ts';
import { disposition } from '../record/files/names.ts';
import { streamOf } from '../record/files/stream.ts';
import type { FileStore } from '../record/files/store.ts';
import { findSubmission } from '../record/submissions.ts';
import { recordFileOpened } from './sensitive.ts';

/** What every browser shows as a picture. */
export const isPicture = (type: string): boolean => /^image\/(jpeg|png|webp)$/.test(type);

/**
 * The bytes of a file that is not removed: shown by the browser when it is a picture or a PDF, else kept. Undefined when
 * the submission of this form has no such file. That the member has opened a sensitive one is recorded.
 */
export async function fileResponse(
  db: Database,
  files: FileStore,
  slug: string,
  submissionId: string,
  id: string,
  member: Member,
  now: Date,
): Promise<Response | undefined> {
  const submission = await findSubmission(db, submissionId);
  const file = submission?.form === slug ? await findFile(db, submissionId, id) : undefined;
  const chunks = file && !file.removedAt ? await readBytes(db, files, id) : undefined;
  if (!file || !chunks) return undefined;
  await recordFileOpened(db, slug, submissionId, file, member, now);
  const pdf = file.type === 'application/pdf';
  return new Response(streamOf(chunks), {
    headers: {
      'content-type': file.type,
      'content-length': String(file.size),
      'content-disposition': disposition(pdf || isPicture(file.type) ? 'inline' : 'attachment', file.name),
      // In a sandbox Safari shows an empty page instead of a PDF. Its viewer keeps what is in a PDF from our pages.
      'content-security-policy': pdf ? "frame-ancestors 'none'" : "default-src 'none'; sandbox",
    },
  });
}
