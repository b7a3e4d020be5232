/**
 * Polls the progress of people invited by Smile: they open its mail and its page, which no webhook reports (Smile,
 * Invites). Polls again after half the time since the last change, at least 15 minutes and at most half a day. So
 * thousands of invitations leave room for other calls.
 */
import { findInvitation, storeSmileStatus } from '../../record/invitations.ts';
import type { Job } from '../../record/jobs/jobs.ts';
import type { Services } from '../services.ts';

const MINUTE = 60_000;
export const FIRST_CHECK_MS = 15 * MINUTE;
const MAX_WAIT_MS = 12 * 60 * MINUTE;

const OPENED = ['EMAIL_OPENED', 'LANDING_PAGE_OPENED', 'WINK_WIDGET_OPENED'];

/** Polls once. @returns when to poll again, until the invitation has expired */
export async function followInvite(
  { db, smile, now }: Pick<Services, 'db' | 'smile' | 'now'>,
  { subject }: Pick<Job, 'subject'>,
): Promise<void | { again: Date }> {
  const invitation = await findInvitation(db, subject);
  const invite = invitation?.smileInviteId && (await smile.getInvite(invitation.smileInviteId));
  if (!invite) return;
  const { id, status, updatedAt, createdAt } = invite;
  if (status !== invitation.smileStatus) {
    const opened = (await smile.listInviteLogs(id)).filter(({ inviteStatus }) => OPENED.includes(inviteStatus));
    const times = opened.flatMap((log) => log.createdAt ?? []).map((at) => new Date(at).toISOString());
    await storeSmileStatus(db, subject, { inviteId: id, status, openedAt: times.sort()[0] });
  }
  const end = Date.parse(invitation.expiresAt);
  if (now().getTime() >= end) return;
  const age = now().getTime() - Date.parse(updatedAt ?? createdAt ?? invitation.createdAt);
  return { again: new Date(Math.min(now().getTime() + Math.min(Math.max(age / 2, FIRST_CHECK_MS), MAX_WAIT_MS), end)) };
}
