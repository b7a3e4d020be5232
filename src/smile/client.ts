/** Smile's Open API: every call that it documents, of which forms need about half. */
import { createCalls, type SmileClientOptions } from './calls.ts';
import { accounts } from './nouns/accounts.ts';
import { archives } from './nouns/archives.ts';
import { consents } from './nouns/consents.ts';
import { data } from './nouns/data.ts';
import { forms } from './nouns/forms.ts';
import { invites } from './nouns/invites.ts';
import { providers } from './nouns/providers.ts';
import { tasks } from './nouns/tasks.ts';
import { users } from './nouns/users.ts';
import { webhooks } from './nouns/webhooks.ts';

export type { SmileClientOptions } from './calls.ts';
export type { SmileExchange } from './http.ts';

/** Every call ends within its budget, in the value told or in a thrown `SmileError`. */
export type SmileClient = ReturnType<typeof createSmileClient>;

/** A client for one key pair. Its limiter and its breaker are its own: make one and share it. */
export function createSmileClient(options: SmileClientOptions) {
  const calls = createCalls(options);
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
