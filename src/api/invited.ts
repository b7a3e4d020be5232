/** The link of an invitation: its page, and what the page asks. The token comes in a header, never in an address. */
import { Hono } from 'hono';
import { companyOf } from '../form/invite.ts';
import { languageOf } from '../form/schema.ts';
import { beginInvited, openInvitation } from '../respond/invited.ts';
import { respond } from './errors.ts';
import type { Native } from './native.ts';
import { look, send } from './notices.ts';
import { passCookie } from './password.ts';
import { bearerOf } from './requests.ts';

export function invitedRoutes(native: Native): Hono {
  const { desk, press } = native;
  const app = new Hono();

  app.post('/api/invitations/:id/open', async (c) =>
    respond(c, await openInvitation(desk, c.req.param('id'), bearerOf(c))),
  );
  app.post('/api/invitations/:id/begin', async (c) => {
    const begun = await beginInvited(desk, c.req.param('id'), bearerOf(c));
    const form = begun.ok && desk.catalog.current(begun.body.form)?.form;
    // Whoever is invited by name has shown who they are: nobody gave them the form's password.
    if (form && form.password) c.header('set-cookie', passCookie(native, form));
    return respond(c, begun);
  });

  // The page knows nobody: whose it is stands in the fragment, which is not sent.
  app.get('/:slug/invite/:language?', async (c) => {
    const form = desk.catalog.current(c.req.param('slug'))?.form;
    const language = form && languageOf(form, c.req.param('language'));
    if (!form || !language) return c.notFound();
    const { base, api } = press.site;
    const company = companyOf(form, language);
    const view = { kind: 'invited' as const, ...look(form, language), form, company, base, api: api + base };
    return send(await press.shared(view, 200));
  });

  return app;
}
