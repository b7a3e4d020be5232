/** Opens the link of an invitation, and starts its one submission. */
import type { InvitationStatus, InvitedSubmission, OpenedInvitation } from '../contract/api.ts';
import { findInvitation, findPrefill, markOpened, attachSubmission, type Invitation } from '../record/invitations.ts';
import { verifyInvitationToken } from '../invite/link.ts';
import type { DeviceClass } from '../record/links/clicks.ts';
import { createSubmission, findSubmission, type ReadLarge } from '../record/submissions/submissions.ts';
import { markChanged } from '../record/results/changes.ts';
import { mergeAnswers } from '../record/submissions/save-answers.ts';
import { todayAround } from '../form/fields/dates/date.ts';
import { typeOf, type Field } from '../form/fields/fields.ts';
import { parseAnswer } from '../form/fields/parse-answer.ts';
import { withSharedTime } from '../form/fields/text/pattern.ts';
import type { Answers } from '../form/runtime/condition.ts';
import { fieldsOf, type Form } from '../form/schema.ts';
import { recordServerEvent, type Services } from './services.ts';
import { availabilityNow, removedError, unavailableError } from './availability.ts';
import { paramsOf } from './params.ts';
import { done, fail, type Result } from './errors/api-error.ts';
import { hasExpired } from '../record/submissions/lifetime.ts';
import { tokenFor } from './access/token.ts';

/**
 * Records that the link was opened. A link can be passed on, so this returns the status, and a short name of the invited
 * person for as long as the link leads to their submission.
 */
export async function openInvitation(
  services: Services,
  id: string,
  token: string,
  readLarge: ReadLarge | undefined,
): Promise<Result<OpenedInvitation>> {
  if (!verifyInvitationToken(services.keys, id, token)) return unknownInvitation();
  const invitation = await findInvitation(services.db, id);
  if (!invitation) return done({ status: 'over' });
  const status = await statusOf(services, invitation, readLarge);
  await markOpened(services.db, id, services.now());
  const isUsable = status === 'open' || status === 'begun';
  return done({
    status,
    ...(isUsable && { person: shortName(invitation.name) }),
    ...(status === 'open' && { prefilled: await isPrefilled(services, invitation) }),
  });
}

/** Whether the form would begin with an answer that the person sees: it may have been published again since the invitation. */
async function isPrefilled({ db, catalog, now }: Services, { id, form: slug }: Invitation): Promise<boolean> {
  const form = catalog.current(slug)?.form;
  if (!form) return false;
  const answers = answersThatFit(form, (await findPrefill(db, id)).answers, now());
  return fieldsOf(form).some((field) => field.id in answers && !typeOf(field).unseen);
}

/** `Ana R` for “Ana Ruiz”, and `王…` for “王小明”: others see that the link is not theirs, and do not learn the full name. */
function shortName(name: string): string {
  const [first = '', ...others] = name.trim().split(/[\s,;،]+/);
  // These scripts have no spaces, and the family name comes first.
  if (!others.length && /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{2,}$/u.test(first))
    return `${[...first][0]}…`;
  // A nickname is in quotes: Ana “Baby” Ruiz.
  return [first, ...others.flatMap((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? [])].join(' ');
}

/**
 * Starts the submission of an invitation with its prefilled answers, or continues the one that was started. After it is
 * submitted the link opens nothing, not even the answers.
 * @param device the kind of device that the person uses, for Results
 */
export async function startInvited(
  services: Services,
  id: string,
  token: string,
  device: DeviceClass,
  readLarge: ReadLarge | undefined,
): Promise<Result<InvitedSubmission>> {
  if (!verifyInvitationToken(services.keys, id, token)) return unknownInvitation();
  const invitation = await findInvitation(services.db, id);
  if (!invitation) return invitationOver();
  const status = await statusOf(services, invitation, readLarge);
  if (status === 'sent')
    return fail('already_submitted', 'This invitation was used for a submission that was submitted.');
  if (status === 'over') return invitationOver();
  if (invitation.submissionId) return resume(services, invitation.submissionId, readLarge);
  const { form: slug, language: preferred } = invitation;
  const current = services.catalog.current(slug);
  if (!current) return fail('form_removed', 'This form was removed and accepts no new submissions.');
  if (current.removed) return removedError(current.form, preferred);
  const { form, version } = current;
  const language = form.languages.find((one) => one === preferred) ?? form.languages[0];
  const availability = await availabilityNow(services, slug);
  if (availability !== 'open') return unavailableError(services, slug, availability, language);
  const now = services.now();
  const startedId = await services.db
    .transaction(async (trx) => {
      const prefill = await findPrefill(trx, id);
      const submission = await createSubmission(trx, { form: slug, version, language, params: paramsOf(form, prefill.params), now }); // prettier-ignore
      // The other request has started it, or the invitation was erased: continue with the one that is stored.
      if (!(await attachSubmission(trx, id, submission.id))) throw new AlreadyStarted();
      await mergeAnswers(trx, submission.id, { set: answersThatFit(form, prefill.answers, now), clear: [] }, now);
      // Answers that are filled in make it count before the person saves any.
      const next = { screen: form.screens[0]?.id };
      await recordServerEvent(trx, submission, 'started', { language, device, invitation: id, next }, now);
      await markChanged(trx, { submission_id: submission.id });
      return submission.id;
    })
    .catch((error: unknown) => {
      if (error instanceof AlreadyStarted) return undefined;
      throw error;
    });
  const submissionId = startedId ?? (await findInvitation(services.db, id))?.submissionId;
  return submissionId ? resume(services, submissionId, readLarge) : invitationOver();
}

/** The answers that the fields of `form` still accept: it may have been published again since the invitation. */
function answersThatFit(form: Form, prefilled: Answers, now: Date): Answers {
  const today = todayAround(now);
  const readField = (field: Field) => {
    const value = Object.hasOwn(prefilled, field.id) ? prefilled[field.id] : undefined;
    const read = value === undefined ? undefined : parseAnswer(field, value, today);
    return read && !('problem' in read) && read.answer !== undefined ? [[field.id, read.answer] as const] : [];
  };
  return Object.fromEntries(withSharedTime(() => fieldsOf(form).flatMap(readField)));
}

class AlreadyStarted extends Error {}

const unknownInvitation = () =>
  fail('unknown_invitation', 'There is no invitation for this token. Check that the link is complete.');

const invitationOver = () =>
  fail('invitation_over', 'This invitation has expired or was withdrawn. Ask the sender for a new one.');

async function statusOf(
  { db, now }: Services,
  invitation: Invitation,
  readLarge: ReadLarge | undefined,
): Promise<InvitationStatus> {
  const submission = invitation.submissionId ? await findSubmission(db, invitation.submissionId, readLarge) : undefined;
  if (submission?.submittedAt) return 'sent';
  if (submission) return hasExpired(submission.createdAt, now()) ? 'over' : 'begun';
  return invitation.withdrawnAt || invitation.expiresAt <= now().toISOString() ? 'over' : 'open';
}

async function resume(
  { db, keys }: Services,
  submissionId: string,
  readLarge: ReadLarge | undefined,
): Promise<Result<InvitedSubmission>> {
  const submission = await findSubmission(db, submissionId, readLarge);
  if (!submission) return unknownInvitation();
  const { form, language } = submission;
  return done({ id: submission.id, form, token: tokenFor(keys, submission.id), language });
}
