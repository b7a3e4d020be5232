/** What an invited person does: opens their link, and begins the one submission that it is for. */
import { givenOf, findInvitation, markOpened, tieSubmission, type Invitation } from '../record/invitations.ts';
import { opensInvitation } from '../invite/link.ts';
import { inTransaction } from '../record/database.ts';
import { createSubmission, findSubmission, mergeAnswers } from '../record/submissions.ts';
import { fieldsOf } from '../form/schema.ts';
import { record, type Desk } from './desk.ts';
import { openingNow, refuseOpening } from './limits.ts';
import { paramsOf } from './params.ts';
import { done, refuse, type Outcome } from './refusal.ts';
import { hasExpired, tokenFor } from './token.ts';

/** `open`: it can be begun. `begun`: it can be gone on with. `sent`, `over`: neither, any more; `over` also once it is erased. */
export type Standing = 'open' | 'begun' | 'sent' | 'over';

/** How the invitation stands, and notes that its link was opened. Tells nothing of the person: a link can be passed on. */
export async function openInvitation(desk: Desk, id: string, token: string): Promise<Outcome<{ standing: Standing }>> {
  if (!opensInvitation(desk.keys, id, token)) return unknown();
  const invitation = await findInvitation(desk.db, id);
  if (!invitation) return done({ standing: 'over' });
  await markOpened(desk.db, id, desk.now());
  return done({ standing: await standingOf(desk, invitation) });
}

export interface Invited {
  id: string;
  /** The slug of its form. */
  form: string;
  token: string;
  language: string;
}

/**
 * Begins the submission of an invitation, with what is known of the person filled in; whoever has begun it goes on with
 * it. Once it is sent the link opens nothing: not the answers either.
 */
export async function beginInvited(desk: Desk, id: string, token: string): Promise<Outcome<Invited>> {
  if (!opensInvitation(desk.keys, id, token)) return unknown();
  const invitation = await findInvitation(desk.db, id);
  if (!invitation) return over();
  const standing = await standingOf(desk, invitation);
  if (standing === 'sent')
    return refuse('already_submitted', 'This invitation was used for a submission that was submitted.');
  if (standing === 'over') return over();
  if (invitation.submissionId) return goOn(desk, invitation.submissionId);
  const { form: slug, language: wanted } = invitation;
  const current = desk.catalog.current(slug);
  if (!current || current.removed)
    return refuse('form_removed', 'This form was removed and accepts no new submissions.');
  const { form, version } = current;
  const language = form.languages.find((one) => one === wanted) ?? form.languages[0];
  const opening = await openingNow(desk, slug);
  if (opening !== 'open') return refuseOpening(desk, slug, opening, language);
  const now = desk.now();
  const begun = await inTransaction(desk.db, async (trx) => {
    const given = await givenOf(trx, id);
    const submission = await createSubmission(trx, { form: slug, version, language, params: paramsOf(form, given.params), now }); // prettier-ignore
    // Two that begin at once: the later one goes on with what the first has begun. Or it was erased meanwhile.
    if (!(await tieSubmission(trx, id, submission.id))) throw new Begun();
    const asked = new Set(fieldsOf(form).map((field) => field.id));
    const answers = Object.fromEntries(Object.entries(given.answers).filter(([field]) => asked.has(field)));
    await mergeAnswers(trx, submission.id, { set: answers, clear: [] }, now);
    await record(trx, submission, 'started', { language, invitation: id }, now);
    return submission.id;
  }).catch((error: unknown) => {
    if (error instanceof Begun) return undefined;
    throw error;
  });
  const submissionId = begun ?? (await findInvitation(desk.db, id))?.submissionId;
  return submissionId ? goOn(desk, submissionId) : over();
}

class Begun extends Error {}

const unknown = () =>
  refuse('unknown_invitation', 'There is no invitation for this token. Check that the link is complete.');

const over = () =>
  refuse('invitation_over', 'This invitation has expired or was withdrawn. Ask the sender for a new one.');

async function standingOf({ db, now }: Desk, invitation: Invitation): Promise<Standing> {
  const submission = invitation.submissionId ? await findSubmission(db, invitation.submissionId) : undefined;
  if (submission?.submittedAt) return 'sent';
  if (submission) return hasExpired(submission.createdAt, now()) ? 'over' : 'begun';
  return invitation.withdrawnAt || invitation.expiresAt <= now().toISOString() ? 'over' : 'open';
}

async function goOn({ db, keys }: Desk, submissionId: string): Promise<Outcome<Invited>> {
  const submission = await findSubmission(db, submissionId);
  if (!submission) return unknown();
  const { form, language } = submission;
  return done({ id: submission.id, form, token: tokenFor(keys, submission.id), language });
}
