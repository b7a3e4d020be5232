import { randomBytes } from 'node:crypto';
import { newSandboxId, timestamp } from './ids.ts';
import { type SandboxInvite, type InviteStatus, inviteStatuses, type InviteTemplate, type User } from './state.ts';
import type { Sandbox } from './sandbox.ts';

/** How long an invite's link is good for (Smile, Onboarding FAQs). */
const DAYS = 14;

export interface GivenInvite {
  user: User;
  template: InviteTemplate;
  fullName: string;
  email: string;
  firstName?: string;
  lastName?: string;
  winkTemplateId?: string;
}

/** Invites somebody: the mail goes into the outbox. `base` is the public base of this instance. */
export function invite(world: Sandbox, { user, ...given }: GivenInvite, base: string): SandboxInvite {
  const now = timestamp(world.now());
  const invite: SandboxInvite = {
    id: newSandboxId('iv'),
    createdAt: now,
    updatedAt: now,
    invitedAt: now,
    linkedAt: null,
    ...given,
    userId: user.id,
    status: 'INVITED',
    code: randomBytes(6).toString('hex'),
    token: randomBytes(24).toString('base64url'),
  };
  world.state.invites.set(invite.id, invite);
  log(world, invite);
  sendMail(world, invite, base);
  world.notify('INVITE_INVITED', user.id, { userId: user.id, inviteId: invite.id });
  return invite;
}

/** The address of the invitee's own landing page, below the public base. */
export function landingPath({ code, token }: SandboxInvite): string {
  return `/invite-user/${code}?token=${token}`;
}

export function isExpired(world: Sandbox, { invitedAt }: SandboxInvite): boolean {
  return world.now().getTime() > Date.parse(invitedAt) + DAYS * 24 * 60 * 60 * 1000;
}

/** Moves an invite on; it never goes back to what was before, only `REVOKED` can be `LINKED` again. */
export function advance(world: Sandbox, invite: SandboxInvite, status: InviteStatus): void {
  const rank = (one: InviteStatus) => inviteStatuses.indexOf(one);
  const again = invite.status === 'REVOKED' && status === 'LINKED';
  if (rank(status) <= rank(invite.status) && !again) return;
  invite.status = status;
  invite.updatedAt = timestamp(world.now());
  if (status === 'LINKED') invite.linkedAt = invite.updatedAt;
  log(world, invite);
}

/** The widget was opened for a user, who may have been invited. */
export function inviteeOpened(world: Sandbox, userId: string): void {
  for (const invite of invitesOf(world, userId)) advance(world, invite, 'WINK_WIDGET_OPENED');
}

/** A user, who may have been invited, has connected an account. Tells of the first one. */
export function inviteeLinked(world: Sandbox, userId: string): void {
  for (const invite of invitesOf(world, userId)) {
    if (invite.status === 'LINKED') continue;
    advance(world, invite, 'LINKED');
    world.notify('INVITE_LINKED', userId, { userId, inviteId: invite.id });
  }
}

/** A user, who may have been invited, has disconnected the last account. */
export function inviteeRevoked(world: Sandbox, userId: string): void {
  for (const invite of invitesOf(world, userId)) if (invite.status === 'LINKED') advance(world, invite, 'REVOKED');
}

/** A text of a template with its variables filled in; unknown ones stay as they are. */
export function fillTemplate(text: string, { fullName, firstName, template }: SandboxInvite): string {
  const values: Record<string, string> = {
    companyName: template.company.name,
    firstName: firstName ?? fullName,
    fullName,
  };
  return text.replace(/\$\{(\w+)\}/g, (code, name: string) => values[name] ?? code);
}

function invitesOf(world: Sandbox, userId: string) {
  return [...world.state.invites.values()].filter((invite) => invite.userId === userId);
}

function log(world: Sandbox, { id: inviteId, status: inviteStatus, userId }: SandboxInvite) {
  const entry = { id: newSandboxId('invl'), inviteId, inviteStatus, userId, createdAt: timestamp(world.now()) };
  world.state.inviteLogs.set(entry.id, entry);
}

function sendMail(world: Sandbox, invite: SandboxInvite, base: string) {
  const { email } = invite.template;
  if (!email.sendEmail) return;
  const url = base + landingPath(invite);
  const id = newSandboxId('mail');
  world.state.outbox.set(id, {
    id,
    inviteId: invite.id,
    sentAt: invite.invitedAt,
    from: email.senderName,
    replyTo: email.replyAddress,
    to: invite.email,
    subject: fillTemplate(email.subject, invite),
    text: `${fillTemplate(email.body, invite)}\n\n${url}\n`,
    url,
  });
}
