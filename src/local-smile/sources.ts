import { timestamp } from './ids.ts';
import type { SandboxAccount, SandboxArchive, Metadata, Shape } from './state.ts';
import type { Sandbox } from './sandbox.ts';

/** A user's accounts, oldest first. */
export function accountsOf(world: Sandbox, userId: string): SandboxAccount[] {
  return [...world.state.accounts.values()].filter((account) => account.userId === userId);
}

/** A user's archives, oldest first. */
export function archivesOf(world: Sandbox, userId: string): SandboxArchive[] {
  return [...world.state.archives.values()].filter((archive) => archive.userId === userId);
}

/** What events say of an account. */
export function aboutAccount(account: SandboxAccount): Shape {
  return { userId: account.userId, accountId: account.id, providers: [account.providerId] };
}

/** Where something read now comes from. */
export function metadataOf(world: Sandbox, source: SandboxAccount | SandboxArchive): Metadata {
  const { id: sourceId, createdAt, userId, providerId } = source;
  const itemCreatedAt = timestamp(world.now());
  return 'connectedAt' in source
    ? { createdAt, itemCreatedAt, accountId: sourceId, sourceId, sourceType: 'ACCOUNT', userId, providerId }
    : { createdAt, itemCreatedAt, sourceId, sourceType: 'ARCHIVE', userId, providerId };
}
