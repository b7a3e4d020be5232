import { timestamp } from './ids.ts';
import type { SandboxAccount, SandboxArchive, Metadata, Shape } from './state.ts';
import type { Sandbox } from '../sandbox.ts';

/** A user's accounts, oldest first. */
export function accountsOf(sandbox: Sandbox, userId: string): SandboxAccount[] {
  return [...sandbox.state.accounts.values()].filter((account) => account.userId === userId);
}

/** A user's archives, oldest first. */
export function archivesOf(sandbox: Sandbox, userId: string): SandboxArchive[] {
  return [...sandbox.state.archives.values()].filter((archive) => archive.userId === userId);
}

/** The data of an account in events. */
export function aboutAccount(account: SandboxAccount): Shape {
  return { userId: account.userId, accountId: account.id, providers: [account.providerId] };
}

/** The source of data that is read now. */
export function metadataOf(sandbox: Sandbox, source: SandboxAccount | SandboxArchive): Metadata {
  const { id: sourceId, createdAt, userId, providerId } = source;
  const itemCreatedAt = timestamp(sandbox.now());
  return 'connectedAt' in source
    ? { createdAt, itemCreatedAt, accountId: sourceId, sourceId, sourceType: 'ACCOUNT', userId, providerId }
    : { createdAt, itemCreatedAt, sourceId, sourceType: 'ARCHIVE', userId, providerId };
}
