/** Every text of a form that the dashboard or a program published, numbered from 1 within the form. */
import type { Form } from '../../form/schema.ts';
import { definitionOf } from '../../form/version.ts';
import type { Database } from '../db/database.ts';
import { saveVersion } from '../versions.ts';
import { textHash } from './form-text.ts';
import { endSchedule } from './scheduled-publications.ts';
import { boundPublication } from './text-bounds.ts';

export interface Publication {
  number: number;
  /** See `saveVersion`. */
  version: string;
  textHash: string;
  note: string;
  /** Undefined for a program that published with an API key. */
  memberId: string | undefined;
  publishedAt: string;
}

export interface NewPublication {
  form: Form;
  text: string;
  note?: string;
  memberId?: string | undefined;
}

/** Publishes `form`, whose text is `text`, and moves it to the dashboard. @throws TextsFull */
export async function savePublication(
  db: Database,
  { form, text, note = '', memberId }: NewPublication,
  now: Date,
): Promise<Publication> {
  return db.transaction(async (trx) => {
    await boundPublication(trx, { form: form.slug, memberId }, [text, definitionOf(form)]);
    const number = ((await latestPublication(trx, form.slug))?.number ?? 0) + 1;
    const version = await saveVersion(trx, form, now);
    const publication = { number, version, text_hash: textHash(text), note, member_id: memberId ?? null, published_at: now.toISOString() }; // prettier-ignore
    await trx.query
      .insertInto('publications')
      .values({ form: form.slug, text, ...publication })
      .execute();
    await trx.query.updateTable('forms').set({ owner: 'dashboard' }).where('slug', '=', form.slug).execute();
    await endSchedule(trx, form.slug, text);
    return toPublication(publication);
  });
}

const COLUMNS = ['number', 'version', 'text_hash', 'note', 'member_id', 'published_at'] as const;

export async function latestPublication(db: Database, form: string): Promise<Publication | undefined> {
  return (await listPublications(db, form, { limit: 1 }))[0];
}

/** The newest first. @param before the number of a publication; only older ones are listed */
export async function listPublications(
  db: Database,
  form: string,
  { limit, before }: { limit: number; before?: number },
): Promise<Publication[]> {
  let query = db.query.selectFrom('publications').select(COLUMNS).where('form', '=', form);
  if (before !== undefined) query = query.where('number', '<', before);
  return (await query.orderBy('number', 'desc').limit(limit).execute()).map(toPublication);
}

/** The text of the latest publication. */
export async function latestText(db: Database, form: string): Promise<string | undefined> {
  const latest = await latestPublication(db, form);
  return latest && publicationText(db, form, latest.number);
}

export async function findPublication(db: Database, form: string, number: number): Promise<Publication | undefined> {
  const query = db.query.selectFrom('publications').select(COLUMNS).where('form', '=', form);
  const row = await query.where('number', '=', number).executeTakeFirst();
  return row && toPublication(row);
}

/** The text of one publication. */
export async function publicationText(db: Database, form: string, number: number): Promise<string | undefined> {
  const query = db.query.selectFrom('publications').select('text').where('form', '=', form);
  return (await query.where('number', '=', number).executeTakeFirst())?.text;
}

type Row = { number: number; version: string; text_hash: string; note: string; member_id: string | null; published_at: string }; // prettier-ignore

const toPublication = ({ text_hash, member_id, published_at, ...row }: Row): Publication => ({
  ...row,
  textHash: text_hash,
  memberId: member_id ?? undefined,
  publishedAt: published_at,
});
