/** The deletions and the changes of access that a restore undoes, because the backup is from before them. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

/** The deletions and changes that a restore has undone. */
export interface Undone {
  /** Submissions that someone deleted. Those deleted by `retention` are left out, because Flipsite deletes them again. */
  people: { form: string; id: string }[];
  /** The email addresses of members who were removed, or got another role or password. */
  members: string[];
}

/**
 * The deletions and the changes of access that came after the backup.
 * @param aside the folder with the previous data
 * @returns nothing where no one can read the previous database
 */
export function undoneSinceBackup(database: string, aside: string): Undone {
  const previous = join(aside, basename(database));
  if (!existsSync(previous)) return { people: [], members: [] };
  const sqlite = new DatabaseSync(previous, { readOnly: true });
  try {
    sqlite.prepare('attach ? as restored').run(resolve(database));
    const people = sqlite.prepare(
      `select form, id from submissions where erased_at is not null
        and exists (select 1 from restored.submissions as back where back.id = submissions.id and back.erased_at is null)
        and exists (select 1 from events where scope = submissions.id and name = 'erased' and source = 'server'
          and json_extract(data, '$.reason') = 'asked')
        order by form, id`,
    );
    const members = sqlite.prepare(
      `select email from restored.members as back
        where not exists (select 1 from members where id = back.id and password_hash = back.password_hash)
          or exists (select role, form, may_reveal from restored.grants where member_id = back.id
            except select role, form, may_reveal from main.grants where member_id = back.id)
        order by email`,
    );
    return {
      people: people.all().map(({ form, id }) => ({ form: String(form), id: String(id) })),
      members: members.all().map(({ email }) => String(email)),
    };
  } catch {
    // A damaged database is the reason to restore.
    return { people: [], members: [] };
  } finally {
    sqlite.close();
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
