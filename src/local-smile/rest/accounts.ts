import { Hono } from 'hono';
import { z } from 'zod';
import { accountErrors } from '../invented/account-errors.ts';
import { disconnectSandboxAccount, watchAccount } from '../link/accounts.ts';
import { ok, failWith } from '../http/envelope.ts';
import { exportAccount, exportTypes } from '../invented/exports.ts';
import { plainPayloadOf } from '../store/items.ts';
import { baseFor, type Env, jsonBody } from '../http/requests.ts';
import type { SandboxAccount } from '../store/state.ts';
import type { Sandbox } from '../sandbox.ts';
import { pageOf } from './paging.ts';

const exportSchema = z.object({ exportExtensionType: z.enum(exportTypes) });

export function accountRoutes(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();
  const { accounts } = sandbox.state;

  app.get('/accounts', (c) => {
    const { nextCursor, items } = pageOf(c, accounts.values(), {
      equal: { userId: (account) => account.userId },
      date: (account) => account.createdAt,
    });
    return ok(c, { nextCursor, items: items.map(shown) });
  });

  app.get('/accounts/:id', (c) => {
    const account = accounts.get(c.req.param('id'));
    return account ? ok(c, shown(account)) : failWith(c, 'MISSING_RESOURCE', 'There is no account with this id.');
  });

  app.delete('/accounts/:id', (c) => {
    const account = live(c.req.param('id'));
    if (!account) {
      return failWith(c, 'MISSING_RESOURCE', 'There is no account with this id that could be disconnected.');
    }
    disconnectSandboxAccount(sandbox, account);
    return ok(c);
  });

  app.get('/accounts/:id/payload', (c) => {
    const account = live(c.req.param('id'));
    if (!account) return failWith(c, 'MISSING_RESOURCE', 'There is no account with this id that has data.');
    const { id: sourceId, userId, providerId } = account;
    const metadata = { sourceId, sourceType: 'ACCOUNT', userId, providerId };
    return ok(c, { metadata, ...plainPayloadOf(sandbox, sourceId) });
  });

  app.post('/accounts/:id/exports/generate', async (c) => {
    const { exportExtensionType } = await jsonBody(c, exportSchema);
    const account = live(c.req.param('id'));
    if (!account) return failWith(c, 'MISSING_RESOURCE', 'There is no account with this id that has data.');
    const { path, ...shown } = exportAccount(sandbox, account, exportExtensionType);
    return ok(c, { ...shown, downloadUrl: baseFor(c, sandbox) + path });
  });

  app.post('/accounts/:accountId/disableMonitor', (c) => {
    const account = live(c.req.param('accountId'));
    if (!account) return failWith(c, 'MISSING_RESOURCE', 'There is no account with this id that could be in sync.');
    if (account.monitor.status !== 'UNSUPPORTED') watchAccount(sandbox, account, 'CUSTOMER_DISABLED');
    return ok(c);
  });

  return app;

  /** An account that was not disconnected. */
  function live(id: string) {
    const account = accounts.get(id);
    return account?.status === 'DISCONNECTED' ? undefined : account;
  }
}

/** `Account` of Smile's OpenAPI document. */
function shown(account: SandboxAccount) {
  const { id, createdAt, providerId, userId, status, errorCode, updatedAt, monitor } = account;
  return {
    id,
    createdAt,
    providerId,
    userId,
    connectionStatus: status,
    connection: { status, errorCode, errorMessage: errorCode && accountErrors[errorCode], updatedAt },
    monitorStatus: monitor.status,
    monitor,
  };
}
