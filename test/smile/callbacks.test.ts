import { describe, expect, it } from 'vitest';
import { parseClaim } from '../../src/smile/callbacks.ts';

const ids = { accountId: 'a-1', userId: 'acme-1', providerId: 'sss_ph' };

describe('the claim of a callback', () => {
  it.each([
    ['onAccountCreated', 'PENDING'],
    ['onAccountConnected', 'CONNECTED'],
    ['onAccountRemoved', 'DISCONNECTED'],
  ] as const)('%s claims %s', (name, status) => {
    expect(parseClaim(name, { ...ids, errorCode: 'INVALID_AUTH' })).toEqual({ ...ids, status });
  });

  it('onAccountError claims an error, with its code when there is one', () => {
    expect(parseClaim('onAccountError', { ...ids, errorCode: 'INVALID_MFA' })).toEqual({
      ...ids,
      status: 'ERROR',
      errorCode: 'INVALID_MFA',
    });
    expect(parseClaim('onAccountError', ids)).toEqual({ ...ids, status: 'ERROR' });
  });

  it.each([
    ['another callback', 'onClose', ids],
    ['no data', 'onAccountConnected', undefined],
    ['no account', 'onAccountConnected', { userId: 'acme-1', providerId: 'sss_ph' }],
    ['an id that would leave its path', 'onAccountConnected', { ...ids, accountId: '../users' }],
    ['an id of dots', 'onAccountConnected', { ...ids, accountId: '..' }],
    ['an endless id', 'onAccountConnected', { ...ids, accountId: 'a'.repeat(201) }],
  ] as const)('is none for %s', (_what, name, data) => {
    expect(parseClaim(name, data)).toBeUndefined();
  });
});
