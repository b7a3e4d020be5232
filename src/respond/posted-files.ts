/** The files of a form that a browser posts whole: looked at before anything is stored, and stored with the rest. */
import type { Answers } from '../form/runtime/condition.ts';
import { fileLimits } from '../form/fields/files.ts';
import type { Problem } from '../form/fields/field-type.ts';
import { sentence } from '../form/fields/fields.ts';
import { fieldsOf, type Form } from '../form/schema.ts';
import type { Language } from '../form/wording/wording.ts';
import type { Database } from '../record/db/database.ts';
import { withByteCleanup, writeBytes } from '../record/files/files.ts';
import { newId } from '../record/ids.ts';
import { storeIfFirst, type KeyedRequest } from '../record/idempotency.ts';
import { inspectUpload, type InspectedFile } from './upload-inspection.ts';
import type { Services } from './services.ts';
import { cleanName } from '../record/files/names.ts';

export interface PostedFile {
  field: string;
  name: string;
  bytes: Uint8Array;
}

/** A posted file with the id that it has if it is stored. */
export type Incoming = PostedFile & InspectedFile & { id: string };

/** @returns the files of fields that take files, and what is wrong with the first bad one of a field */
export async function inspectFiles(
  form: Form,
  files: PostedFile[],
  now: Date,
): Promise<{ incoming: Incoming[]; unfit: Record<string, Problem> }> {
  const fields = fieldsOf(form);
  const incoming: Incoming[] = [];
  const unfit: Record<string, Problem> = {};
  for (const [at, file] of files.entries()) {
    const field = fields.find(({ id }) => id === file.field);
    const limits = field && fileLimits(field);
    if (!limits) continue;
    const arrived = await inspectUpload([file.bytes], limits);
    const ok = 'problem' in arrived ? { type: '', size: 0, sha256: '' } : arrived;
    if ('problem' in arrived) unfit[file.field] ??= arrived.problem;
    // Ids sort as the files were chosen, though they all come at one moment.
    const id = newId(new Date(now.getTime() + at));
    incoming.push({ ...file, ...ok, name: cleanName(file.name, ok.type), id });
  }
  return { incoming, unfit };
}

/** What is told when something is wrong: a browser keeps no file, so each one has to be chosen again. */
export function withFilesAgain(
  form: Form,
  values: Answers,
  errors: Record<string, string>,
  answers: Answers,
  language: Language,
): { values: Answers; errors: Record<string, string> } {
  const fields = fieldsOf(form);
  const told = fields.flatMap((field): [string, string][] => {
    const again =
      fileLimits(field) && answers[field.id] !== undefined ? sentence(field, 'choice', language) : undefined;
    const error = errors[field.id] ?? again;
    return error ? [[field.id, error]] : [];
  });
  const kept = Object.entries(values).filter(([id]) => !fields.some((field) => field.id === id && fileLimits(field)));
  return { values: Object.fromEntries(kept), errors: Object.fromEntries(told) };
}

/**
 * Keeps the bytes of the files in `incoming` that `answers` name, then runs `run` once per key, for the submission `id`. A
 * repeat, or a failure, keeps none. All of it is one transaction, which on PostgreSQL meets no other unless it is `apart`.
 * @returns the id that the first of these posts has, and what `run` came to when this is the first
 */
export async function storeOnce<R>(
  services: Services,
  attempt: KeyedRequest,
  id: string,
  { incoming, answers, apart }: { incoming: Incoming[]; answers: Answers; apart: boolean },
  run: (trx: Database, chosen: Incoming[]) => Promise<R>,
): Promise<{ id: string; result?: R }> {
  const chosen = incoming.filter(({ field, id: file }) => [answers[field]].flat().includes(file));
  const store = async (trx: Database): Promise<{ id: string; result?: R }> => {
    // The key is stored before anything else: to look for it first would make transactions meet that have nothing in common.
    const stored = await storeIfFirst(trx, attempt, id);
    if (stored.conflict) throw new Error('Two posts that differ have the same key.');
    return stored.replayed ? { id: stored.response } : { id, result: await run(trx, chosen) };
  };
  const note = async () => {
    for (const { id: file, bytes } of chosen) await writeBytes(services.db, services.files, file, [bytes]);
    return services.db.transaction(store, { locksRow: !apart });
  };
  const files = chosen.map(({ id: file }) => file);
  return withByteCleanup(services, files, note, (stored) => stored.id === id);
}
