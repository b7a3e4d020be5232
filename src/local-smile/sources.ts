import { timestamp } from './ids.ts';
import type { Account, Archive, Metadata, Shape } from './state.ts';
import type { World } from './world.ts';

/** A user's accounts, oldest first. */
export function accountsOf(world: World, userId: string): Account[] {
  return [...world.state.accounts.values()].filter((account) => account.userId === userId);
}

/** A user's archives, oldest first. */
export function archivesOf(world: World, userId: string): Archive[] {
  return [...world.state.archives.values()].filter((archive) => archive.userId === userId);
}

/** What events say of an account. */
export function aboutAccount(account: Account): Shape {
  return { userId: account.userId, accountId: account.id, providers: [account.providerId] };
}

/** Where something read now comes from. */
export function metadataOf(world: World, source: Account | Archive): Metadata {
  const { id: sourceId, createdAt, userId, providerId } = source;
  const itemCreatedAt = timestamp(world.now());
  return 'connectedAt' in source
    ? { createdAt, itemCreatedAt, accountId: sourceId, sourceId, sourceType: 'ACCOUNT', userId, providerId }
    : { createdAt, itemCreatedAt, sourceId, sourceType: 'ARCHIVE', userId, providerId };
}
