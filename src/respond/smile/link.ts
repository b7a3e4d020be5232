/** Issues the link token that opens the widget: one Smile user per submission, one token per launch. */
import type { LinkToken, LinkTokenRequest } from '../../contract/api.ts';
import type { Form } from '../../form/schema.ts';
import { availabilityOf } from '../../form/settings/limits.ts';
import { widgetsOf } from '../../form/runtime/wink.ts';
import { wordings, type Language } from '../../form/wording/wording.ts';
import { runOnce } from '../../record/idempotency.ts';
import { setWinkScreen, type Submission } from '../../record/submissions/submissions.ts';
import { takeWrite } from '../../record/submissions/usage.ts';
import { SmileError } from '../../smile/error.ts';
import { schedulePoll, WATCH } from './confirmed-status.ts';
import { ofSubmission } from '../access/submission-access.ts';
import { formLimitsOf, unavailableError } from '../availability.ts';
import { recordServerEvent, type Services } from '../services.ts';
import { answersWithStates } from './wink-answers.ts';
import { alreadySubmitted, conflict, done, fail, smileUnavailable, submissionFull, type Result } from '../errors/api-error.ts'; // prettier-ignore
import { screenOf, evaluateForm } from '../evaluate.ts';
import { newUserToken } from './user.ts';

/**
 * Issues a token for a widget of the Wink screen `request.screen`. `request.widget` is its index, by default the first.
 * @returns the token, or an error: the form is closed, the answers do not lead to that screen, or `smile_unavailable`, which can be
 * retried
 */
export async function issueLinkToken(
  services: Services,
  submission: Submission,
  form: Form,
  request: LinkTokenRequest,
  key: string | undefined,
): Promise<Result<LinkToken>> {
  const screen = screenOf(form, request.screen);
  if (!screen?.wink) return fail('invalid_request', 'screen is not a Wink screen of this form.');
  const { widget: at = 0 } = request;
  const widget = widgetsOf(screen.wink)[at];
  if (!widget)
    return fail('invalid_request', 'widget is not the position of a widget on this screen. The first one is 0.');
  const place = { screen: screen.id, ...(at > 0 && { widget: at }) };
  if (submission.submittedAt) return alreadySubmitted(submission, 'This submission was submitted before.');
  // No one can submit the form any more, so no account is needed.
  const availability = availabilityOf(formLimitsOf(services, form.slug), services.now(), 0);
  if (availability === 'closed')
    return unavailableError(services, form.slug, availability, submission.language as Language);
  // A token is for one launch, so a retry gets a new one. The key only refuses another request under it.
  const attempt = { scope: `${submission.id}:link`, key, body: request, now: services.now() };
  if (!(await ofSubmission(services.db, submission.id, () => takeWrite(services.db, submission.id))))
    return submissionFull('link tokens');
  if ((await runOnce(services.db, attempt, async () => null)).conflict) return conflict();
  const answers = await answersWithStates(services.db, submission, form);
  const { path } = evaluateForm(form, answers, submission.language as Language, services.now());
  if (!path.includes(screen.id)) {
    return fail('not_on_journey', wordings[submission.language as Language].server.otherWay, {
      next: { screen: path.at(-1) ?? '' },
    });
  }
  try {
    const { userId, token } = await newUserToken(services, submission);
    await ofSubmission(services.db, submission.id, () => setWinkScreen(services.db, submission.id, screen.id, at));
    await schedulePoll(services.db, WATCH, submission.id, services.now());
    await recordServerEvent(services.db, submission, 'linkTokenIssued', place, services.now());
    const { accessToken, expiresAt, mode } = token;
    const { template, sdk } = widget;
    return done({ accessToken, expiresAt, mode, ...(template && { templateId: template }), userId, sdk });
  } catch (error) {
    if (!(error instanceof SmileError)) throw error;
    const { kind, status, code, requestId } = error;
    services.log.warn({ kind, status, code, requestId, submission: submission.id }, 'Smile did not issue a link token');
    await recordServerEvent(services.db, submission, 'linkTokenFailed', { ...place, reason: kind }, services.now());
    return smileUnavailable(kind, 'so the sign-in window cannot open. All answers are saved. Try again in a moment.');
  }
}
