import { Hono } from 'hono';
import { ok, refuse } from '../envelope.ts';
import type { Env } from '../requests.ts';
import type { World } from '../world.ts';
import { page } from './paging.ts';

export function taskRoutes(world: World): Hono<Env> {
  const app = new Hono<Env>();

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
