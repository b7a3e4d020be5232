import { newSandboxId, timestamp } from './ids.ts';
import { newSession, shownSession } from './sessions.ts';
import type { User } from './state.ts';
import { TENANT_ID, type Sandbox } from './sandbox.ts';

/** Creates a user, and tells of it. */
export function createUser(world: Sandbox, externalMetadata: Record<string, string> | null = null): User {
  const user: User = {
    id: newSandboxId(TENANT_ID),
    externalMetadata,
    createdAt: timestamp(world.now()),
    session: newSession(),
  };
  world.state.users.set(user.id, user);
  world.notify('USER_CREATED', user.id, { userId: user.id, session: shownSession(user) });
  return user;
}
