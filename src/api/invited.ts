/** The link of an invitation: its page, and what the page asks. The token comes in a header, never in an address. */
import { Hono } from 'hono';
import { companyOf } from '../form/invite.ts';
import { languageOf } from '../form/schema.ts';
import { startInvited, openInvitation } from '../respond/invited.ts';
import { resultResponse } from './errors.ts';
import type { Native } from './native.ts';
import { brandingOf, pageResponse } from './message-pages.ts';
import { accessCookie } from './password.ts';
import { bearerOf } from './body.ts';

export function invitedRoutes(native: Native): Hono {
  const { services, pageRenderer } = native;
  const app = new Hono();

  app.post('/api/invitations/:id/open', async (c) =>
    resultResponse(c, await openInvitation(services, c.req.param('id'), bearerOf(c))),
  );
  app.post('/api/invitations/:id/begin', async (c) => {
    const begun = await startInvited(services, c.req.param('id'), bearerOf(c));
    const form = begun.ok && services.catalog.current(begun.body.form)?.form;
    // Whoever is invited by name has shown who they are: nobody gave them the form's password.
    if (form && form.password) c.header('set-cookie', accessCookie(native, form));
    return resultResponse(c, begun);
  });

  // The page knows nobody: whose it is stands in the fragment, which is not sent.
  app.get('/:slug/invite/:language?', async (c) => {
    const form = services.catalog.current(c.req.param('slug'))?.form;
    const language = form && languageOf(form, c.req.param('language'));
    if (!form || !language) return c.notFound();
    const { base, api } = pageRenderer.site;
    const company = companyOf(form, language);
    const view = { kind: 'invited' as const, ...brandingOf(form, language), form, company, base, api: api + base };
    return pageResponse(await pageRenderer.shared(view, 200));
  });

  return app;
}
