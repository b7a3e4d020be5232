/** Who is told of each submission by webhook, while the servers that tell are killed. */
import { openReceiver, SECRET, verified, type Received } from '../deliver/receiver.ts';

export interface Hooks {
  origin: string;
  /** The environment of a server that may tell. */
  env: Record<string, string>;
  /** By the id of each delivery: the reference it told of, as often as it came. */
  arrived: Map<string, string[]>;
  /** In words, one for each that was not what it should be. */
  faults: string[];
  close(): Promise<void>;
}

/** Takes a random moment to answer, so that a server can die before it has heard that its webhook has arrived. */
export async function openHooks(): Promise<Hooks> {
  const receiver = await openReceiver();
  const arrived: Hooks['arrived'] = new Map();
  const faults: string[] = [];
  receiver.answer = (response) => {
    const got = receiver.received.pop();
    try {
      if (got) take(got);
    } catch (error) {
      faults.push(`a delivery that cannot be verified: ${String(error)}`);
    }
    setTimeout(() => response.writeHead(204).end(), Math.random() * 50);
  };
  function take(got: Received): void {
    const { data } = verified(got) as { data: { reference: string } };
    const id = String(got.headers['webhook-id']);
    arrived.set(id, [...(arrived.get(id) ?? []), data.reference]);
  }
  return {
    origin: receiver.origin,
    env: { ACME_HOOK_SECRET: SECRET, WEBHOOK_ALLOWED_HOSTS: receiver.host },
    arrived,
    faults,
    close: () => receiver.close(),
  };
}

/** The form, which tells. */
export const hooked = (form: string, { origin }: Pick<Hooks, 'origin'>): string =>
  `${form}\nnotify:\n  - { webhook: "${origin}/hooks", secret_env: ACME_HOOK_SECRET }\n`;
