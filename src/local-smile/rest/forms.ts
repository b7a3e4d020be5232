import { Hono } from 'hono';
import { ok, refuse } from '../envelope.ts';
import type { Env } from '../requests.ts';
import type { World } from '../world.ts';
import { page } from './paging.ts';

export function formRoutes(world: World): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/alpha/forms', (c) =>
    ok(
      c,
      page(c, world.state.forms.values(), {
        equal: { userId: (form) => form.userId, winkSiteId: (form) => form.winkSiteId },
        date: (form) => form.createdAt,
      }),
    ),
  );

  app.get('/alpha/forms/:id', (c) => {
    const form = world.state.forms.get(c.req.param('id'));
    return form ? ok(c, form) : refuse(c, 'MISSING_RESOURCE', 'There is no form with this id.');
  });

  return app;
}
