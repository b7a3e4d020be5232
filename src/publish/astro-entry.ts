/** What the built server exports: a function that renders any of Astro's routes. */
import { createApp } from 'astro/app/entrypoint';

const app = createApp();

/** Renders `request` with `locals`. Cookies that the page sets are headers of the response. */
export const render = (request: Request, locals: App.Locals): Promise<Response> =>
  app.render(request, { locals, addCookieHeader: true });
