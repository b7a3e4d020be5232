/** The deletions and the changes of access that a restore undoes, because the backup is from before them. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import pg from 'pg';

/** The deletions and changes that a restore has undone. Undefined where the two databases cannot be compared. */
export interface Undone {
  /** Submissions that someone deleted. Those deleted by `retention` are left out, because Flipsite deletes them again. */
  people: { form: string; id: string }[] | undefined;
  /** The email addresses of members who were removed, or got another role or password. */
  members: string[] | undefined;
  /** The forms that members have made, published, closed, opened, archived or deleted, whose planned publication is another one or has ended, or that are managed at another place. */
  forms: string[] | undefined;
}

/**
 * The deletions and the changes of access that came after the backup.
 * @param aside the folder with the previous data
 */
export function undoneSinceBackup(database: string, aside: string): Undone {
  const previous = join(aside, basename(database));
  if (!existsSync(previous)) return { people: [], members: [], forms: [] };
  const people = compare(
    previous,
    database,
    `select form, id from main.submissions as deleted where erased_at is not null
      and exists (select 1 from restored.submissions as back where back.id = deleted.id and back.erased_at is null)
      and exists (select 1 from main.events where scope = deleted.id and name = 'erased' and source = 'server'
        and json_extract(data, '$.reason') = 'asked')
      order by form, id`,
  );
  const members = compare(
    previous,
    database,
    `select email from restored.members as back
      where not exists (select 1 from main.members where id = back.id and password_hash = back.password_hash)
        or exists (select role, form, may_reveal from restored.grants where member_id = back.id
          except select role, form, may_reveal from main.grants where member_id = back.id)
      order by email`,
  );
  const forms = compare(
    previous,
    database,
    // A new form in a file is there again by itself, and open.
    `select slug from main.forms as now where not exists (
        select 1 from restored.forms as back where back.slug = now.slug and back.instance = now.instance and back.owner = now.owner
          and (now.owner = 'files' or back.version is now.version)
          and back.closed_at is now.closed_at and back.archived_at is now.archived_at)
        and (owner <> 'files' or coalesce(closed_at, archived_at) is not null or slug in (select slug from restored.forms))
      union select slug from restored.forms where slug not in (select slug from main.forms)
      union select form from (select form, at, text from restored.scheduled_publications
        except select form, at, text from main.scheduled_publications)
      union select form from (select form, at, text from main.scheduled_publications
        except select form, at, text from restored.scheduled_publications)
      order by slug`,
  );
  return {
    people: people?.map(({ form, id }) => ({ form: String(form), id: String(id) })),
    members: members?.map(({ email }) => String(email)),
    forms: forms?.map(({ slug }) => String(slug)),
  };
}

/** The rows of `query` about the previous database as `main`, and about the restored one as `restored`. */
function compare(previous: string, restored: string, query: string): Record<string, SQLOutputValue>[] | undefined {
  let sqlite: DatabaseSync | undefined;
  try {
    sqlite = new DatabaseSync(previous, { readOnly: true });
    sqlite.prepare('attach ? as restored').run(resolve(restored));
    return sqlite.prepare(query).all();
  } catch {
    // A damaged database is the reason to restore, or the backup is from a version without these tables.
    return undefined;
  } finally {
    sqlite?.close();
  }
}

/**
 * The submissions of a PostgreSQL database that someone deleted, the last one first. Those deleted by `retention` are left
 * out. Reads the tables as they are.
 * @param url the address of the database
 * @returns undefined where no one can read the database
 */
export async function deletedOnRequest(url: string): Promise<{ form: string; id: string; at: string }[] | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ form: string; id: string; at: string }>(
      `select form, id, erased_at as at from submissions where erased_at is not null
        and exists (select 1 from events where scope = submissions.id and name = 'erased' and source = 'server'
          and data::json->>'reason' = 'asked')
        order by erased_at desc, id`,
    );
    return rows;
  } catch {
    // A damaged database is the reason to restore.
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}
