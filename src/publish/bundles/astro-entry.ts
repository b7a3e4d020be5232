/** The built server: a function that renders any of Astro's routes. */
import { createApp } from 'astro/app/entrypoint';

const app = createApp();

/** Renders `request` with `locals`. Cookies that the page sets are headers of the response. */
export const render = (request: Request, locals: App.Locals): Promise<Response> =>
  app.render(request, { locals, addCookieHeader: true });

/** Loads the code of every page now, so that the site keeps running when an update replaces the build. */
export async function loadPages(): Promise<void> {
  const { middleware, pageMap } = app.manifest;
  await Promise.all([middleware?.(), ...[...(pageMap?.values() ?? [])].map((load) => load())]);
}
