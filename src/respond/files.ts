/** The files of a submission: taking one in, taking one back, reading them, and which of them an answer may name. */
import type { FileList, UploadedFile } from '../contract/api.ts';
import type { Answers } from '../form/runtime/condition.ts';
import { fileLimits, type FileLimits } from '../form/fields/files.ts';
import type { Problem } from '../form/fields/field-type.ts';
import { sentence, type Field } from '../form/fields/fields.ts';
import { fieldCalled, type Form } from '../form/schema.ts';
import { wordings, type Language } from '../form/wording/wording.ts';
import type { Database } from '../record/db/database.ts';
import {
  addFile,
  countFilesEver,
  findFile,
  withByteCleanup,
  listFiles,
  markFileRemoved,
  readBytes,
  removeBytes,
  writeBytes,
  type StoredFile,
} from '../record/files/files.ts';
import { newId } from '../record/ids.ts';
import { runOnce, replay, type IdempotentResult } from '../record/idempotency.ts';
import { lockSubmission, mergeAnswers, type Submission } from '../record/submissions/submissions.ts';
import { takeAct } from '../record/submissions/usage.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { inspectUpload } from './upload-inspection.ts';
import { recordServerEvent, type Services } from './services.ts';
import { cleanName } from '../record/files/names.ts';
import { alreadySubmitted, conflict, done, fail, submissionFull, type Result } from './api-error.ts';
import type { ErrorCode } from './error-codes.ts';

export interface UploadRequest {
  field: string;
  /** As the person's device calls it. */
  name: string;
  body: AsyncIterable<Uint8Array>;
  /** Bytes of the body, where the request says how many. */
  announced: number | undefined;
}

/** Takes in one file of a draft. Its bytes are safe before its row is written; without the row they are removed. */
export async function upload(
  services: Services,
  submission: Submission,
  form: Form,
  given: UploadRequest,
  key: string | undefined,
): Promise<Result<UploadedFile>> {
  const field = fieldCalled(form, given.field);
  const limits = field && fileLimits(field);
  if (!field || !limits) return fail('invalid_request', 'field is not a file field of this form.');
  const now = services.now();
  const id = newId(now);
  const attempted = { scope: `${submission.id}:files`, key, now };
  // A full draft is told so before the file is read, unless this is the repetition of what it has taken.
  const known = await replay(services.db, { ...attempted, body: null });
  const full = known ? undefined : await noRoom(services.db, submission, field, limits);
  if (full) return full;
  if ((given.announced ?? 0) > limits.largest) return unfit(field, 'size', submission);
  const arrived = await inspectUpload(given.body, limits, (bytes) =>
    writeBytes(services.db, services.files, id, bytes),
  );
  if ('problem' in arrived) return unfit(field, arrived.problem, submission);
  const name = cleanName(given.name, arrived.type);
  const attempt = { ...attempted, body: { field: field.id, name: given.name, sha256: arrived.sha256 } };
  const note = () =>
    services.db.transaction(async (trx): Promise<Result<UploadedFile>> => {
      const earlier = await replay<string>(trx, attempt);
      if (earlier) return told(trx, submission, earlier);
      // Not remembered under the key: once another file is taken back, the same request can succeed.
      const current = await lockSubmission(trx, submission.id);
      const refusal = await noRoom(trx, current, field, limits, arrived.size);
      if (refusal) return refusal;
      if (!(await takeAct(trx, submission.id))) return submissionFull('changes');
      const stored = await runOnce(trx, attempt, async () => {
        await addFile(trx, { id, submissionId: submission.id, field: field.id, name, ...arrived }, now);
        const { type, size } = arrived;
        await recordServerEvent(trx, submission, 'fileAdded', { field: field.id, type, size }, now);
        return id;
      });
      return told(trx, submission, stored);
    });
  return withByteCleanup(services, [id], note, (outcome) => outcome.ok && outcome.body.id === id);
}

async function told(
  db: Database,
  submission: Submission,
  stored: IdempotentResult<string>,
): Promise<Result<UploadedFile>> {
  if (stored.conflict) return conflict();
  const file = await findFile(db, submission.id, stored.response);
  return file ? done(itemOf(file)) : unknown();
}

