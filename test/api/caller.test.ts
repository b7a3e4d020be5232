/** The sender of a request about a submission. */
import { expect, it } from 'vitest';
import { callerOf } from '../../src/api/endpoints/caller.ts';
import type { RequestContext } from '../../src/api/body.ts';
import { createRates, type Rates } from '../../src/api/bounds/rates.ts';
import { tokenFor } from '../../src/respond/access/token.ts';
import type { Services } from '../../src/respond/services.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';

it('is counted once for large answers, also if the transaction that reads them runs again', async () => {
  const counted: unknown[] = [];
  const rates = { ...createRates(), address: (...count: unknown[]) => (counted.push(count), 0) } as unknown as Rates;
  const services = { keys: [Buffer.alloc(32, 1)] } as unknown as Services;
  const authorization = `Bearer ${tokenFor(services.keys, 'draft')}`;
  const req = { method: 'PUT', header: (name: string) => (name === 'authorization' ? authorization : undefined), param: () => 'draft' }; // prettier-ignore
  const { readLarge } = callerOf({ services, rates }, { req } as unknown as RequestContext, () => '203.0.113.7');
  const large = 3 * SITE_LIMITS.requestAnswerBytes.value;
  const read = () => readLarge?.(large, async () => 'read');
  expect([await read(), await read()]).toEqual(['read', 'read']);
  expect(counted).toEqual([['203.0.113.7', 3]]);
});
