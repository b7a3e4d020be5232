import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { ok, failWith } from '../http/envelope.ts';
import { eventTypes } from '../webhooks/events.ts';
import { timestamp } from '../store/ids.ts';
import { type Env, isLoopback, jsonBody } from '../http/requests.ts';
import type { Webhook } from '../store/state.ts';
import type { Sandbox } from '../sandbox.ts';
import { pageOf } from './paging.ts';

/** `WebhookPostRequest`. Smile accepts only `https://`; `http://` to this machine is our addition. */
const newWebhookSchema = z.object({
  name: z.string().min(1).max(200),
  url: z.string().min(1).max(500).refine(isReachable, 'Give an https:// address, or http:// on this machine.'),
  eventTypes: z.array(z.enum(eventTypes)),
  active: z.boolean(),
  secret: z.string().min(1).max(64),
  includePayload: z.boolean().default(false),
});

export function webhookRoutes(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();

  app.post('/webhooks', async (c) => {
    const webhook = newWebhook(await jsonBody(c, newWebhookSchema), sandbox.now());
    sandbox.state.webhooks.set(webhook.id, webhook);
    return ok(c, webhook);
  });

  app.get('/webhooks', (c) => ok(c, pageOf(c, sandbox.state.webhooks.values())));

  app.get('/webhooks/:id', (c) => {
    const webhook = sandbox.state.webhooks.get(c.req.param('id'));
    return webhook ? ok(c, webhook) : failWith(c, 'MISSING_RESOURCE', 'There is no webhook with this id.');
  });

  app.delete('/webhooks/:id', (c) =>
    sandbox.state.webhooks.delete(c.req.param('id'))
      ? ok(c)
      : failWith(c, 'MISSING_RESOURCE', 'There is no webhook with this id.'),
  );

  return app;
}

export function newWebhook(registration: Omit<Webhook, 'id' | 'createdAt' | 'updatedAt'>, at: Date): Webhook {
  const now = timestamp(at);
  return { id: randomUUID().replaceAll('-', ''), createdAt: now, updatedAt: now, ...registration };
}

function isReachable(url: string) {
  const parsed = URL.parse(url);
  return parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed.hostname));
}
