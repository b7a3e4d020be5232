import { expect } from 'vitest';
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
  async jsonNesting() {
    const site = await openAttacked({ forms: { plain: PLAIN } });
    try {
      const { id, headers } = await begin(site, 'plain');
      const tell = (levels: number) => {
        // Brackets in a text are no levels. The body, its events, one of them and its data are four.
        const data = `{"text":"\\"${'['.repeat(99)}","a":${'['.repeat(levels - 4)}${']'.repeat(levels - 4)}}`;
        const body = `{"events":[{"id":"${crypto.randomUUID()}","name":"screenSeen","at":"2026-11-24T10:00:00Z","data":${data}}]}`;
        return send(site, 'POST', `/api/submissions/${id}/events`, body, headers);
      };
      const { value } = SITE_LIMITS.jsonNesting;
      expect(await tell(value)).toMatchObject({ status: 200, body: { stored: 1 } });
      expectRefusal(await tell(value + 1), 400, 'invalid_request');
    } finally {
      await site.close();
    }
  },
};
