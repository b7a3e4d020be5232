/** One file of a submission, to show or to download. */
import type { Member } from '../../members/members.ts';
import type { Database } from '../../record/db/database.ts';
import { findFile, readBytes } from '../../record/files/files.ts';
import { disposition } from '../../record/files/names.ts';
import { streamOf } from '../../record/files/stream.ts';
import type { FileStore } from '../../record/files/store.ts';
import { findSubmission } from '../../record/submissions/submissions.ts';
import { recordFileOpened } from './sensitive.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { countPixels } from '../../form/settings/picture-size.ts';

/** The types that every browser shows as a picture. */
export const isPicture = (type: string): boolean => /^image\/(jpeg|png|webp)$/.test(type);

/** How many bytes are read to find the size of a picture. In a photo, metadata and a thumbnail come first. */
const SIZE_CHUNKS = 4;

/** The icon for a picture that is too large to show. */
const NO_PREVIEW = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#777"><path d="M5 3h9l5 5v13H5z M14 3v5h5 M8 14h8"/></svg>'; // prettier-ignore

/**
 * The bytes of a file. The browser shows a PDF or a picture that is not too large to unpack, and downloads other files.
 * Records that the member opened a sensitive file.
 * @param preview whether it is for a picture in a page, which a browser unpacks whatever the headers say
 * @returns undefined if the submission of this form has no such file, or it was removed
 */
export async function dashboardFileResponse(
  db: Database,
  files: FileStore,
  slug: string,
  submissionId: string,
  id: string,
  { member, now, preview }: { member: Member; now: Date; preview: boolean },
): Promise<Response | undefined> {
  const submission = await findSubmission(db, submissionId);
  const file = submission?.form === slug ? await findFile(db, submissionId, id) : undefined;
  const chunks = file && !file.removedAt ? await readBytes(db, files, id) : undefined;
  if (!file || !chunks) return undefined;
  const pdf = file.type === 'application/pdf';
  const { start, rest } = isPicture(file.type) ? await beginningOf(chunks) : { start: [], rest: chunks };
  const pixels = countPixels(Buffer.concat(start));
  const picture = pixels !== undefined && pixels <= SITE_LIMITS.shownPicturePixels.value;
  if (preview && !picture) return new Response(NO_PREVIEW, { headers: { 'content-type': 'image/svg+xml' } });
  await recordFileOpened(db, slug, submissionId, file, member, now);
  return new Response(streamOf(rest), {
    headers: {
      'content-type': file.type,
      'content-length': String(file.size),
      'content-disposition': disposition(pdf || picture ? 'inline' : 'attachment', file.name),
      // Safari shows an empty page instead of a PDF in a sandbox. Its viewer isolates the PDF from our pages.
      'content-security-policy': pdf ? "frame-ancestors 'none'" : "default-src 'none'; sandbox",
    },
  });
}

/** Returns the first chunks, and an iterator over all chunks. */
async function beginningOf(chunks: AsyncGenerator<Buffer>) {
  const start: Buffer[] = [];
  while (start.length < SIZE_CHUNKS && countPixels(Buffer.concat(start)) === undefined) {
    const { done, value } = await chunks.next();
    if (done) break;
    start.push(value);
  }
  async function* all() {
    yield* start;
    yield* chunks;
  }
  return { start, rest: all() };
}
