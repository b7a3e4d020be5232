/** The store of previews: test answers, and the versions of drafts. It is a database of its own, so that nothing counts them. */
import { sql } from 'kysely';
import type { Form } from '../../form/schema.ts';
import type { Database } from '../db/database.ts';
import { enqueueWipe, erase } from '../erasure.ts';
import { saveVersion } from '../versions.ts';

/**
 * Saves a version of a draft as the current one. Test answers that are not sent yet continue in it.
 * @param instance of the form that the draft is of
 * @param keep how many versions of the form stay
 * @returns its name
 */
export async function savePreviewVersion(
  store: Database,
  form: Form,
  { instance, keep, now }: { instance: string; keep: number; now: Date },
): Promise<string> {
  const { slug } = form;
  return store.transaction(async (trx) => {
    const version = await saveVersion(trx, form, now);
    await trx.query.updateTable('forms').set({ instance }).where('slug', '=', slug).execute();
    await trx.query
      .updateTable('submissions')
      .set({ version })
      .where('form', '=', slug)
      .where('submitted_at', 'is', null)
      .execute();
    const old = await trx.query
      .selectFrom('versions')
      .select('version')
      .where('form', '=', slug)
      .where('version', '!=', version)
      .where('version', 'not in', trx.query.selectFrom('submissions').select('version').where('form', '=', slug))
      .orderBy('replaced_at', 'desc')
      .offset(keep - 1)
      .limit(1_000)
      .execute();
    if (old.length) {
      const names = old.map((one) => one.version);
      await trx.query.deleteFrom('versions').where('form', '=', slug).where('version', 'in', names).execute();
    }
    return version;
  });
}

/** How many test answers a form has. @param days of their start in UTC, both included */
export async function countTestAnswers(
  store: Database,
  form: string,
  { from, to, language }: { from?: string | undefined; to?: string | undefined; language?: string | undefined } = {},
): Promise<number> {
  const { count } = await store.query
    .selectFrom('submissions')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('form', '=', form)
    .$if(from !== undefined, (query) => query.where('created_at', '>=', from ?? ''))
    // Text after the day sorts behind it.
    .$if(to !== undefined, (query) => query.where('created_at', '<=', `${to}z`))
    .$if(language !== undefined, (query) => query.where('language', '=', language ?? ''))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Whether the store has no test answers, and no version of a draft that was first saved since then. */
export async function isUnusedSince(store: Database, since: Date): Promise<boolean> {
  const answers = store.query.selectFrom('submissions').select('id').limit(1);
  const versions = store.query.selectFrom('versions').select('version').where('created_at', '>=', since.toISOString());
  return !(await answers.executeTakeFirst()) && !(await versions.limit(1).executeTakeFirst());
}

/** All bytes of the files of test answers. */
export async function testFileBytes(store: Database): Promise<number> {
  const { bytes } = await store.query
    .selectFrom('files')
    .select(({ fn }) => fn.sum<number | null>('size').as('bytes'))
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(bytes ?? 0);
}

/** Those of these files that have a row, removed ones too. */
export async function filesNoted(store: Database, ids: string[]): Promise<string[]> {
  const rows = await store.query.selectFrom('files').select('id').where('id', 'in', ids).execute();
  return rows.map(({ id }) => id);
}

/**
 * Makes the index by which test answers are deleted with their events. Without it, each deletion reads the events of all others
 * twice: to delete its own, and to check that no event names it any more. The site itself deletes no submission.
 */
export async function indexTestAnswers(store: Database): Promise<void> {
  await sql`create index if not exists events_test_answer on events (submission_id)`.execute(store.query);
}

/** Deletes all test answers of a form, with everything about them. @returns the ids of files with bytes to remove */
export async function deleteTestAnswers(store: Database, form: string, now: Date): Promise<string[]> {
  const rows = await store.query.selectFrom('submissions').select('id').where('form', '=', form).execute();
  return deleteAll(store, rows, now);
}

/** Deletes the versions of a form, so that another form with its link never shows them. */
export async function deletePreviewVersions(store: Database, form: string, now: Date): Promise<void> {
  await store.transaction(async (trx) => {
    await trx.query.deleteFrom('forms').where('slug', '=', form).execute();
    await trx.query.deleteFrom('versions').where('form', '=', form).execute();
    await enqueueWipe(trx, now);
  });
}

/** Deletes the test answers of all forms that were started before `before`, and the oldest of those above `maxCount`. */
export async function trimTestAnswers(store: Database, before: Date, maxCount: number, now: Date): Promise<string[]> {
  const byAge = store.query.selectFrom('submissions').select('id').orderBy('id', 'desc');
  const [old, more] = await Promise.all([
    byAge.where('created_at', '<', before.toISOString()).limit(1_000).execute(),
    byAge.offset(maxCount).limit(1_000).execute(),
  ]);
  return deleteAll(store, [...old, ...more], now);
}

async function deleteAll(store: Database, rows: { id: string }[], now: Date): Promise<string[]> {
  const files: string[] = [];
  for (const { id } of rows) {
    await store.transaction(async (trx) => {
      const erased = await erase(trx, id, now);
      files.push(...(erased?.files ?? []));
      await trx.query.deleteFrom('events').where('submission_id', '=', id).execute();
      await trx.query.deleteFrom('submissions').where('id', '=', id).execute();
    });
  }
  return files;
}
