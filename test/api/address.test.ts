/** Whose request it is: only what our own proxies have added can be believed. */
import { expect, it } from 'vitest';
import { clientAddress, clientKeys } from '../../src/api/address.ts';

it.each<[string | null, string | undefined, number, string]>([
  [null, '203.0.113.9', 0, '203.0.113.9'],
  ['198.51.100.1', '203.0.113.9', 0, '203.0.113.9'],
  ['198.51.100.1', '10.0.0.1', 1, '198.51.100.1'],
  ['1.1.1.1, 198.51.100.1', '10.0.0.1', 1, '198.51.100.1'],
  ['1.1.1.1, 198.51.100.1, 10.0.0.2', '10.0.0.1', 2, '198.51.100.1'],
  ['198.51.100.1', '10.0.0.1', 2, '10.0.0.1'],
  [null, '10.0.0.1', 1, '10.0.0.1'],
  ['unknown', '10.0.0.1', 1, '10.0.0.1'],
  ['<script>', undefined, 1, ''],
  ['198.51.100.1:4711', '10.0.0.1', 1, '198.51.100.1'],
  ['[2001:db8::7]:4711', '10.0.0.1', 1, '2001:db8:0:0::/64'],
  ['2001:DB8:0:1:a:b:c:d', '10.0.0.1', 1, '2001:db8:0:1::/64'],
  ['2001:db8:0:1::', '10.0.0.1', 1, '2001:db8:0:1::/64'],
  [null, '::1', 0, '0:0:0:0::/64'],
  [null, 'fe80::1%eth0', 0, 'fe80:0:0:0::/64'],
  [null, '::ffff:203.0.113.9', 0, '203.0.113.9'],
])('%s over %s behind %i proxies is %s', (forwarded, connected, proxies, address) => {
  expect(clientAddress(forwarded, connected, proxies)).toBe(address);
});

it.each([
  ['203.0.113.9', ['203.0.113.9']],
  ['2001:db8:0:1::/64', ['2001:db8:0:1::/64', '2001:db8:0::/48']],
  ['', ['']],
])('%j is counted by %j', (address, keys) => {
  expect(clientKeys(address)).toEqual(keys);
});
