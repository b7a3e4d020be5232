/** A form's submissions as a CSV file. */
import { setImmediate as otherWork } from 'node:timers/promises';
import type { Member } from '../../../members/members.ts';
import { listAccounts } from '../../../record/accounts/accounts.ts';
import type { Database } from '../../../record/db/database.ts';
import { listFiles } from '../../../record/files/files.ts';
import { listLinked } from '../../../record/accounts/account-data.ts';
import { withProvider } from '../../../record/accounts/providers.ts';
import {
  listSubmissions,
  READ_AT_ONCE,
  readInTurn,
  type SubmissionQuery,
} from '../../../record/submissions/submission-list.ts';
import type { Submission } from '../../../record/submissions/submissions.ts';
import { allVersions } from '../../../record/versions.ts';
import { findCurrentForm } from '../../../record/forms/form-states.ts';
import { columnsOf, type Column } from './columns.ts';
import { BOM, csvLine } from './csv.ts';
import { recordReveals, sensitiveIn } from '../sensitive.ts';

type ListFilters = Pick<SubmissionQuery, 'status' | 'search' | 'people'>;

/**
 * Streams the submissions that the form's list shows under the same filters, newest first. Any number fits in memory.
 * @param isIncomplete whether people may be missing, because Flipsite still counts. The name of the file says so
 * @param mayRead asked before each part, because a reader can be slow for days. The file ends with an error after a no
 * @param revealed the member who exports sensitive answers too. Before Flipsite sends a row, it records the member in the
 * timeline of the submission. Without `revealed`, the file has no sensitive answers.
 * @returns undefined if there never was a form `slug`
 */
export async function downloadCsv(
  db: Database,
  slug: string,
  now: Date,
  {
    filters = {},
    isIncomplete = false,
    mayRead = async () => true,
    revealed,
  }: { filters?: ListFilters; isIncomplete?: boolean; mayRead?: () => Promise<boolean>; revealed?: Member } = {},
): Promise<Response | undefined> {
  const current = await findCurrentForm(db, slug);
  if (!current) return undefined;
  const versions = await allVersions(db, slug);
  const sensitive = sensitiveIn(versions.values());
  const columns = columnsOf(
    versions,
    current.version,
    revealed ? NO_FIELDS : sensitive,
    now.toISOString().slice(0, 10),
  );
  const query = { form: slug, limit: READ_AT_ONCE, counted: true, ...filters };
  const readPart = async (cursor: string | undefined) => {
    // With an error, so that the file is not taken for a complete one.
    if (!(await mayRead()))
      throw new Error('A download of people has ended, because its member may no longer read it.');
    const part = await listSubmissions(db, { ...query, cursor });
    if (revealed) await recordReveals(db, part.items, sensitive, 'sensitiveDownloaded', revealed, now);
    return part;
  };
  const name = `${slug}${revealed ? '-sensitive' : ''}${isIncomplete ? '-incomplete' : ''}-${now.toISOString().slice(0, 10)}.csv`;
  const comparesLinked = [...versions.values()].some(({ match }) => match !== undefined);
  // An error here gets an answer of its own. A later one breaks the file off.
  const first = await readPart(undefined);
  return new Response(encoded(lines(db, columns, comparesLinked, first, readPart)), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}"`,
    },
  });
}

const NO_FIELDS: ReadonlySet<string> = new Set();

/** Reads only as fast as the client does. */
function encoded(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await texts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}

async function* lines(
  db: Database,
  columns: Column[],
  comparesLinked: boolean,
  first: Awaited<ReturnType<typeof listSubmissions>>,
  readPart: (cursor: string) => ReturnType<typeof listSubmissions>,
): AsyncGenerator<string> {
  yield BOM + csvLine(columns.map(({ name }) => name));
  for (let part = first; ; part = await readPart(part.nextCursor)) {
    // With SQLite and a fast client nothing waits, so the server would answer no one else until the end.
    const text = await readInTurn(() => linesOf(db, columns, part.items, comparesLinked));
    if (text) yield text;
    if (!part.nextCursor) return;
  }
}

/**
 * The lines of some submissions. A slow client can take days to read them, and the account data of one person can have many
 * megabytes. So Flipsite reads it for one person at a time, and only if the form compares it.
 */
async function linesOf(
  db: Database,
  columns: Column[],
  items: readonly Submission[],
  comparesLinked: boolean,
): Promise<string> {
  const rows = await Promise.all(
    items.map(async (item) => ({
      item,
      accounts: await withProvider(db, await listAccounts(db, item.id)),
      files: await listFiles(db, item.id),
    })),
  );
  let text = '';
  for (const { item, accounts, files } of rows) {
    const linked = comparesLinked ? await listLinked(db, item.id) : [];
    text += csvLine(columns.map(({ value }) => value(item, accounts, files, linked)));
    // Comparing thousands of payments takes as long as reading them.
    if (linked.length) await otherWork();
  }
  return text;
}
