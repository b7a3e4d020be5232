/** Smile's Open API: all documented calls, of which forms need about half. */
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

/** Every call returns or throws a `SmileError` within its budget. */
export type SmileClient = ReturnType<typeof createSmileClient>;

/** A client for one key pair. Share one: the limiter and the breaker belong to it. */
export function createSmileClient(options: SmileClientOptions) {
  const transport = createTransport(options);
  return {
    ...users(transport),
    ...accounts(transport),
    ...data(transport),
    ...tasks(transport),
    ...archives(transport),
    ...providers(transport),
    ...invites(transport),
    ...consents(transport),
    ...webhooks(transport),
    ...forms(transport),
  };
}
