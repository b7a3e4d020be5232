/** The data of the page about one person. */
import { findInvitationOf } from '../../record/invitations.ts';
import type { SpamDecision } from '../../record/submissions/suspicion.ts';
import { pathOfPerson } from '../display/person.ts';
import { formsWith } from '../../members/roles.ts';
import { mayHere, memberOf, linkNamesOfSite, type DashboardContext } from '../context.ts';
import { deliveriesOf, type DeliveryRow } from '../deliveries/deliveries.ts';
import { findForm } from '../forms/forms.ts';
import { findSamePerson, type SamePerson } from './same-person.ts';
import { contentOf, submissionView, type SubmissionView } from './submission-view.ts';

/** The actions that the member's role allows on this page. */
export type AllowedActions = { reveal: boolean; decideSpam: boolean; delete: boolean };

/**
 * @property others the person's other submissions and invitations, after the member chose to delete the data
 * @property content the data that a deletion removes, as lines
 * @property decided the decision about spam that the member has just made
 */
export type SubmissionPageView = SubmissionView & {
  here: string;
  formTitle: string;
  deliveries: DeliveryRow[];
  others: SamePerson | undefined;
  content: string[];
  may: AllowedActions;
  decided: SpamDecision | undefined;
};

/**
 * The submission `id` of the form `slug`; undefined when there is none.
 * @param revealed the fields whose sensitive answers are shown
 */
export async function submissionPageView(
  c: DashboardContext,
  slug: string,
  id: string,
  revealed: ReadonlySet<string> = new Set(),
): Promise<SubmissionPageView | undefined> {
  const { options, now } = c.var;
  const { db, examples, outgoing = true } = options;
  const view = await submissionView(db, slug, id, now, revealed, linkNamesOfSite(c));
  if (!view) return undefined;
  const form = await findForm(db, slug, now, examples);
  const deliveries = await deliveriesOf(db, id, outgoing);
  const may = {
    reveal: mayHere(c, 'revealAnswers', slug),
    decideSpam: mayHere(c, 'decideSpam', slug),
    delete: mayHere(c, 'erasePeople', slug),
  };
  const isDeleting = may.delete && !view.submission.erasedAt && c.req.query('delete') !== undefined;
  const invited = isDeleting ? (await findInvitationOf(db, id))?.email : undefined;
  return {
    ...view,
    here: pathOfPerson(slug, id),
    formTitle: form?.title ?? slug,
    deliveries,
    others: isDeleting ? await findSamePerson(db, view.submission, formsWith(memberOf(c).grants, 'seePeople'), formsWith(memberOf(c).grants, 'revealAnswers')) : undefined, // prettier-ignore
    content: contentOf(view, deliveries.length, invited),
    may,
    // A page that was open since before the deletion can still send a decision, which counts nothing any more.
    decided: view.submission.erasedAt
      ? undefined
      : (['spam', 'fine'] as const).find((one) => one === c.req.query('done') && one === view.submission.verdict),
  };
}
