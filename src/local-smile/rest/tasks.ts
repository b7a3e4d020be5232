import { Hono } from 'hono';
import { ok, failWith } from '../http/envelope.ts';
import type { Env } from '../http/requests.ts';
import type { Sandbox } from '../sandbox.ts';
import { pageOf } from './paging.ts';

export function taskRoutes(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/tasks', (c) =>
    ok(
      c,
      pageOf(c, sandbox.state.tasks.values(), {
        equal: { userId: (task) => task.metadata.userId, sourceId: (task) => task.metadata.sourceId },
        date: (task) => task.startedAt,
      }),
    ),
  );

  app.get('/tasks/:id', (c) => {
    const task = sandbox.state.tasks.get(c.req.param('id'));
    return task ? ok(c, task) : failWith(c, 'MISSING_RESOURCE', 'There is no task with this id.');
  });

  return app;
}
