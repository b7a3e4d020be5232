import { newSandboxId } from './ids.ts';
import { payloadOf } from './items.ts';
import { accountsOf, archivesOf } from './sources.ts';
import type { WinkSession, Shape, User } from './state.ts';
import type { Sandbox } from './sandbox.ts';

export function newSession(): WinkSession {
  return { id: newSandboxId('wss'), channel: 'Default', channelId: null, status: 'IN_PROGRESS' };
}

/** `UserSession` of Smile's OpenAPI document. */
export function shownSession({ id, session }: User): Shape {
  const { channel, channelId, status } = session;
  return { userId: id, channel, channelId, status };
}

/** `UserPayload`: all that was gathered in the user's present session. */
export function userPayload(world: Sandbox, user: User): Shape {
  return {
    metadata: shownSession(user),
    forms: [...world.state.forms.values()]
      .filter((form) => form.winkSiteSessionId === user.session.id)
      .map(({ id, name, data }) => ({ id, name, data })),
    accounts: accountsOf(world, user.id)
      .filter(({ sessionId, status }) => sessionId === user.session.id && status === 'CONNECTED')
      .map(({ id, providerId }) => ({ id, providerId, payload: payloadOf(world, id) })),
    archives: archivesOf(world, user.id)
      .filter(({ sessionId, status }) => sessionId === user.session.id && status !== 'REVOKED')
      .map(({ id, type, classification }) => ({
        id,
        fileType: (type ?? classification ?? 'OTHERS').toLowerCase(),
        payload: payloadOf(world, id),
      })),
  };
}

/** Ends the session well. Only the session of a site is told of: Smile names the event after Flip. */
export function completeSession(world: Sandbox, user: User): void {
  user.session.status = 'COMPLETED';
  if (user.session.channel !== 'WinkSite') return;
  const payload = userPayload(world, user);
  world.notify('USER_SESSION_COMPLETED', user.id, { session: shownSession(user), payload });
}

/** Starts over on the same channel: what was gathered stays where it is, and counts no more. */
export function resetSession(world: Sandbox, user: User): void {
  const { channel, channelId } = user.session;
  user.session = { ...newSession(), channel, channelId };
  world.notify('USER_SESSION_RESET', user.id, { session: shownSession(user) });
}
