/** The progress of an invitation. It is derived from the recorded events, never stored. */
import type { InvitationProgress } from '../record/invitation-list.ts';
import type { Invitation } from '../record/invitations.ts';

/**
 * In the order in which people reach them, then the other ends. `waiting`: its email is not sent yet. `held`: there is
 * no mail server, and the dashboard shows the email. `disconnected`: the person, invited through Smile, disconnected
 * their account.
 */
export type InvitationState =
  | 'waiting'
  | 'held'
  | 'failed'
  | 'invited'
  | 'opened'
  | 'started'
  | 'linked'
  | 'disconnected'
  | 'submitted'
  | 'expired'
  | 'withdrawn';

export function invitationStateOf(one: Invitation & InvitationProgress, now: Date): InvitationState {
  if (one.submittedAt) return 'submitted';
  if (one.smileStatus === 'REVOKED') return 'disconnected';
  if (one.linked || one.smileStatus === 'LINKED') return 'linked';
  if (one.submissionId) return 'started';
  if (one.withdrawnAt) return 'withdrawn';
  if (one.smileStatus === 'WINK_WIDGET_OPENED') return 'started';
  if (one.expiresAt <= now.toISOString()) return 'expired';
  if (one.openedAt) return 'opened';
  if (one.delivery === 'failed' || one.delivery === 'held' || one.delivery === 'waiting') return one.delivery;
  return 'invited';
}
