/** The page that the link of an invitation opens. */
import { Hono } from 'hono';
import { companyOf } from '../../form/settings/invite.ts';
import { languageOrFirst } from '../../form/schema.ts';
import { mayRender, type Native } from './native.ts';
import { brandingOf, pageResponse } from './message-pages.ts';

export function invitedRoutes(native: Native): Hono {
  const { services, pageRenderer } = native;
  const app = new Hono();

  // One page for all invitations: the id and the token are in the fragment, which browsers do not send.
  app.get('/:slug/invite/:language?', async (c) => {
    const form = services.catalog.current(c.req.param('slug'))?.form;
    const language = form && languageOrFirst(form, c.req.param('language'));
    if (!form || !language) return c.notFound();
    const { base, api } = pageRenderer.site;
    const company = companyOf(form);
    const view = { kind: 'invited' as const, ...brandingOf(form, language), form, company, base, api: api + base };
    return pageResponse(await pageRenderer.shared(view, 200, mayRender(native, c)));
  });

  return app;
}
