import { Hono } from 'hono';
import { z } from 'zod';
import { ok, failWith } from '../http/envelope.ts';
import { type Env, jsonBody } from '../http/requests.ts';
import { resetSession, shownSession, userPayload } from '../link/sessions.ts';
import { accountsOf } from '../store/sources.ts';
import type { User } from '../store/state.ts';
import { issueToken } from '../link/tokens.ts';
import { createUser } from '../store/users.ts';
import type { Sandbox } from '../sandbox.ts';
import { pageOf } from './paging.ts';

/** At most 5 pairs, ASCII, keys up to 50 characters, values up to 500 (`ObjectExternalMetadata`). */
const ascii = /^[\x00-\x7f]*$/;
const newUserSchema = z.object({
  externalMetadata: z
    .record(
      z.string().max(50).regex(ascii, 'Use ASCII characters only.'),
      z.string().max(500).regex(ascii, 'Use ASCII characters only.'),
    )
    .refine((pairs) => Object.keys(pairs).length <= 5, 'Give at most 5 pairs.')
    .nullish(),
});

export function userRoutes(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();
  const { users } = sandbox.state;
  const missing = 'There is no user with this id.';

  app.post('/users', async (c) => {
    const { externalMetadata } = await jsonBody(c, newUserSchema);
    const user = createUser(sandbox, externalMetadata);
    return ok(c, { user: shown(sandbox, user), token: await issueToken(sandbox, user.id) }, 201);
  });

  app.get('/users', (c) => {
    const { nextCursor, items } = pageOf(c, users.values(), { date: (user) => user.createdAt });
    return ok(c, { nextCursor, items: items.map((user) => shown(sandbox, user)) });
  });

  app.get('/users/:id', (c) => {
    const user = users.get(c.req.param('id'));
    return user ? ok(c, shown(sandbox, user)) : failWith(c, 'MISSING_RESOURCE', missing);
  });

  app.get('/users/:id/payload', (c) => {
    const user = users.get(c.req.param('id'));
    return user ? ok(c, userPayload(sandbox, user)) : failWith(c, 'MISSING_RESOURCE', missing);
  });

  app.post('/users/:id/resetSession', (c) => {
    const user = users.get(c.req.param('id'));
    if (!user) return failWith(c, 'MISSING_RESOURCE', missing);
    resetSession(sandbox, user);
    return ok(c);
  });

  return app;
}

/** `User` of Smile's OpenAPI document. */
function shown(sandbox: Sandbox, user: User) {
  const connected = accountsOf(sandbox, user.id).filter(({ status }) => status === 'CONNECTED');
  return {
    id: user.id,
    externalMetadata: user.externalMetadata,
    createdAt: user.createdAt,
    providers: connected.map(({ providerId }) => providerId),
    session: shownSession(user),
  };
}
