/** The files of a submission: upload, remove, list and read them, and check the answers that name them. */
import type { FileList, UploadedFile } from '../../contract/api.ts';
import type { Answers } from '../../form/runtime/condition.ts';
import type { FileLimits, Problem } from '../../form/fields/field-type.ts';
import { fileLimits, type Field } from '../../form/fields/fields.ts';
import { sentence } from '../../form/fields/problem-sentences.ts';
import { fieldCalled, type Form } from '../../form/schema.ts';
import { joinSentences, wordings, type Language } from '../../form/wording/wording.ts';
import type { Database } from '../../record/db/database.ts';
import {
  addFile,
  countFilesEver,
  findFile,
  withByteCleanup,
  listFiles,
  markFileRemoved,
  removeBytes,
  writeBytes,
  type StoredFile,
} from '../../record/files/files.ts';
import { newId } from '../../record/ids.ts';
import { runOnce, replay, type IdempotentResult } from '../../record/idempotency.ts';
import { lockSubmission, type Submission } from '../../record/submissions/submissions.ts';
import { mergeAnswers } from '../../record/submissions/save-answers.ts';
import { hasStarted } from '../../record/submissions/which-count.ts';
import { takeWrite } from '../../record/submissions/usage.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { inspectUpload } from './upload-inspection.ts';
import { ofSubmission } from '../access/submission-access.ts';
import { recordServerEvent, type Services } from '../services.ts';
import { cleanName } from '../../record/files/names.ts';
import { alreadySubmitted, conflict, done, fail, submissionFull, type Result } from '../errors/api-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';

export interface UploadRequest {
  field: string;
  /** The name of the file on the person's device. */
  name: string;
  body: AsyncIterable<Uint8Array>;
  /** Bytes of the body, where the request says how many. */
  announced: number | undefined;
}

/** Stores one file of a draft. The bytes are written before the row, and removed again if the row is not. */
export async function upload(
  services: Services,
  submission: Submission,
  form: Form,
  request: UploadRequest,
  key: string | undefined,
): Promise<Result<UploadedFile>> {
  const field = fieldCalled(form, request.field);
  const limits = field && fileLimits(field);
  if (!field || !limits) return fail('invalid_request', 'field is not a file field of this form.');
  const now = services.now();
  const id = newId(now);
  const keyed = { scope: `${submission.id}:files`, key, now };
  // Checks the limits before reading the body, unless this is a retry of a stored upload.
  const known = await replay(services.db, { ...keyed, body: null });
  const full = known ? undefined : await roomError(services.db, submission, field, limits);
  if (full) return full;
  if ((request.announced ?? 0) > limits.maxBytes) return rejected(field, 'size', submission);
  const inspected = await inspectUpload(request.body, limits, (bytes) =>
    writeBytes(services.db, services.files, id, bytes),
  );
  if ('problem' in inspected) return rejected(field, inspected.problem, submission);
  const name = cleanName(request.name, inspected.type);
  const attempt = { ...keyed, body: { field: field.id, name: request.name, sha256: inspected.sha256 } };
  const storeRow = async (trx: Database): Promise<Result<UploadedFile>> => {
    const current = await lockSubmission(trx, submission.id);
    const earlier = await replay<string>(trx, attempt);
    if (earlier) return uploadResult(trx, submission, earlier);
    // Not stored under the key: the same request can succeed after another file is removed.
    const refusal = await roomError(trx, current, field, limits, inspected.size);
    if (refusal) return refusal;
    if (!(await takeWrite(trx, submission.id))) return submissionFull('changes');
    const stored = await runOnce(trx, attempt, async () => {
      await addFile(trx, { id, submissionId: submission.id, field: field.id, name, ...inspected }, now);
      // So that the submission counts, and members can find and delete it, if the person leaves now.
      if (!hasStarted({ answers: current.stored, smile_user_id: current.smileUserId }))
        await mergeAnswers(trx, submission.id, { set: { [field.id]: [id] }, clear: [] }, now, current);
      const { type, size } = inspected;
      const screen = form.screens.find(({ fields }) => fields.includes(field))?.id;
      await recordServerEvent(trx, submission, 'fileAdded', { screen, field: field.id, type, size }, now);
      return id;
    });
    return uploadResult(trx, submission, stored);
  };
  const storeLocked = () =>
    ofSubmission(services.db, submission.id, () => services.db.transaction(storeRow, { locksRow: true }));
  return withByteCleanup(services, [id], storeLocked, (outcome) => outcome.ok && outcome.body.id === id);
}

async function uploadResult(
  db: Database,
  submission: Submission,
  stored: IdempotentResult<string>,
): Promise<Result<UploadedFile>> {
  if (stored.conflict) return conflict();
  const file = await findFile(db, submission.id, stored.response);
  return file ? done(itemOf(file)) : unknownFile();
}

