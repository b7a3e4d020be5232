/** Campaign links that are made under Share, or by a program. Those of a form's text are in its definition. */
import { sql, type Selectable } from 'kysely';
import type { CampaignLink } from '../../form/settings/links.ts';
import type { Database } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

export interface SharedLink {
  form: string;
  link: CampaignLink;
  /** Where it is published, such as `facebook`. Empty if unknown. */
  place: string;
  memberId: string | null;
  createdAt: string;
  /** While it is set, the link is closed. */
  closedAt: string | null;
}

export interface NewSharedLink {
  form: string;
  link: CampaignLink;
  place?: string;
  memberId?: string | undefined;
}

/** Stores new links: all of them, or none. @returns the ids that another link has; empty after success */
export async function addLinks(db: Database, links: readonly NewSharedLink[], now: Date): Promise<string[]> {
  return db.transaction(async (trx) => {
    const ids = links.map(({ link }) => link.id);
    const taken = await takenIds(trx, ids);
    if (taken.length) return taken;
    const revision = await nextRevision(trx);
    for (const { form, link, place = '', memberId = null } of links) {
      const row = { id: link.id, form, definition: JSON.stringify(link), place, member_id: memberId, created_at: now.toISOString(), paused_at: null, revision }; // prettier-ignore
      await trx.query.insertInto('links').values(row).execute();
    }
    return [];
  });
}

/** Those of `ids` that a stored link has, of any form. */
export async function takenIds(db: Database, ids: readonly string[]): Promise<string[]> {
  const taken: string[] = [];
  for (let at = 0; at < ids.length; at += 500) {
    const some = ids.slice(at, at + 500);
    const rows = await db.query.selectFrom('links').select('id').where('id', 'in', some).execute();
    taken.push(...rows.map(({ id }) => id));
  }
  return taken;
}

/** Changes a link. @returns whether the form has it */
export async function updateLink(
  db: Database,
  form: string,
  id: string,
  change: { link?: CampaignLink; place?: string; closedAt?: string | null },
): Promise<boolean> {
  return db.transaction(async (trx) => {
    const { link, place, closedAt } = change;
    const changed = await trx.query
      .updateTable('links')
      .set({
        ...(link && { definition: JSON.stringify({ ...link, id }) }),
        ...(place !== undefined && { place }),
        ...(closedAt !== undefined && { paused_at: closedAt }),
        revision: await nextRevision(trx),
      })
      .where('form', '=', form)
      .where('id', '=', id)
      .executeTakeFirst();
    return Number(changed.numUpdatedRows) > 0;
  });
}

async function nextRevision(trx: Database): Promise<number> {
  return (await linkRevision(trx)) + 1;
}

/** A number that grows with each change of any link. */
export async function linkRevision(db: Database): Promise<number> {
  const row = await db.query
    .selectFrom('links')
    .select(({ fn }) => fn.max<number | null>('revision').as('revision'))
    .executeTakeFirst();
  return Number(row?.revision ?? 0);
}

/** All links that are made under Share, of all forms or of one, the newest first. */
export async function listLinks(db: Database, form?: string): Promise<SharedLink[]> {
  const rows = await db.query
    .selectFrom('links')
    .selectAll()
    .$if(form !== undefined, (query) => query.where('form', '=', form ?? ''))
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(toLink);
}

/** One link of a form that is made under Share. */
export async function findLink(db: Database, form: string, id: string): Promise<SharedLink | undefined> {
  const query = db.query.selectFrom('links').selectAll().where('form', '=', form).where('id', '=', id);
  const row = await query.executeTakeFirst();
  return row && toLink(row);
}

/** How many links of a form are made under Share. */
export async function countLinks(db: Database, form: string): Promise<number> {
  const row = await db.query
    .selectFrom('links')
    .select(({ fn }) => fn.countAll<number>().as('links'))
    .where('form', '=', form)
    .executeTakeFirst();
  return Number(row?.links ?? 0);
}

/**
 * The completed submissions of each link, counted as for `limits.max` of a form. Counting a link stops at the largest `max`,
 * because strangers can send any number of submissions by it. Another form may have had a link with the same id before.
 */
export async function completedByLink(
  db: Database,
  links: readonly { id: string; form: string; max: number }[],
): Promise<Map<string, number>> {
  const people = new Map<string, number>();
  const most = links.reduce((largest, { max }) => Math.max(largest, max), 0);
  for (let at = 0; at < links.length; at += 500) {
    const asked = links.slice(at, at + 500).map(({ id, form }) => sql`(${id}, ${form})`);
    const { rows } = await sql<{ id: string; people: number }>`
      with asked (id, slug) as (values ${sql.join(asked)})
      select id, (select count(*) from (select 1 from submissions where link = asked.id and form = asked.slug
        and link is not null and ${IS_COMPLETED} limit ${most}) as counted) as people from asked`.execute(db.query);
    for (const { id, people: count } of rows) people.set(id, Number(count));
  }
  return people;
}

/** This must be the exact text of an index, or SQLite does not use it. */
const IS_COMPLETED = sql<boolean>`submitted_at is not null and quarantined = 0 and erased_at is null and outcome = 'completed'`;

const toLink = (row: Selectable<Tables['links']>): SharedLink => ({
  form: row.form,
  link: JSON.parse(row.definition) as CampaignLink,
  place: row.place,
  memberId: row.member_id,
  createdAt: row.created_at,
  closedAt: row.paused_at,
});
