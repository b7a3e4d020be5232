/** The data of the page about a form's invitations. */
import { inviteAvailability } from '../../invite/availability.ts';
import type { Form } from '../../form/schema.ts';
import { rolesInWords } from '../../members/roles.ts';
import { mayHere, siteAddress, type DashboardContext } from '../context.ts';
import { fileOf } from '../editing/managed-in-files.ts';
import { formState } from '../../record/forms/form-states.ts';
import { findForm } from '../forms/forms.ts';
import { headOf, type FormHead } from '../forms/head.ts';
import { addressWarning } from '../share/public-address.ts';
import type { InviteProblem, PersonalLink } from './invitation-actions.ts';
import { invitationRows, readInvitationFilters, type InvitationRow } from './invitations.ts';

/**
 * @property form absent when the form has no version that people can use
 * @property availability why inviting is impossible now, or a note for the member
 * @property searchedBack the time to which a search has looked back, if not at all invitations; ISO 8601
 * @property problem the mistakes of the last try
 * @property link a personal link that the member has asked for
 * @property warning why people can't open the links of invitations
 * @property done the action that led here; `invited` and `left`, how many people it invited and left out
 */
export type InvitationsView = {
  slug: string;
  title: string;
  head: FormHead;
  form: Form | undefined;
  filters: { q: string; cursor: string | undefined };
  rows: InvitationRow[];
  total: number;
  older: string | undefined;
  searchedBack: string | null;
  availability: { refusal?: string | undefined; note?: string | undefined } | undefined;
  problem: InviteProblem | undefined;
  link: PersonalLink | undefined;
  mailing: boolean;
  /** Whether anything leaves the site. */
  outgoing: boolean;
  warning: string | undefined;
  mayInvite: boolean;
  mayDelete: boolean;
  mayEdit: boolean;
  /** The file in which the form is managed, if it is. */
  file: string | undefined;
  /** The names of the roles that may edit the form. */
  editRoles: string;
  now: Date;
  done: 'invited' | 'again' | 'withdrawn' | 'withdrawnHere' | 'erased' | undefined;
  invited: number;
  left: number;
};

/** The invitations to the form `slug`; undefined when there never was one. */
export async function invitationsView(
  c: DashboardContext,
  slug: string,
  shown: { problem?: InviteProblem; link?: PersonalLink } = {},
): Promise<InvitationsView | undefined> {
  const { options, now } = c.var;
  const { db, mailing = false, outgoing = true, examples } = options;
  const found = await findForm(db, slug, now, examples);
  if (!found) return undefined;
  const { form, title, state } = found;
  const filters = readInvitationFilters(new URL(c.req.url).searchParams);
  return {
    slug,
    title,
    head: headOf(c, found),
    form,
    filters,
    ...(await invitationRows(db, slug, filters, { mailing, outgoing }, now)),
    availability: form?.invite && (await inviteAvailability(db, form, { removed: state === 'archived', now })),
    problem: shown.problem,
    link: shown.link,
    mailing,
    outgoing,
    // An email has no request whose address it could use.
    warning: addressWarning(mailing && !options.publicOrigin ? 'http://localhost' : siteAddress(c)),
    mayInvite: mayHere(c, 'invitePeople', slug),
    mayDelete: mayHere(c, 'erasePeople', slug),
    mayEdit: mayHere(c, 'editForms', slug),
    file: (await formState(db, slug))?.managedIn === 'files' ? fileOf(slug) : undefined,
    editRoles: rolesInWords('editForms'),
    now,
    done: (['invited', 'again', 'withdrawn', 'withdrawnHere', 'erased'] as const).find(
      (one) => one === c.req.query('done'),
    ),
    invited: Number(c.req.query('invited') ?? 0),
    left: Number(c.req.query('left') ?? 0),
  };
}
