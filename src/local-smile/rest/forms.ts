import { Hono } from 'hono';
import { ok, failWith } from '../http/envelope.ts';
import type { Env } from '../http/requests.ts';
import type { Sandbox } from '../sandbox.ts';
import { pageOf } from './paging.ts';

export function formRoutes(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/alpha/forms', (c) =>
    ok(
      c,
      pageOf(c, sandbox.state.forms.values(), {
        equal: { userId: (form) => form.userId, winkSiteId: (form) => form.winkSiteId },
        date: (form) => form.createdAt,
      }),
    ),
  );

  app.get('/alpha/forms/:id', (c) => {
    const form = sandbox.state.forms.get(c.req.param('id'));
    return form ? ok(c, form) : failWith(c, 'MISSING_RESOURCE', 'There is no form with this id.');
  });

  return app;
}
