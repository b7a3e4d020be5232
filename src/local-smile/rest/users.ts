import { Hono } from 'hono';
import { z } from 'zod';
import { accountsOf } from '../accounts.ts';
import { ok, refuse } from '../envelope.ts';
import { newId, timestamp } from '../ids.ts';
import { type Env, jsonBody } from '../requests.ts';
import type { User } from '../state.ts';
import { issueToken } from '../tokens.ts';
import { TENANT_ID, type World } from '../world.ts';
import { page } from './paging.ts';

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

export function userRoutes(world: World): Hono<Env> {
  const app = new Hono<Env>();

  app.post('/users', async (c) => {
    const { externalMetadata } = await jsonBody(c, newUserSchema);
    const user: User = {
      id: newId(TENANT_ID),
      externalMetadata: externalMetadata ?? null,
      createdAt: timestamp(),
      sessionStatus: 'IN_PROGRESS',
    };
    world.state.users.set(user.id, user);
    world.notify('USER_CREATED', { userId: user.id, session: session(user) });
    return ok(c, { user: shown(world, user), token: await issueToken(world, user.id) }, 201);
  });

  app.get('/users', (c) => {
    const { nextCursor, items } = page(c, world.state.users.values(), { date: (user) => user.createdAt });
    return ok(c, { nextCursor, items: items.map((user) => shown(world, user)) });
  });

  app.get('/users/:id', (c) => {
    const user = world.state.users.get(c.req.param('id'));
    return user ? ok(c, shown(world, user)) : refuse(c, 'MISSING_RESOURCE', 'There is no user with this id.');
  });

  app.post('/tokens', async (c) => {
    const userId = c.req.query('userId');
    if (!userId || userId.length > 200) {
      return refuse(c, 'INVALID_PARAMETERS', 'Give the user as the query parameter userId.');
    }
    if (!world.state.users.has(userId)) return refuse(c, 'MISSING_RESOURCE', 'There is no user with this id.');
    return ok(c, await issueToken(world, userId), 201);
  });

  return app;
}

function shown(world: World, user: User) {
  const connected = accountsOf(world, user.id).filter(({ status }) => status === 'CONNECTED');
  return {
    id: user.id,
    externalMetadata: user.externalMetadata,
    createdAt: user.createdAt,
    providers: connected.map(({ providerId }) => providerId),
    session: session(user),
  };
}

function session(user: User) {
  return { userId: user.id, channel: 'Default', channelId: null, status: user.sessionStatus };
}
