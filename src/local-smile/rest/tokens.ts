import { Hono } from 'hono';
import { ok, failWith } from '../http/envelope.ts';
import type { Env } from '../http/requests.ts';
import { issueToken } from '../link/tokens.ts';
import type { Sandbox } from '../sandbox.ts';

const MAX_ID_LENGTH = 200;

export function tokenRoutes(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();

  app.post('/tokens', async (c) => {
    const userId = c.req.query('userId');
    if (!userId || userId.length > MAX_ID_LENGTH) {
      return failWith(c, 'INVALID_PARAMETERS', 'Give the user as the query parameter userId.');
    }
    if (!sandbox.state.users.has(userId)) return failWith(c, 'MISSING_RESOURCE', 'There is no user with this id.');
    return ok(c, await issueToken(sandbox, userId), 201);
  });

  return app;
}
