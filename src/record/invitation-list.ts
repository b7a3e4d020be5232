/** The invitations of a form in pages, with the progress of each, and their search. */
import type { Database } from './db/database.ts';
import type { DeliveryStatus } from './deliveries.ts';
import { timeOf } from './ids.ts';
import { toInvitation, type Invitation } from './invitations.ts';
import { connectedAccount } from './submissions/tallies.ts';
import { hasAll, parseSearch } from './text-search.ts';

/** The progress of an invitation, from its delivery, its submission and Smile's webhooks. */
export type InvitationProgress = {
  deliveryId: string | null;
  delivery: DeliveryStatus | null;
  submittedAt: string | null;
  linked: boolean;
};

type InvitationQuery = {
  limit: number;
  /** `older` of the page before. */
  cursor?: string | undefined;
  /** Words of a name or an email. The search looks at as many invitations as `INVITATIONS_SEARCHED` says. */
  search?: string | undefined;
};

type InvitationPage = {
  items: (Invitation & InvitationProgress)[];
  /** The cursor of the next page. Null at the end. */
  older: string | null;
  /** The time of the oldest invitation that a search looked at, if it did not look at all of them. ISO 8601. */
  searchedBack: string | null;
};

/** How many invitations one page of a search looks at. The next page continues. */
export const INVITATIONS_SEARCHED = 10_000;

/** Names and emails that are read before the server answers others. They take about a millisecond. */
const READ_AT_ONCE = 500;

/** Newest first. */
export async function listInvitations(db: Database, form: string, query: InvitationQuery): Promise<InvitationPage> {
  const { limit, cursor, search = '' } = query;
  const { ids, last } = search.trim()
    ? await searched(db, form, search, cursor, limit + 1)
    : { ids: (await namesBefore(db, form, cursor, limit + 1)).map(({ id }) => id), last: undefined };
  const shown = ids.slice(0, limit);
  const end = ids.length > limit ? shown.at(-1) : last;
  return {
    items: shown.length ? await withProgress(db, shown) : [],
    older: end ?? null,
    searchedBack: end !== undefined && end === last ? new Date(timeOf(end)).toISOString() : null,
  };
}

/** `last`: the oldest invitation that was looked at, if there may be older ones. */
async function searched(
  db: Database,
  form: string,
  typed: string,
  cursor: string | undefined,
  max: number,
): Promise<{ ids: string[]; last: string | undefined }> {
  const search = parseSearch(typed);
  const ids: string[] = [];
  let last = cursor;
  for (let looked = 0; looked < INVITATIONS_SEARCHED; looked += READ_AT_ONCE) {
    const some = await namesBefore(db, form, last, READ_AT_ONCE);
    for (const { id, name, email } of some) if (hasAll(search, [name, email])) ids.push(id);
    last = some.at(-1)?.id;
    if (ids.length >= max || some.length < READ_AT_ONCE) return { ids, last: undefined };
    await new Promise((turn) => setImmediate(turn));
  }
  return { ids, last };
}

function namesBefore(db: Database, form: string, before: string | undefined, limit: number) {
  const query = db.query.selectFrom('invitations').select(['id', 'name', 'email']).where('form', '=', form);
  return (before === undefined ? query : query.where('id', '<', before)).orderBy('id', 'desc').limit(limit).execute();
}

async function withProgress(db: Database, ids: string[]): Promise<(Invitation & InvitationProgress)[]> {
  const rows = await db.query
    .selectFrom('invitations')
    .where('invitations.id', 'in', ids)
    .leftJoin('submissions', 'submissions.id', 'invitations.submission_id')
    .selectAll('invitations')
    .select((eb) => [
      'submissions.submitted_at as submitted_at',
      eb
        .selectFrom('deliveries')
        .whereRef('deliveries.invitation_id', '=', 'invitations.id')
        .select('deliveries.id')
        .orderBy('deliveries.id')
        .limit(1)
        .as('delivery_id'),
      eb
        .selectFrom('deliveries')
        .whereRef('deliveries.invitation_id', '=', 'invitations.id')
        .select('deliveries.status')
        .orderBy('deliveries.id')
        .limit(1)
        .as('delivery'),
      eb
        .selectFrom('accounts')
        .whereRef('accounts.submission_id', '=', 'invitations.submission_id')
        .where(connectedAccount)
        .select((one) => one.fn.countAll<number>().as('accounts'))
        .as('accounts'),
      eb
        .selectFrom('events')
        .whereRef('events.smile_user_id', '=', 'invitations.smile_user_id')
        .where('events.source', '=', 'webhook')
        .where('events.name', '=', 'INVITE_LINKED')
        .select((one) => one.fn.countAll<number>().as('linkedInvites'))
        .as('linkedInvites'),
    ])
    .orderBy('invitations.id', 'desc')
    .execute();
  return rows.map((row) => ({
    ...toInvitation(row),
    deliveryId: row.delivery_id,
    delivery: row.delivery as DeliveryStatus | null,
    submittedAt: row.submitted_at,
    linked: Number(row.accounts) + Number(row.linkedInvites) > 0,
  }));
}
