import { randomBytes } from 'node:crypto';
import { newSandboxId, timestamp } from './ids.ts';
import { type SandboxInvite, type InviteStatus, inviteStatuses, type InviteTemplate, type User } from './state.ts';
import type { Sandbox } from '../sandbox.ts';

/** How long the link of an invite is valid (Smile, Onboarding FAQs). */
const DAYS = 14;

export interface InviteRequest {
  user: User;
  template: InviteTemplate;
  fullName: string;
  email: string;
  firstName?: string;
  lastName?: string;
  winkTemplateId?: string;
}

/** Invites a person: adds the mail to the outbox. `base` is the public base of this instance. */
export function invite(sandbox: Sandbox, { user, ...request }: InviteRequest, base: string): SandboxInvite {
  const now = timestamp(sandbox.now());
  const invite: SandboxInvite = {
    id: newSandboxId('iv'),
    createdAt: now,
    updatedAt: now,
    invitedAt: now,
    linkedAt: null,
    ...request,
    userId: user.id,
    status: 'INVITED',
    code: randomBytes(6).toString('hex'),
    token: randomBytes(24).toString('base64url'),
  };
  sandbox.state.invites.set(invite.id, invite);
  log(sandbox, invite);
  sendMail(sandbox, invite, base);
  sandbox.notify('INVITE_INVITED', user.id, { userId: user.id, inviteId: invite.id });
  return invite;
}

/** The path of the invitee's landing page, below the public base. */
export function landingPath({ code, token }: SandboxInvite): string {
  return `/invite-user/${code}?token=${token}`;
}

export function isExpired(sandbox: Sandbox, { invitedAt }: SandboxInvite): boolean {
  return sandbox.now().getTime() > Date.parse(invitedAt) + DAYS * 24 * 60 * 60 * 1000;
}

/** Moves an invite to a later status, never back. Only `REVOKED` can become `LINKED` again. */
export function advance(sandbox: Sandbox, invite: SandboxInvite, status: InviteStatus): void {
  const rank = (one: InviteStatus) => inviteStatuses.indexOf(one);
  const again = invite.status === 'REVOKED' && status === 'LINKED';
  if (rank(status) <= rank(invite.status) && !again) return;
  invite.status = status;
  invite.updatedAt = timestamp(sandbox.now());
  if (status === 'LINKED') invite.linkedAt = invite.updatedAt;
  log(sandbox, invite);
}

/** Records that the widget was opened for a user, who may have been invited. */
export function inviteeOpened(sandbox: Sandbox, userId: string): void {
  for (const invite of invitesOf(sandbox, userId)) advance(sandbox, invite, 'WINK_WIDGET_OPENED');
}

/** Records that a user, who may have been invited, connected an account. Only the first one is reported. */
export function inviteeLinked(sandbox: Sandbox, userId: string): void {
  for (const invite of invitesOf(sandbox, userId)) {
    if (invite.status === 'LINKED') continue;
    advance(sandbox, invite, 'LINKED');
    sandbox.notify('INVITE_LINKED', userId, { userId, inviteId: invite.id });
  }
}

/** Records that a user, who may have been invited, disconnected the last account. */
export function inviteeRevoked(sandbox: Sandbox, userId: string): void {
  for (const invite of invitesOf(sandbox, userId)) if (invite.status === 'LINKED') advance(sandbox, invite, 'REVOKED');
}

/** Fills the variables of a template's text. Unknown ones stay as they are. */
export function fillTemplate(text: string, { fullName, firstName, template }: SandboxInvite): string {
  const values: Record<string, string> = {
    companyName: template.company.name,
    firstName: firstName ?? fullName,
    fullName,
  };
  return text.replace(/\$\{(\w+)\}/g, (code, name: string) => values[name] ?? code);
}

function invitesOf(sandbox: Sandbox, userId: string) {
  return [...sandbox.state.invites.values()].filter((invite) => invite.userId === userId);
}

function log(sandbox: Sandbox, { id: inviteId, status: inviteStatus, userId }: SandboxInvite) {
  const entry = { id: newSandboxId('invl'), inviteId, inviteStatus, userId, createdAt: timestamp(sandbox.now()) };
  sandbox.state.inviteLogs.set(entry.id, entry);
}

function sendMail(sandbox: Sandbox, invite: SandboxInvite, base: string) {
  const { email } = invite.template;
  if (!email.sendEmail) return;
  const url = base + landingPath(invite);
  const id = newSandboxId('mail');
  sandbox.state.outbox.set(id, {
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
