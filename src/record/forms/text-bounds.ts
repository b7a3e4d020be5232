/**
 * Bounds on the texts of forms that editors and programs store, so that none of them fills the disk. An owner may store
 * more, so that the site can always be changed.
 */
import { sql } from 'kysely';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import type { Database } from '../db/database.ts';

const { publicationsPerForm, publishedBytesPerForm, publishedBytes, formDrafts, formDraftBytes } = SITE_LIMITS;

/** Thrown where an editor or a program would store more than its bounds allow. The message is a sentence for them. */
export class TextsFull extends Error {}

/** The published texts and versions, in rows and bytes. */
export interface PublishedUsage {
  publications: number;
  formBytes: number;
  siteBytes: number;
}

/** The limit that one more publication exceeds, as a sentence. @param bytes of its text and its version */
export function publicationLimitError(
  { publications, formBytes, siteBytes }: PublishedUsage,
  bytes: number,
): string | undefined {
  const remedy = 'Ask an owner to publish this version.';
  if (publications >= publicationsPerForm.value) return `This form has ${publicationsPerForm.value.toLocaleString('en')} published versions, the largest number for editors and programs. ${remedy}`; // prettier-ignore
  if (formBytes + bytes > publishedBytesPerForm.value) return `The published versions of this form use all the space that editors and programs have for them. ${remedy}`; // prettier-ignore
  if (siteBytes + bytes > publishedBytes.value) return `The published versions of all forms use all the space that editors and programs have for them. ${remedy}`; // prettier-ignore
  return undefined;
}

/** The limit that a draft exceeds, as a sentence. @param others the other drafts, in rows and bytes */
export function draftLimitError(others: { drafts: number; bytes: number }, bytes: number): string | undefined {
  const remedy = 'Ask an owner to save it.';
  if (others.drafts >= formDrafts.value) return `This site has ${formDrafts.value.toLocaleString('en')} drafts of forms, the largest number for editors and programs. ${remedy}`; // prettier-ignore
  if (others.bytes + bytes > formDraftBytes.value) return `The drafts of all forms use all the space that editors and programs have for them. ${remedy}`; // prettier-ignore
  return undefined;
}

type Author = { form: string; memberId: string | undefined };

/** Checks the bounds before a publication is stored. @throws TextsFull */
export async function boundPublication(db: Database, author: Author, texts: string[]): Promise<void> {
  const usage = await publishedUsage(db, author.form);
  await refuse(db, author, publicationLimitError(usage, bytesOf(...texts)));
}

/** Checks the bounds before a draft is stored. A draft that gets no longer always fits. @throws TextsFull */
export async function boundDraft(
  db: Database,
  author: Author,
  text: string,
  stored: string | undefined,
): Promise<void> {
  if (stored !== undefined && bytesOf(text) <= bytesOf(stored)) return;
  const row = await db.query
    .selectFrom('form_drafts')
    .select(({ fn }) => [fn.countAll<string>().as('drafts'), totalBytes('text').as('bytes')])
    .where('form', '!=', author.form)
    .executeTakeFirstOrThrow();
  const others = { drafts: stored === undefined ? Number(row.drafts) : 0, bytes: Number(row.bytes) };
  await refuse(db, author, draftLimitError(others, bytesOf(text)));
}

/** The usage of a form and of the site. */
export async function publishedUsage(db: Database, form: string): Promise<PublishedUsage> {
  const texts = await db.query.selectFrom('publications').select(({ fn }) => ['form', fn.countAll<string>().as('rows'), totalBytes('text').as('bytes')]).groupBy('form').execute(); // prettier-ignore
  const versions = await db.query.selectFrom('versions').select(['form', totalBytes('definition').as('bytes')]).groupBy('form').execute(); // prettier-ignore
  const all = [...texts, ...versions];
  const sum = (rows: typeof versions) => rows.reduce((total, { bytes }) => total + Number(bytes), 0);
  return {
    publications: Number(texts.find((one) => one.form === form)?.rows ?? 0),
    formBytes: sum(all.filter((one) => one.form === form)),
    siteBytes: sum(all),
  };
}

/** Both databases know the length without reading the text. */
const totalBytes = (column: 'text' | 'definition') => sql<string>`coalesce(sum(octet_length(${sql.ref(column)})), 0)`;

const bytesOf = (...texts: string[]): number => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

async function refuse(db: Database, { form, memberId }: Author, problem: string | undefined): Promise<void> {
  if (problem === undefined) return;
  const owner = db.query.selectFrom('grants').select('form').where('member_id', '=', memberId ?? '').where('role', '=', 'owner'); // prettier-ignore
  if ((await owner.execute()).every((grant) => grant.form !== null && grant.form !== form))
    throw new TextsFull(problem);
}
