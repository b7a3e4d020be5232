/** Invitations as the dashboard shows them. */
import { columnsFor, MAX_FAULTS } from '../../invite/people.ts';
import { invitationStateOf, type InvitationState } from '../../invite/state.ts';
import type { Database } from '../../record/db/database.ts';
import { listInvitations, type InvitationProgress } from '../../record/invitation-list.ts';
import { countInvitations, type Invitation } from '../../record/invitations.ts';
import type { StateLabel } from '../display/account-words.ts';

const ROWS = 25;

const INVITATION_STATES: Record<InvitationState, StateLabel> = {
  waiting: { icon: 'half', word: 'On its way' },
  held: { icon: 'file', word: 'Not sent: email is off', tone: 'warn' },
  failed: { icon: 'bad', word: 'Not delivered', tone: 'bad' },
  invited: { icon: 'send', word: 'Invited' },
  opened: { icon: 'eye', word: 'Opened' },
  started: { icon: 'pen', word: 'Started' },
  linked: { icon: 'ok', word: 'Account connected', tone: 'ok' },
  disconnected: { icon: 'dash', word: 'Account disconnected' },
  submitted: { icon: 'ok', word: 'Submitted', tone: 'ok' },
  expired: { icon: 'dash', word: 'Expired' },
  withdrawn: { icon: 'dash', word: 'Withdrawn' },
};

/** While nothing leaves the site. */
const WAITING: StateLabel = { icon: 'half', word: 'Waiting' };

export type InvitationRow = Invitation & InvitationProgress & { state: StateLabel; open: boolean };

type InvitationFilters = { q: string; cursor: string | undefined };

export function readInvitationFilters(search: URLSearchParams): InvitationFilters {
  const cursor = search.get('cursor') ?? '';
  return {
    q: (search.get('q') ?? '').trim().slice(0, 200),
    cursor: /^[0-9a-f-]{36}$/.test(cursor) ? cursor : undefined,
  };
}

/**
 * One page of a form's invitations, the query of the next one, and how many there are in all.
 * @param site `mailing`: whether email is set up; without it, a new email is held within a second. `outgoing`: whether anything
 * leaves the site; without it, an email waits
 */
export async function invitationRows(
  db: Database,
  slug: string,
  { q, cursor }: InvitationFilters,
  { mailing, outgoing }: { mailing: boolean; outgoing: boolean },
  now: Date,
) {
  // prettier-ignore
  const [{ items, older, searchedBack }, total] = await Promise.all([
    listInvitations(db, slug, { limit: ROWS, cursor, search: q }),
    countInvitations(db, slug),
  ]);
  const rows = items.map((item): InvitationRow => {
    const state = invitationStateOf(item, now);
    const open = !item.withdrawnAt && state !== 'submitted' && !item.submissionId;
    const isHeld = state === 'waiting' && item.via === 'mail' && !mailing;
    const label = state === 'waiting' && !outgoing ? WAITING : INVITATION_STATES[isHeld ? 'held' : state];
    return { ...item, state: label, open };
  });
  const query = older && new URLSearchParams({ ...(q && { q }), cursor: older });
  return { rows, total, older: query ? `?${query}` : undefined, searchedBack };
}

export { columnsFor, MAX_FAULTS };
