import { describe, expect, it } from 'vitest';
import { callbackSchemas, CALLBACKS, claim } from '../../src/smile/callbacks.ts';

const ids = { accountId: 'a-1', userId: 'acme-1', providerId: 'sss_ph' };

describe('the callbacks', () => {
  it('are nine', () => {
    expect(CALLBACKS).toHaveLength(9);
  });

  it.each(CALLBACKS)('%s is taken without anything, and with things we do not know', (name) => {
    for (const nothing of [undefined, null, 7, []]) expect(callbackSchemas[name].parse(nothing)).toEqual({});
    expect(callbackSchemas[name].parse({ ...ids, somethingNew: { deep: [1] } })).toEqual({
      ...ids,
      somethingNew: { deep: [1] },
    });
  });

  it.each(CALLBACKS)('%s is refused when it is too large', (name) => {
    expect(callbackSchemas[name].safeParse({ uploads: 'x'.repeat(20_000) }).success).toBe(false);
  });

  it('onClose may hand over the bare reason', () => {
    expect(callbackSchemas.onClose.parse('exit')).toEqual({ reason: 'exit' });
    expect(callbackSchemas.onClose.parse({ reason: 'close' })).toEqual({ reason: 'close' });
  });
});

describe('the claim of a callback', () => {
  it.each([
    ['onAccountCreated', 'PENDING'],
    ['onAccountConnected', 'CONNECTED'],
    ['onAccountRemoved', 'DISCONNECTED'],
  ] as const)('%s claims %s', (name, status) => {
    expect(claim(name, { ...ids, errorCode: 'INVALID_AUTH' })).toEqual({ ...ids, status });
  });

  it('onAccountError claims an error, with its code when there is one', () => {
    expect(claim('onAccountError', { ...ids, errorCode: 'INVALID_MFA' })).toEqual({
      ...ids,
      status: 'ERROR',
      errorCode: 'INVALID_MFA',
    });
    expect(claim('onAccountError', ids)).toEqual({ ...ids, status: 'ERROR' });
  });

  it.each([
    ['another callback', 'onClose', ids],
    ['no data', 'onAccountConnected', undefined],
    ['no account', 'onAccountConnected', { userId: 'acme-1', providerId: 'sss_ph' }],
    ['an id that would leave its path', 'onAccountConnected', { ...ids, accountId: '../users' }],
    ['an id of dots', 'onAccountConnected', { ...ids, accountId: '..' }],
    ['an endless id', 'onAccountConnected', { ...ids, accountId: 'a'.repeat(201) }],
  ] as const)('is none for %s', (_what, name, data) => {
    expect(claim(name, data)).toBeUndefined();
  });
});
