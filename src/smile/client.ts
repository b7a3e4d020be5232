/** Smile's Open API: every call that it documents, of which forms need about half. */
import { createTransport, type SmileClientOptions } from './transport.ts';
import { accounts } from './resources/accounts.ts';
import { archives } from './resources/archives.ts';
import { consents } from './resources/consents.ts';
import { data } from './resources/data.ts';
import { forms } from './resources/forms.ts';
import { invites } from './resources/invites.ts';
import { providers } from './resources/providers.ts';
import { tasks } from './resources/tasks.ts';
import { users } from './resources/users.ts';
import { webhooks } from './resources/webhooks.ts';

export type { SmileClientOptions } from './transport.ts';
export type { SmileExchange } from './http.ts';

/** Every call ends within its budget, in the value told or in a thrown `SmileError`. */
export type SmileClient = ReturnType<typeof createSmileClient>;

/** A client for one key pair. Its limiter and its breaker are its own: make one and share it. */
export function createSmileClient(options: SmileClientOptions) {
  const calls = createTransport(options);
  return {
    ...users(calls),
    ...accounts(calls),
    ...data(calls),
    ...tasks(calls),
    ...archives(calls),
    ...providers(calls),
    ...invites(calls),
    ...consents(calls),
    ...webhooks(calls),
    ...forms(calls),
  };
}
