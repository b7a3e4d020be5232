/** People who never give up: each request is sent under one key until it is answered, whatever happens to the server. */
import { setTimeout as wait } from 'node:timers/promises';
import { LONG } from '../../helpers/run/long.ts';

/** How long people wait before each request, so that in the short run servers and tests beside them get the processor. */
export const PAUSE_MS = LONG ? 0 : 60;

export interface Acknowledged {
  id: string;
  full_name: string;
  events: string[];
  reference?: string;
}

export interface Clients {
  /** Everything that was answered with success. */
  acknowledged: Map<string, Acknowledged>;
  /** The repeated requests: their answers, or their errors. */
  failed: string[];
  /** Finishes the running requests, and begins no new ones. */
  stop(): Promise<void>;
}

/**
 * @param origin where the server is now; it may move when it comes back
 * @param pauseMs how long each waits before a request
 */
export function startClients(count: number, origin: () => string, pauseMs = 0): Clients {
  const acknowledged = new Map<string, Acknowledged>();
  const failed: string[] = [];
  let going = true;

  async function insist(method: string, path: string, body: unknown, headers: Record<string, string> = {}) {
    const key = crypto.randomUUID();
    if (pauseMs) await wait(pauseMs);
    for (;;) {
      try {
        const response = await fetch(origin() + path, {
          method,
          headers: { 'content-type': 'application/json', 'idempotency-key': key, ...headers },
          body: JSON.stringify(body),
        });
        const told = (await response.json()) as Record<string, string>;
        if (response.status < 500) {
          if (!response.ok)
            throw new RangeError(`${method} ${path} answered ${response.status} ${JSON.stringify(told)}`);
          return told;
        }
        failed.push(`${method} ${path} answered ${response.status}`);
      } catch (error) {
        if (error instanceof RangeError) throw error;
        failed.push(`${method} ${path}: ${String(error)}`);
      }
      await wait(20 + pauseMs);
    }
  }

  async function person(number: number): Promise<void> {
    for (let round = 0; going; round++) {
      const { id = '', token = '' } = await insist('POST', '/api/forms/plain/submissions', {});
      const headers = { authorization: `Bearer ${token}` };
      const one: Acknowledged = { id, full_name: '', events: [] };
      acknowledged.set(id, one);
      for (let save = 0; save < 3; save++) {
        const full_name = `${number} ${round} ${save}`;
        await insist('PUT', `/api/submissions/${id}/answers`, { screen: 'only', answers: { full_name } }, headers);
        one.full_name = full_name;
        const event = crypto.randomUUID();
        const told = { id: event, name: 'screenSeen', at: new Date().toISOString(), data: {} };
        await insist('POST', `/api/submissions/${id}/events`, { events: [told] }, headers);
        one.events.push(event);
      }
      one.reference = (await insist('POST', `/api/submissions/${id}/submit`, {}, headers))['reference'] ?? '';
    }
  }

  const people = Promise.all(Array.from({ length: count }, (_, number) => person(number)));
  people.catch(() => undefined);
  return {
    acknowledged,
    failed,
    async stop() {
      going = false;
      await people;
    },
  };
}
