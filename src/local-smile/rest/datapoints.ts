import { Hono } from 'hono';
import { datapoint, datapointNames } from '../invented/datapoints.ts';
import { ok, failWith } from '../http/envelope.ts';
import { itemsOf } from '../store/items.ts';
import type { Env } from '../http/requests.ts';
import type { SandboxItem } from '../store/state.ts';
import type { Sandbox } from '../sandbox.ts';
import { pageOf } from './paging.ts';

/** Routes of a list and a single object for each datapoint, by user and by source. */
export function datapointRoutes(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();

  for (const name of datapointNames) {
    const { path, date, month } = datapoint(name);
    const member = (key: string | undefined) => key && ((item: SandboxItem) => String(item[key]));

    app.get(`/${path}`, (c) => {
      const source = c.req.query('sourceId');
      const items = source ? itemsOf(sandbox, source, name) : sandbox.state.items[name].values();
      return ok(
        c,
        pageOf(c, items, {
          equal: {
            userId: (item) => item.metadata.userId,
            sourceId: (item) => item.metadata.sourceId,
            accountId: (item) => item.metadata.sourceId,
          },
          date: member(date) || undefined,
          month: member(month) || undefined,
        }),
      );
    });

    app.get(`/${path}/:id`, (c) => {
      const item = sandbox.state.items[name].get(c.req.param('id'));
      return item ? ok(c, item) : failWith(c, 'MISSING_RESOURCE', `There is nothing with this id in ${path}.`);
    });
  }

  return app;
}
