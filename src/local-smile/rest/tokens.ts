import { Hono } from 'hono';
import { ok, refuse } from '../envelope.ts';
import type { Env } from '../requests.ts';
import { issueToken } from '../tokens.ts';
import type { World } from '../world.ts';

const MAX_ID_LENGTH = 200;

export function tokenRoutes(world: World): Hono<Env> {
  const app = new Hono<Env>();

  app.post('/tokens', async (c) => {
    const userId = c.req.query('userId');
    if (!userId || userId.length > MAX_ID_LENGTH) {
      return refuse(c, 'INVALID_PARAMETERS', 'Give the user as the query parameter userId.');
    }
    if (!world.state.users.has(userId)) return refuse(c, 'MISSING_RESOURCE', 'There is no user with this id.');
    return ok(c, await issueToken(world, userId), 201);
  });

  return app;
}
