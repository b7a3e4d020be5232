/**
 * How far people come whom Smile has invited: they open its mail and its page, of which no webhook tells (Smile, Invites).
 * What has happened is known here within half the time that has passed since the step before: at least 15 minutes, at
 * most half a day, so that thousands of invitations leave room for everything else.
 */
import { findInvitation, noteSmileStatus } from '../../record/invitations.ts';
import type { Job } from '../../record/jobs/jobs.ts';
import type { Services } from '../services.ts';

const MINUTE = 60_000;
export const FIRST_LOOK_MS = 15 * MINUTE;
const LATEST_MS = 12 * 60 * MINUTE;

const OPENED = ['EMAIL_OPENED', 'LANDING_PAGE_OPENED', 'WINK_WIDGET_OPENED'];

/** Asks once, and again later until the invitation has expired. */
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
    await noteSmileStatus(db, subject, { inviteId: id, status, openedAt: times.sort()[0] });
  }
  const end = Date.parse(invitation.expiresAt);
  if (now().getTime() >= end) return;
  const age = now().getTime() - Date.parse(updatedAt ?? createdAt ?? invitation.createdAt);
  return { again: new Date(Math.min(now().getTime() + Math.min(Math.max(age / 2, FIRST_LOOK_MS), LATEST_MS), end)) };
}