/** Why a submission takes no further file of `size` bytes; undefined when it does. */
async function noRoom(
  db: Database,
  submission: Submission,
  field: Field,
  { most }: FileLimits,
  size = 1,
): Promise<Result<never> | undefined> {
  if (submission.submittedAt) return late(submission);
  const files = await listFiles(db, submission.id);
  if (files.filter((file) => file.field === field.id).length >= most) return unfit(field, 'many', submission);
  const bytes = files.reduce((sum, file) => sum + file.size, size);
  const tooLarge = bytes > SITE_LIMITS.fileBytesPerSubmission.value;
  const tooMany = (await countFilesEver(db, submission.id)) >= SITE_LIMITS.filesEverPerSubmission.value;
  if (!tooLarge && !tooMany) return undefined;
  const fields = { [field.id]: wordings[submission.language as Language].server.filesFull };
  return fail(tooLarge ? 'too_large' : 'too_many_files', 'This submission has reached its limit of files.', { fields });
}

const CODES: Partial<Record<Problem, ErrorCode>> = { size: 'too_large', many: 'too_many_files' };

function unfit(field: Field, problem: Problem, { language }: Submission): Result<never> {
  const fields = { [field.id]: sentence(field, problem, language as Language) };
  return fail(CODES[problem] ?? 'unsupported_type', 'This field does not accept this file.', { fields });
}

/** Takes a file back: its bytes go, and the answer no longer names it. One taken back before stays so. */
export async function removeFile(services: Services, submission: Submission, id: string): Promise<Result<object>> {
  const now = services.now();
  const outcome = await services.db.transaction(async (trx): Promise<Result<object>> => {
    const current = await lockSubmission(trx, submission.id);
    if (current.submittedAt) return late(current);
    const file = await findFile(trx, submission.id, id);
    if (!file) return unknown();
    if (file.removedAt) return done({});
    await markFileRemoved(trx, [id], now);
    const { [file.field]: answer } = current.answers;
    if (Array.isArray(answer) && answer.includes(id)) {
      const left = answer.filter((one) => one !== id);
      const set: Answers = left.length ? { [file.field]: left } : {};
      await mergeAnswers(trx, submission.id, { set, clear: [file.field] }, now);
    }
    await recordServerEvent(trx, submission, 'fileRemoved', { field: file.field }, now);
    return done({});
  });
  if (outcome.ok) await removeBytes(services, [id]);
  return outcome;
}

/** The person's own files. What has been sent is no longer shown, as with answers. */
export async function ownFiles(services: Services, submission: Submission): Promise<FileList> {
  if (submission.submittedAt) return { items: [] };
  const files = await listFiles(services.db, submission.id);
  return { items: files.map((file) => ({ ...itemOf(file), field: file.field })) };
}

/** One of the person's own files with its bytes, chunk by chunk. */
export async function ownFile(
  services: Services,
  submission: Submission,
  id: string,
): Promise<Result<{ file: StoredFile; chunks: AsyncGenerator<Buffer> }>> {
  const file = submission.submittedAt ? undefined : await findFile(services.db, submission.id, id);
  const chunks = file && !file.removedAt ? await readBytes(services.db, services.files, id) : undefined;
  return file && chunks ? done({ file, chunks }) : unknown();
}

/** Sentences for the answers that name a file which is not a file of this submission and field, or no longer. */
export async function invalidFileRefs(
  db: Database,
  submission: Submission,
  fields: Field[],
  answers: Answers,
): Promise<Record<string, string>> {
  const asked = fields.filter((field) => fileLimits(field) && answers[field.id] !== undefined);
  if (asked.length === 0) return {};
  const files = await listFiles(db, submission.id);
  const own = (field: Field) => files.filter((file) => file.field === field.id).map(({ id }) => id);
  const foreign = asked.filter((field) => !namedIn(answers, field.id).every((id) => own(field).includes(id)));
  return Object.fromEntries(
    foreign.map((field) => [field.id, sentence(field, 'choice', submission.language as Language)]),
  );
}

/** Marks the files that no answer names as removed, and returns their ids: their bytes go once this is committed. */
export async function dropOthers(db: Database, submission: Submission, answers: Answers, now: Date): Promise<string[]> {
  const files = await listFiles(db, submission.id);
  const others = files.filter((file) => !namedIn(answers, file.field).includes(file.id)).map(({ id }) => id);
  await markFileRemoved(db, others, now);
  return others;
}

const namedIn = (answers: Answers, field: string): string[] => {
  const answer = answers[field];
  return Array.isArray(answer) ? answer : [];
};

const itemOf = ({ id, name, type, size }: StoredFile): UploadedFile => ({ id, name, type, size });

const late = (submission: Submission) =>
  alreadySubmitted(submission, 'This submission was submitted before, so its files can no longer change.');
const unknown = () => fail('unknown_file', 'This submission has no file with this id.');
