/** Asks Smile to invite a person, once. */
import { widgetsOf } from '../../form/runtime/wink.ts';
import { ASKED, attachSmileUser, findInvitation, FOLLOW_INVITE, setSmileStatus } from '../../record/invitations.ts';
import { enqueue } from '../../record/jobs/jobs.ts';
import { SmileError } from '../../smile/error.ts';
import type { Services } from '../services.ts';
import { FIRST_CHECK_MS } from './follow-invite.ts';

/** `final`: a retry would not help, or could invite twice. */
export type SmileInviteOutcome = { status?: number | undefined; message: string } & (
  | { ok: true }
  | { ok: false; final: boolean }
);

/**
 * Asks Smile to send the invitation `id` with the template of its form. Returns Smile's refusals instead of throwing
 * them.
 */
export async function inviteBySmile(
  { db, smile, catalog, now }: Pick<Services, 'db' | 'smile' | 'catalog' | 'now'>,
  id: string,
): Promise<SmileInviteOutcome> {
  const invitation = await findInvitation(db, id);
  const form = invitation && catalog.current(invitation.form)?.form;
  const templateId = form?.invite?.template;
  if (!invitation || !templateId)
    return { ok: false, final: true, message: 'The form no longer invites through Smile' };
  const winkTemplateId = form.screens.flatMap(({ wink }) => widgetsOf(wink)).find(({ template }) => template)?.template;
  const { name: fullName, email, smileStatus } = invitation;
  if (smileStatus === ASKED) {
    await setSmileStatus(db, id, null);
    return { ok: false, final: true, message: mayBeSent('Flipsite could not store the answer of Smile') };
  }
  await setSmileStatus(db, id, ASKED);
  try {
    const invite = await smile.createInvite({ fullName, email, templateId, ...(winkTemplateId && { winkTemplateId }) });
    await db.transaction(async (trx) => {
      await attachSmileUser(trx, id, { userId: invite.userId, inviteId: invite.id });
      await enqueue(
        trx,
        { kind: FOLLOW_INVITE, subject: id, dueAt: new Date(now().getTime() + FIRST_CHECK_MS) },
        now(),
      );
    });
    return { ok: true, status: 201, message: 'Smile sent the invitation' };
  } catch (error) {
    if (!(error instanceof SmileError)) throw error;
    await setSmileStatus(db, id, smileStatus);
    return { ok: false, status: error.status, ...failureOf(error) };
  }
}

/** Smile has no idempotency key. If the invitation may have been sent, a member decides. */
function failureOf({ kind, unsent, message }: SmileError): { final: boolean; message: string } {
  if (kind === 'refused') return { final: true, message };
  if (unsent || kind === 'rate_limited' || kind === 'authentication') return { final: false, message };
  return { final: true, message: mayBeSent(message) };
}

const mayBeSent = (why: string): string => `${why}. It may have been sent. Check at Smile before you send it again`;
