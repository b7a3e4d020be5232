/** The webhooks about each submission, while the servers that send them are killed. */
import { openReceiver, SECRET, verified, type Received } from '../deliver/receiver.ts';

export interface Hooks {
  origin: string;
  /** The environment of a server that may tell. */
  env: Record<string, string>;
  /** By the id of each delivery: the reference in it, as often as it came. */
  arrived: Map<string, string[]>;
  /** The ids of those that came and could not be verified, as often as they came; they were refused with 400. */
  refused: string[];
  close(): Promise<void>;
}

/** Takes a random moment to answer, so that a server can die before it has heard that its webhook has arrived. */
export async function openHooks(): Promise<Hooks> {
  const receiver = await openReceiver();
  const arrived: Hooks['arrived'] = new Map();
  const refused: string[] = [];
  receiver.answer = (response) => {
    const got = receiver.received.pop();
    const status = got && isTaken(got) ? 204 : 400;
    setTimeout(() => response.writeHead(status).end(), Math.random() * 50);
  };
  function isTaken(got: Received): boolean {
    const id = String(got.headers['webhook-id']);
    try {
      const { data } = verified(got) as { data: { reference: string } };
      arrived.set(id, [...(arrived.get(id) ?? []), data.reference]);
      return true;
    } catch {
      refused.push(id);
      return false;
    }
  }
  return {
    origin: receiver.origin,
    env: { ACME_HOOK_SECRET: SECRET, WEBHOOK_ALLOWED_HOSTS: receiver.host },
    arrived,
    refused,
    close: () => receiver.close(),
  };
}

/** The form, which tells. */
export const hooked = (form: string, { origin }: Pick<Hooks, 'origin'>): string =>
  `${form}\nnotify:\n  - { webhook: "${origin}/hooks", secret_env: ACME_HOOK_SECRET }\n`;
