import { begin, expectRefusal, openAttacked, PLAIN, send } from '../api/attack.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import type { REQUEST_LIMITS } from '../../src/site-limits/request-limits.ts';
import type { Scenario } from './scenario.ts';

export const requestScenarios: Record<keyof typeof REQUEST_LIMITS, Scenario> = {
  async jsonBodyBytes() {
    const site = await openAttacked({ forms: { plain: PLAIN } });
    try {
      await begin(site, 'plain');
      const body = { version: 'x'.repeat(SITE_LIMITS.jsonBodyBytes.value) };
      expectRefusal(await send(site, 'POST', '/api/forms/plain/submissions', body), 413, 'too_large');
    } finally {
      await site.close();
    }
  },
};
