/** Reading what an event carries. The browser may have sent anything, so only what makes sense is read. */

/** What stands at `key` of an object; undefined where there is none. */
export const payloadValue = (data: unknown, key: string): unknown =>
  typeof data === 'object' && data !== null && Object.hasOwn(data, key)
    ? (data as Record<string, unknown>)[key]
    : undefined;

/** The text at `key`, cut at 200 characters; undefined when there is none. */
export function payloadText(data: unknown, key: string): string | undefined {
  const value = payloadValue(data, key);
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;
}

export type EventSubject = {
  accountId: string | undefined;
  providerId: string | undefined;
  fileType: string | undefined;
};

/**
 * What a callback, a screen of the widget or the `data` of a webhook is about (Smile, Account Linking and Event
 * Notifications): the account stands beside or in `account`, the provider beside it or first in `providers`.
 */
export function eventSubject(data: unknown): EventSubject {
  const account = payloadValue(data, 'account');
  const providers = payloadValue(data, 'providers');
  const source = payloadText(data, 'sourceType') === 'ACCOUNT' ? payloadText(data, 'sourceId') : undefined;
  return {
    accountId: payloadText(data, 'accountId') ?? payloadText(account, 'accountId') ?? source,
    providerId:
      payloadText(data, 'providerId') ??
      payloadText(account, 'providerId') ??
      (Array.isArray(providers) ? payloadText(providers, '0') : undefined),
    fileType: payloadText(payloadValue(data, 'archive'), 'fileType'),
  };
}
