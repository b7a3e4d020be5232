/** Reading what an event carries. The browser may have sent anything, so only what makes sense is read. */

/** What stands at `key` of an object; undefined where there is none. */
export const partOf = (data: unknown, key: string): unknown =>
  typeof data === 'object' && data !== null && Object.hasOwn(data, key)
    ? (data as Record<string, unknown>)[key]
    : undefined;

/** The text at `key`, cut at 200 characters; undefined when there is none. */
export function textOf(data: unknown, key: string): string | undefined {
  const value = partOf(data, key);
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;
}

export type Subject = { accountId: string | undefined; providerId: string | undefined; fileType: string | undefined };

/**
 * What a callback, a screen of the widget or the `data` of a webhook is about (Smile, Account Linking and Event
 * Notifications): the account stands beside or in `account`, the provider beside it or first in `providers`.
 */
export function subject(data: unknown): Subject {
  const account = partOf(data, 'account');
  const providers = partOf(data, 'providers');
  const source = textOf(data, 'sourceType') === 'ACCOUNT' ? textOf(data, 'sourceId') : undefined;
  return {
    accountId: textOf(data, 'accountId') ?? textOf(account, 'accountId') ?? source,
    providerId:
      textOf(data, 'providerId') ??
      textOf(account, 'providerId') ??
      (Array.isArray(providers) ? textOf(providers, '0') : undefined),
    fileType: textOf(partOf(data, 'archive'), 'fileType'),
  };
}
