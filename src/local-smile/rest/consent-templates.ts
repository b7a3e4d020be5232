import { Hono } from 'hono';
import { z } from 'zod';
import { ok, failWith } from '../http/envelope.ts';
import { newSandboxId, timestamp } from '../store/ids.ts';
import { type Env, jsonBody } from '../http/requests.ts';
import type { ConsentTemplate } from '../store/state.ts';
import type { Sandbox } from '../sandbox.ts';
import { pageOf } from './paging.ts';

/** `ConsentTemplateCreateRequest` of Smile's OpenAPI document. */
const newTemplateSchema = z.object({
  consentType: z.string().min(1).max(200),
  title: z.string().min(1).max(200).optional(),
  version: z.string().min(1).max(64),
  consentMethod: z.string().max(200).optional(),
  consentText: z.string().min(1).max(65_535),
});

export function consentTemplateRoutes(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();
  const templates = sandbox.state.consentTemplates;

  app.post('/consentTemplates', async (c) => {
    const body = await jsonBody(c, newTemplateSchema);
    const template: ConsentTemplate = { id: newSandboxId('ct'), createdAt: timestamp(sandbox.now()), ...body };
    templates.set(template.id, template);
    return ok(c, template, 201);
  });

  app.get('/consentTemplates', (c) => ok(c, pageOf(c, templates.values())));

  app.delete('/consentTemplates/:id', (c) =>
    templates.delete(c.req.param('id'))
      ? ok(c)
      : failWith(c, 'MISSING_RESOURCE', 'There is no consent template with this id.'),
  );

  return app;
}
