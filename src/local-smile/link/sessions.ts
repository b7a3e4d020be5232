import { newSandboxId } from '../store/ids.ts';
import { payloadOf } from '../store/items.ts';
import { accountsOf, archivesOf } from '../store/sources.ts';
import type { WinkSession, Shape, User } from '../store/state.ts';
import type { Sandbox } from '../sandbox.ts';

export function newSession(): WinkSession {
  return { id: newSandboxId('wss'), channel: 'Default', channelId: null, status: 'IN_PROGRESS' };
}

/** `UserSession` of Smile's OpenAPI document. */
export function shownSession({ id, session }: User): Shape {
  const { channel, channelId, status } = session;
  return { userId: id, channel, channelId, status };
}

/** `UserPayload`: all data of the user's current session. */
export function userPayload(sandbox: Sandbox, user: User): Shape {
  return {
    metadata: shownSession(user),
    forms: [...sandbox.state.forms.values()]
      .filter((form) => form.winkSiteSessionId === user.session.id)
      .map(({ id, name, data }) => ({ id, name, data })),
    accounts: accountsOf(sandbox, user.id)
      .filter(({ sessionId, status }) => sessionId === user.session.id && status === 'CONNECTED')
      .map(({ id, providerId }) => ({ id, providerId, payload: payloadOf(sandbox, id) })),
    archives: archivesOf(sandbox, user.id)
      .filter(({ sessionId, status }) => sessionId === user.session.id && status !== 'REVOKED')
      .map(({ id, type, classification }) => ({
        id,
        fileType: (type ?? classification ?? 'OTHERS').toLowerCase(),
        payload: payloadOf(sandbox, id),
      })),
  };
}

/** Completes the session. Only the session of a site sends an event: Smile names the event after Flip. */
export function completeSession(sandbox: Sandbox, user: User): void {
  user.session.status = 'COMPLETED';
  if (user.session.channel !== 'WinkSite') return;
  const payload = userPayload(sandbox, user);
  sandbox.notify('USER_SESSION_COMPLETED', user.id, { session: shownSession(user), payload });
}

/** Starts a new session on the same channel. The data of the old one stays, but does not count. */
export function resetSession(sandbox: Sandbox, user: User): void {
  const { channel, channelId } = user.session;
  user.session = { ...newSession(), channel, channelId };
  sandbox.notify('USER_SESSION_RESET', user.id, { session: shownSession(user) });
}
