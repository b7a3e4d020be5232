import { Hono } from 'hono';
import { z } from 'zod';
import { ok, failWith } from '../http/envelope.ts';
import { newSandboxId } from '../store/ids.ts';
import { type Env, jsonBody } from '../http/requests.ts';
import type { InviteTemplate } from '../store/state.ts';
import type { Sandbox } from '../sandbox.ts';
import { pageOf } from './paging.ts';

const line = z.string().min(1).max(200);
const paragraphs = z.string().min(1).max(5000);
const pageSchema = z.object({ header: line, description: paragraphs, button: line });

/** `InviteTemplatePostRequest` of Smile's OpenAPI document. There is no SMS yet, so the mail is required. */
const templateSchema = z.object({
  name: z.string().min(1).max(64),
  company: z.object({ name: line, logoUrl: line }),
  email: z.object({
    sendEmail: z.literal(true),
    senderName: line,
    replyAddress: z.email().max(200),
    subject: line,
    body: paragraphs,
  }),
  landingPage: pageSchema,
  successPage: pageSchema,
});

export function inviteTemplateRoutes(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();
  const templates = sandbox.state.inviteTemplates;
  const missing = 'There is no invite template with this id.';

  app.get('/inviteTemplates', (c) => ok(c, pageOf(c, templates.values())));

  app.post('/inviteTemplates', async (c) => {
    const template: InviteTemplate = { id: newSandboxId('tpl'), ...(await jsonBody(c, templateSchema)) };
    templates.set(template.id, template);
    return ok(c, template, 201);
  });

  app.get('/inviteTemplates/:id', (c) => {
    const template = templates.get(c.req.param('id'));
    return template ? ok(c, template) : failWith(c, 'MISSING_RESOURCE', missing);
  });

  app.put('/inviteTemplates/:id', async (c) => {
    const id = c.req.param('id');
    const template: InviteTemplate = { id, ...(await jsonBody(c, templateSchema)) };
    if (!templates.has(id)) return failWith(c, 'MISSING_RESOURCE', missing);
    templates.set(id, template);
    return ok(c, template);
  });

  app.delete('/inviteTemplates/:id', (c) =>
    templates.delete(c.req.param('id')) ? ok(c) : failWith(c, 'MISSING_RESOURCE', missing),
  );

  return app;
}
