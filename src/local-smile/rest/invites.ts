import { Hono } from 'hono';
import { z } from 'zod';
import { ok, failWith } from '../http/envelope.ts';
import { invite, landingPath } from '../store/invites.ts';
import { baseFor, type Env, jsonBody } from '../http/requests.ts';
import type { SandboxInvite } from '../store/state.ts';
import { createUser } from '../store/users.ts';
import type { Sandbox } from '../sandbox.ts';
import { pageOf } from './paging.ts';

/** `InvitePostRequest` of Smile's OpenAPI document. */
const newInviteSchema = z.object({
  fullName: z.string().min(1).max(200),
  firstName: z.string().min(1).max(64).optional(),
  lastName: z.string().min(1).max(64).optional(),
  email: z.email().max(200),
  templateId: z.string().min(1).max(64),
  winkTemplateId: z.string().min(1).max(64).optional(),
});

export function inviteRoutes(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();
  const { invites, inviteLogs, inviteTemplates } = sandbox.state;
  const missing = 'There is no invite with this id.';

  app.post('/invites', async (c) => {
    const { templateId, ...body } = await jsonBody(c, newInviteSchema);
    const template = inviteTemplates.get(templateId);
    if (!template) return failWith(c, 'MISSING_RESOURCE', 'templateId: there is no invite template with this id.');
    const base = baseFor(c, sandbox);
    return ok(c, shown(invite(sandbox, { ...body, template, user: createUser(sandbox) }, base), base), 201);
  });

  app.get('/invites', (c) => {
    const { nextCursor, items } = pageOf(c, invites.values());
    return ok(c, { nextCursor, items: items.map((one) => shown(one, baseFor(c, sandbox))) });
  });

  app.get('/invites/:id', (c) => {
    const found = invites.get(c.req.param('id'));
    return found ? ok(c, shown(found, baseFor(c, sandbox))) : failWith(c, 'MISSING_RESOURCE', missing);
  });

  app.get('/invites/:inviteId/logs', (c) => {
    const id = c.req.param('inviteId');
    if (!invites.has(id)) return failWith(c, 'MISSING_RESOURCE', missing);
    const logs = [...inviteLogs.values()].filter(({ inviteId }) => inviteId === id);
    return ok(c, pageOf(c, logs));
  });

  return app;
}

/** `Invite` of Smile's OpenAPI document. */
function shown(invite: SandboxInvite, base: string) {
  const { template, code: _, token: __, ...rest } = invite;
  return { ...rest, templateId: template.id, inviteLandingPageUrl: base + landingPath(invite) };
}
