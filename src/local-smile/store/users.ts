import { newSandboxId, timestamp } from './ids.ts';
import { newSession, shownSession } from '../link/sessions.ts';
import type { User } from './state.ts';
import { TENANT_ID, type Sandbox } from '../sandbox.ts';

/** Creates a user, and sends the event. */
export function createUser(sandbox: Sandbox, externalMetadata: Record<string, string> | null = null): User {
  const user: User = {
    id: newSandboxId(TENANT_ID),
    externalMetadata,
    createdAt: timestamp(sandbox.now()),
    session: newSession(),
  };
  sandbox.state.users.set(user.id, user);
  sandbox.notify('USER_CREATED', user.id, { userId: user.id, session: shownSession(user) });
  return user;
}
