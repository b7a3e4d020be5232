import { Hono } from 'hono';
import { disconnect } from '../accounts.ts';
import { ok, refuse } from '../envelope.ts';
import type { Env } from '../requests.ts';
import type { Account } from '../state.ts';
import type { World } from '../world.ts';
import { page } from './paging.ts';

export function accountRoutes(world: World): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/accounts', (c) => {
    const { nextCursor, items } = page(c, world.state.accounts.values(), {
      equal: { userId: (account) => account.userId },
      date: (account) => account.createdAt,
    });
    return ok(c, { nextCursor, items: items.map(shown) });
  });

  app.get('/accounts/:id', (c) => {
    const account = world.state.accounts.get(c.req.param('id'));
    return account ? ok(c, shown(account)) : refuse(c, 'MISSING_RESOURCE', 'There is no account with this id.');
  });

  app.delete('/accounts/:id', (c) => {
    const account = world.state.accounts.get(c.req.param('id'));
    if (!account || account.status === 'DISCONNECTED') {
      return refuse(c, 'MISSING_RESOURCE', 'There is no account with this id that could be disconnected.');
    }
    disconnect(world, account);
    return ok(c);
  });

  app.get('/tasks', (c) =>
    ok(
      c,
      page(c, world.state.tasks.values(), {
        equal: { userId: (task) => task.metadata.userId, sourceId: (task) => task.metadata.sourceId },
        date: (task) => task.startedAt,
      }),
    ),
  );

  app.get('/tasks/:id', (c) => {
    const task = world.state.tasks.get(c.req.param('id'));
    return task ? ok(c, task) : refuse(c, 'MISSING_RESOURCE', 'There is no task with this id.');
  });

  return app;
}

/** `Account` of Smile's OpenAPI document. Local Smile never keeps data in sync, so there is no monitor. */
function shown(account: Account) {
  const { id, createdAt, providerId, userId, status, errorCode, errorMessage, updatedAt } = account;
  return {
    id,
    createdAt,
    providerId,
    userId,
    connectionStatus: status,
    connection: { status, errorCode, errorMessage, updatedAt },
    monitorStatus: 'UNSUPPORTED',
    monitor: { status: 'UNSUPPORTED', updatedAt: null },
  };
}
