/** What an invited person does: opens their link, and begins the one submission that it is for. */
import type { InvitationStatus, InvitedSubmission, OpenedInvitation } from '../contract/api.ts';
import { findInvitation, findPrefill, markOpened, tieSubmission, type Invitation } from '../record/invitations.ts';
import { verifyInvitationToken } from '../invite/link.ts';

import { createSubmission, findSubmission, mergeAnswers } from '../record/submissions/submissions.ts';
import { fieldsOf } from '../form/schema.ts';
import { recordServerEvent, type Services } from './services.ts';
import { openingNow, openingError } from './limits.ts';
import { paramsOf } from './params.ts';
import { done, fail, type Result } from './api-error.ts';
import { hasExpired, tokenFor } from './token.ts';

/** How the invitation stands, and notes that its link was opened. Tells nothing of the person: a link can be passed on. */
export async function openInvitation(services: Services, id: string, token: string): Promise<Result<OpenedInvitation>> {
  if (!verifyInvitationToken(services.keys, id, token)) return unknown();
  const invitation = await findInvitation(services.db, id);
  if (!invitation) return done({ standing: 'over' });
  await markOpened(services.db, id, services.now());
  return done({ standing: await standingOf(services, invitation) });
}

/**
 * Begins the submission of an invitation, with what is known of the person filled in; whoever has begun it goes on with
 * it. Once it is sent the link opens nothing: not the answers either.
 */
export async function beginInvited(services: Services, id: string, token: string): Promise<Result<InvitedSubmission>> {
  if (!verifyInvitationToken(services.keys, id, token)) return unknown();
  const invitation = await findInvitation(services.db, id);
  if (!invitation) return over();
  const standing = await standingOf(services, invitation);
  if (standing === 'sent')
    return fail('already_submitted', 'This invitation was used for a submission that was submitted.');
  if (standing === 'over') return over();
  if (invitation.submissionId) return goOn(services, invitation.submissionId);
  const { form: slug, language: wanted } = invitation;
  const current = services.catalog.current(slug);
  if (!current || current.removed) return fail('form_removed', 'This form was removed and accepts no new submissions.');
  const { form, version } = current;
  const language = form.languages.find((one) => one === wanted) ?? form.languages[0];
  const opening = await openingNow(services, slug);
  if (opening !== 'open') return openingError(services, slug, opening, language);
  const now = services.now();
  const begun = await services.db
    .transaction(async (trx) => {
      const prefill = await findPrefill(trx, id);
      const submission = await createSubmission(trx, { form: slug, version, language, params: paramsOf(form, prefill.params), now }); // prettier-ignore
      // Two that begin at once: the later one goes on with what the first has begun. Or it was erased meanwhile.
      if (!(await tieSubmission(trx, id, submission.id))) throw new Begun();
      const asked = new Set(fieldsOf(form).map((field) => field.id));
      const answers = Object.fromEntries(Object.entries(prefill.answers).filter(([field]) => asked.has(field)));
      await mergeAnswers(trx, submission.id, { set: answers, clear: [] }, now);
      await recordServerEvent(trx, submission, 'started', { language, invitation: id }, now);
      return submission.id;
    })
    .catch((error: unknown) => {
      if (error instanceof Begun) return undefined;
      throw error;
    });
  const submissionId = begun ?? (await findInvitation(services.db, id))?.submissionId;
  return submissionId ? goOn(services, submissionId) : over();
}

class Begun extends Error {}

const unknown = () =>
  fail('unknown_invitation', 'There is no invitation for this token. Check that the link is complete.');

const over = () =>
  fail('invitation_over', 'This invitation has expired or was withdrawn. Ask the sender for a new one.');

async function standingOf({ db, now }: Services, invitation: Invitation): Promise<InvitationStatus> {
  const submission = invitation.submissionId ? await findSubmission(db, invitation.submissionId) : undefined;
  if (submission?.submittedAt) return 'sent';
  if (submission) return hasExpired(submission.createdAt, now()) ? 'over' : 'begun';
  return invitation.withdrawnAt || invitation.expiresAt <= now().toISOString() ? 'over' : 'open';
}

async function goOn({ db, keys }: Services, submissionId: string): Promise<Result<InvitedSubmission>> {
  const submission = await findSubmission(db, submissionId);
  if (!submission) return unknown();
  const { form, language } = submission;
  return done({ id: submission.id, form, token: tokenFor(keys, submission.id), language });
}
