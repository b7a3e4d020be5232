/** Reads the data of an event. The browser can send anything, so wrong types are ignored. */
import { typeable } from '../../../form/typeable.ts';

/** The value at `key` of an object. Undefined if there is none. */
export const payloadValue = (data: unknown, key: string): unknown =>
  typeof data === 'object' && data !== null && Object.hasOwn(data, key)
    ? (data as Record<string, unknown>)[key]
    : undefined;

/** The text at `key` without invisible characters, cut at 200 characters. Undefined if there is none. */
export function payloadText(data: unknown, key: string): string | undefined {
  const value = payloadValue(data, key);
  return typeof value === 'string' ? typeable(value.slice(0, 200)) || undefined : undefined;
}

export type EventSubject = {
  accountId: string | undefined;
  providerId: string | undefined;
  fileType: string | undefined;
};

/**
 * The account and the provider of a callback, a screen of the widget or the `data` of a webhook (Smile, Account Linking and
 * Event Notifications). The account is in `account` or beside it. The provider is beside it, or first in `providers`.
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
