/** Has Smile invite somebody, once. */
import { widgetsOf } from '../../form/runtime/wink.ts';

import { findInvitation, INVITE, tieSmile } from '../../record/invitations.ts';
import { enqueue } from '../../record/jobs/jobs.ts';
import { SmileError } from '../../smile/error.ts';
import type { Services } from '../services.ts';
import { FIRST_LOOK_MS } from './follow-invite.ts';

/** What came of asking. `final`: asking again would not help, or could invite twice. */
export type SmileInvited = { status?: number | undefined; said: string } & (
  { ok: true } | { ok: false; final: boolean }
);

/** Asks Smile to send the invitation `id`, by the template that its form names. Never throws what Smile refuses. */
export async function inviteBySmile(
  { db, smile, catalog, now }: Pick<Services, 'db' | 'smile' | 'catalog' | 'now'>,
  id: string,
): Promise<SmileInvited> {
  const invitation = await findInvitation(db, id);
  const form = invitation && catalog.current(invitation.form)?.form;
  const templateId = form?.invite?.template;
  if (!invitation || !templateId) return { ok: false, final: true, said: 'The form invites by Smile no more' };
  const winkTemplateId = form.screens.flatMap(({ wink }) => widgetsOf(wink)).find(({ template }) => template)?.template;
  const { name: fullName, email } = invitation;
  try {
    const made = await smile.createInvite({ fullName, email, templateId, ...(winkTemplateId && { winkTemplateId }) });
    await db.transaction(async (trx) => {
      await tieSmile(trx, id, { userId: made.userId, inviteId: made.id });
      await enqueue(trx, { kind: INVITE, subject: id, dueAt: new Date(now().getTime() + FIRST_LOOK_MS) }, now());
    });
    return { ok: true, status: 201, said: 'Smile has invited them' };
  } catch (error) {
    if (!(error instanceof SmileError)) throw error;
    return { ok: false, status: error.status, ...judged(error) };
  }
}

/** Smile knows no key that makes a repeated request one: where it may have been done, a member decides. */
function judged({ kind, unsent, message }: SmileError): { final: boolean; said: string } {
  if (kind === 'refused') return { final: true, said: message };
  if (unsent || kind === 'rate_limited' || kind === 'authentication') return { final: false, said: message };
  return { final: true, said: `${message}. It may have been sent: look at Smile before you send it again` };
}
