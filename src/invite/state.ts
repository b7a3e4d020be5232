/** How far an invitation has come. Nothing of it is stored: it follows from what was recorded. */
import type { Invitation, Progress } from '../record/invitations.ts';

/**
 * In the order in which people pass through them, then how it can end otherwise. `waiting`: its mail is not sent yet.
 * `kept`: it lies in the dashboard, since there is no mail server. `disconnected`: of an invitation by Smile, whose person
 * had linked an account and has taken it back.
 */
export type InvitationState =
  | 'waiting'
  | 'kept'
  | 'failed'
  | 'invited'
  | 'opened'
  | 'started'
  | 'linked'
  | 'disconnected'
  | 'submitted'
  | 'expired'
  | 'withdrawn';

export function invitationStateOf(one: Invitation & Progress, now: Date): InvitationState {
  if (one.submittedAt) return 'submitted';
  if (one.smileStatus === 'REVOKED') return 'disconnected';
  if (one.linked || one.smileStatus === 'LINKED') return 'linked';
  if (one.submissionId || one.smileStatus === 'WINK_WIDGET_OPENED') return 'started';
  if (one.withdrawnAt) return 'withdrawn';
  if (one.expiresAt <= now.toISOString()) return 'expired';
  if (one.openedAt) return 'opened';
  if (one.delivery === 'failed' || one.delivery === 'kept' || one.delivery === 'waiting') return one.delivery;
  return 'invited';
}