/** @returns the error if the submission cannot take another file of `size` bytes */
async function roomError(
  db: Database,
  submission: Submission,
  field: Field,
  { maxFiles }: FileLimits,
  size = 1,
): Promise<Result<never> | undefined> {
  if (submission.submittedAt) return submittedError(submission);
  const files = await listFiles(db, submission.id);
  if (files.filter((file) => file.field === field.id).length >= maxFiles) return rejected(field, 'many', submission);
  const bytes = files.reduce((sum, file) => sum + file.size, size);
  const tooLarge = bytes > SITE_LIMITS.fileBytesPerSubmission.value;
  const tooMany = (await countFilesEver(db, submission.id)) >= SITE_LIMITS.filesEverPerSubmission.value;
  if (!tooLarge && !tooMany) return undefined;
  const language = submission.language as Language;
  const { filesFull, filesFullHelp } = wordings[language].server;
  // A removed file makes room, and is still one of those that were ever taken.
  const fields = { [field.id]: tooMany ? filesFull : joinSentences(language, filesFull, filesFullHelp) };
  return fail(tooLarge ? 'too_large' : 'too_many_files', 'This submission has reached its limit of files.', { fields });
}

const REFUSALS: Partial<Record<Problem, [ErrorCode, string]>> = {
  size: ['too_large', 'The file is larger than this field accepts.'],
  many: ['too_many_files', 'This field accepts no more files. Remove one first.'],
};

function rejected(field: Field, problem: Problem, { language }: Submission): Result<never> {
  const fields = { [field.id]: sentence(field, problem, language as Language) };
  const [code, message] = REFUSALS[problem] ?? ['unsupported_type', 'This field does not accept this file.'];
  return fail(code, message, { fields });
}

/** Removes a file: its bytes, and its id from the answer. Removing it twice is no error. */
export async function removeFile(services: Services, submission: Submission, id: string): Promise<Result<object>> {
  const now = services.now();
  /** Whether this request removes it. Another one may have done so before. */
  let removesIt = false;
  const remove = async (trx: Database): Promise<Result<object>> => {
    const current = await lockSubmission(trx, submission.id);
    if (current.submittedAt) return submittedError(current);
    const file = await findFile(trx, submission.id, id);
    if (!file) return unknownFile();
    removesIt = file.removedAt === null;
    if (!removesIt) return done({});
    await markFileRemoved(trx, [id], now);
    const { [file.field]: answer } = current.answers;
    if (Array.isArray(answer) && answer.includes(id)) {
      const remaining = answer.filter((one) => one !== id);
      const set: Answers = remaining.length ? { [file.field]: remaining } : {};
      await mergeAnswers(trx, submission.id, { set, clear: [file.field] }, now);
    }
    await recordServerEvent(trx, submission, 'fileRemoved', { field: file.field }, now);
    return done({});
  };
  const outcome = await ofSubmission(services.db, submission.id, () =>
    services.db.transaction(remove, { locksRow: true }),
  );
  // If this fails, the next sweep removes the bytes.
  if (outcome.ok && removesIt) await removeBytes(services, [id]);
  return outcome;
}

/** The files of a draft. Those of a submitted submission are not listed, as with its answers. */
export async function ownFiles(services: Services, submission: Submission): Promise<FileList> {
  if (submission.submittedAt) return { items: [] };
  const files = await listFiles(services.db, submission.id);
  return { items: files.map((file) => ({ ...itemOf(file), field: file.field })) };
}

/** One file of a draft. */
export async function ownFile(services: Services, submission: Submission, id: string): Promise<Result<StoredFile>> {
  if (submission.submittedAt) return fail('unknown_file', 'After the submit, the token of a submission reads no file.');
  const file = await findFile(services.db, submission.id, id);
  return file && !file.removedAt ? done(file) : unknownFile();
}

/** @returns a sentence for each field whose answer names a file that is not, or no longer, in that field */
export async function invalidFileRefs(
  db: Database,
  submission: Submission,
  fields: Field[],
  answers: Answers,
): Promise<Record<string, string>> {
  const fileFields = fields.filter((field) => fileLimits(field) && answers[field.id] !== undefined);
  if (fileFields.length === 0) return {};
  const files = await listFiles(db, submission.id);
  const ownIds = (field: Field) => files.filter((file) => file.field === field.id).map(({ id }) => id);
  const invalid = fileFields.filter((field) => !namedIn(answers, field.id).every((id) => ownIds(field).includes(id)));
  return Object.fromEntries(
    invalid.map((field) => [field.id, sentence(field, 'choice', submission.language as Language)]),
  );
}

/** Marks files that no answer names as removed. @returns their ids, to remove their bytes after the commit */
export async function removeUnnamedFiles(
  db: Database,
  submission: Submission,
  answers: Answers,
  now: Date,
): Promise<string[]> {
  const files = await listFiles(db, submission.id);
  const unnamed = files.filter((file) => !namedIn(answers, file.field).includes(file.id)).map(({ id }) => id);
  await markFileRemoved(db, unnamed, now);
  return unnamed;
}

const namedIn = (answers: Answers, field: string): string[] => {
  const answer = answers[field];
  return Array.isArray(answer) ? answer : [];
};

const itemOf = ({ id, name, type, size }: StoredFile): UploadedFile => ({ id, name, type, size });

const submittedError = (submission: Submission) =>
  alreadySubmitted(submission, 'This submission was submitted before, so its files can no longer change.');
export const unknownFile = () => fail('unknown_file', 'This submission has no file with this id.');
