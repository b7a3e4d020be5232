/** The files of a form that a browser posts in one request: all are inspected before anything is stored. */
import type { Answers } from '../../form/runtime/condition.ts';
import type { Problem } from '../../form/fields/field-type.ts';
import { fileLimits } from '../../form/fields/fields.ts';
import { sentence } from '../../form/fields/problem-sentences.ts';
import { fieldsOf, type Form } from '../../form/schema.ts';
import type { Language } from '../../form/wording/wording.ts';
import type { Database } from '../../record/db/database.ts';
import { withByteCleanup, writeBytes } from '../../record/files/files.ts';
import { newId } from '../../record/ids.ts';
import { storeIfFirst, type KeyedRequest } from '../../record/idempotency.ts';
import { lockForm } from '../../record/forms/form-states.ts';
import { ofForm } from '../access/submission-access.ts';
import { inspectUpload, type InspectedFile } from './upload-inspection.ts';
import type { Services } from '../services.ts';
import { cleanName } from '../../record/files/names.ts';

export interface PostedFile {
  field: string;
  name: string;
  bytes: Uint8Array;
}

/** A posted file with the id under which it is stored. */
export type Incoming = PostedFile & InspectedFile & { id: string };

/**
 * Of a field with more files than it takes, none is inspected: a post can have hundreds, and the field is refused for its
 * number of files.
 * @returns the files of file fields, and the problem of the first rejected file of each field
 */
export async function inspectFiles(
  form: Form,
  files: PostedFile[],
  now: Date,
): Promise<{ incoming: Incoming[]; rejected: Record<string, Problem> }> {
  // A post can have thousands of parts, and a form a thousand fields.
  const byId = new Map(fieldsOf(form).map((field) => [field.id, field]));
  const incoming: Incoming[] = [];
  const rejected: Record<string, Problem> = {};
  const ofField = Object.groupBy(files, ({ field }) => field);
  for (const [at, file] of files.entries()) {
    const field = byId.get(file.field);
    const limits = field && fileLimits(field);
    if (!limits) continue;
    const tooMany = (ofField[file.field]?.length ?? 0) > limits.maxFiles;
    const inspected = tooMany ? { problem: 'many' as const } : await inspectUpload([file.bytes], limits);
    const ok = 'problem' in inspected ? { type: '', size: 0, sha256: '' } : inspected;
    if ('problem' in inspected) rejected[file.field] ??= inspected.problem;
    // All have one timestamp, so this keeps the ids in the order of the files.
    const id = newId(new Date(now.getTime() + at));
    incoming.push({ ...file, ...ok, name: cleanName(file.name, ok.type), id });
  }
  return { incoming, rejected };
}

/** The values and errors to show again. A browser keeps no file, so each file has to be chosen again. */
export function withFilesAgain(
  form: Form,
  values: Answers,
  errors: Record<string, string>,
  answers: Answers,
  language: Language,
): { values: Answers; errors: Record<string, string> } {
  const fields = fieldsOf(form);
  const ofFiles = new Set(fields.filter(fileLimits).map(({ id }) => id));
  const withErrors = fields.flatMap((field): [string, string][] => {
    const chooseAgain = ofFiles.has(field.id) && answers[field.id] !== undefined;
    const error = errors[field.id] ?? (chooseAgain ? sentence(field, 'choice', language) : undefined);
    return error ? [[field.id, error]] : [];
  });
  const otherValues = Object.entries(values).filter(([id]) => !ofFiles.has(id));
  return { values: Object.fromEntries(otherValues), errors: Object.fromEntries(withErrors) };
}

/**
 * Writes the bytes of the files that `answers` name, then runs `run` once per key, for the submission `id`. A repeat or
 * a failure stores nothing. `locksForm` is the slug of the form if `run` reads other submissions of it.
 * @returns the id of the first post under the key, and the result of `run` if this is the first
 */
export async function storeOnce<R>(
  services: Services,
  attempt: KeyedRequest,
  id: string,
  { incoming, answers, locksForm }: { incoming: Incoming[]; answers: Answers; locksForm: string | undefined },
  run: (trx: Database, chosen: Incoming[]) => Promise<R>,
): Promise<{ id: string; result?: R }> {
  const chosen = incoming.filter(({ field, id: file }) => [answers[field]].flat().includes(file));
  const store = async (trx: Database): Promise<{ id: string; result?: R }> => {
    // The key is written first: reading it before would make unrelated transactions conflict.
    const stored = await storeIfFirst(trx, attempt, id);
    if (stored.conflict) throw new Error('Two posts that differ have the same key.');
    if (stored.replayed) return { id: stored.response };
    // Before the counts of the form, which others change while they have the lock.
    if (locksForm !== undefined) await lockForm(trx, locksForm);
    return { id, result: await run(trx, chosen) };
  };
  const storeAll = async () => {
    for (const { id: file, bytes } of chosen) await writeBytes(services.db, services.files, file, [bytes]);
    const storeRows = () => services.db.transaction(store, { locksRow: true });
    return locksForm === undefined ? storeRows() : ofForm(services.db, locksForm, storeRows);
  };
  const files = chosen.map(({ id: file }) => file);
  return withByteCleanup(services, files, storeAll, (stored) => stored.id === id);
}
