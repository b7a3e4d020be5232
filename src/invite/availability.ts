/** Whether people can be invited to a form now: the link of an invitation to a closed form opens nothing. */
import { momentInShort, momentOf, availabilityOf } from '../form/settings/limits.ts';
import type { Form } from '../form/schema.ts';
import type { Database } from '../record/db/database.ts';
import { countCompleted } from '../record/submissions/tallies.ts';
import { formState } from '../record/forms/form-states.ts';
import { expiryFrom } from './invite.ts';

/** `note`: a fact that members should know first. `refusal`: the reason why no one can be invited, and the way out. */
export type InviteAvailability = { note?: string; refusal?: string };

export async function inviteAvailability(
  db: Database,
  form: Form,
  { removed, now }: { removed: boolean; now: Date },
): Promise<InviteAvailability> {
  const { closedAt, archivedAt } = (await formState(db, form.slug)) ?? {};
  if (closedAt) return { refusal: `This form is ${archivedAt ? 'archived' : 'closed'}. Open it again in its settings, then invite people.` }; // prettier-ignore
  if (removed) return { refusal: 'This form is no longer in the folder, so nobody new can start it. Put its file back, then invite people.' }; // prettier-ignore
  const { limits } = form;
  if (!limits) return {};
  const byDate = availabilityOf(limits, now, 0);
  const availability = byDate === 'open' && limits.max !== undefined ? availabilityOf(limits, now, await countCompleted(db, form.slug)) : byDate; // prettier-ignore
  if (availability === 'full') return { refusal: `This form is full: its max of ${limits.max?.toLocaleString('en-GB')} is reached. Increase “Largest number of submissions” (max) and publish, then invite people.` }; // prettier-ignore
  if (availability === 'closed' || availability === 'grace') return { refusal: `This form closed after ${momentInShort(limits, 'closes')}. Change “Closes on” (closes) and publish, then invite people.` }; // prettier-ignore
  if (availability === 'open') return {};
  const opens = momentInShort(limits, 'opens');
  const ends = expiryFrom(form, now);
  if (ends <= (momentOf(limits, 'opens') ?? now)) {
    return { refusal: `This form opens ${opens}, and an invitation made now ends before that. Increase “People can start for” (expires) and publish, or invite people later.` }; // prettier-ignore
  }
  return { note: `This form opens ${opens}. Invitations go out at once, and people who follow the link earlier are told when it opens.` }; // prettier-ignore
}
