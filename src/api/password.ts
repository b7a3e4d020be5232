/** Entering the password of a form. Works without JavaScript; slows down guessing. */
import { Hono } from 'hono';
import { isFormPassword } from '../form/password.ts';
import { languageOf, type Form } from '../form/schema.ts';
import { wordings } from '../form/wording/wording.ts';
import { createThrottle } from '../members/throttle.ts';
import { newPass, PASS_SECONDS, passName } from '../respond/pass.ts';
import { cookieHeader } from './cookie.ts';
import { passwordView } from './gate.ts';
import { postedOf, type Native } from './native.ts';
import { send } from './notices.ts';
import { LIMITS, searchOf } from './requests.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

/** Of the body that the page of the password sends. */
const BOUNDS = { maxBytes: LIMITS.native, maxParts: SITE_LIMITS.formPostSpareParts.value };

/** The `Set-Cookie` header that lets its receiver see and send `form`. */
export const passCookie = ({ desk, press, secure }: Native, form: Form): string =>
  cookieHeader({
    name: passName(form.slug),
    value: newPass(desk.keys, form, desk.now()),
    seconds: PASS_SECONDS,
    path: `${press.site.base}/`,
    secure,
  });

/** Where the password of a form is posted to, and the way back for who reloads it. */
export function passwordRoutes(native: Native): Hono {
  const { desk, press } = native;
  const throttle = createThrottle();
  const app = new Hono();

  app.post('/:slug/password/:language?', async (c) => {
    const form = desk.catalog.current(c.req.param('slug'))?.form;
    const written = c.req.param('language');
    const language = form && languageOf(form, written);
    if (!form || !language) return c.notFound();
    const search = searchOf(c);
    const back = `${press.site.base}/${form.slug}${written ? `/${written}` : ''}${search}`;
    if (!form.password) return c.redirect(back, 303);
    // The page that asks for it stands here, and nowhere else.
    const { entries } = await postedOf(c, { ...native, pageOrigins: [] }, BOUNDS);
    const words = wordings[language].server;
    const again = async (error: string, status: number) =>
      send(await press.once({ ...passwordView(press, form, language, written, search), error }, status));

    const key = `${form.slug} ${native.remoteAddress(c)}`;
    const wait = throttle.attempt(key, desk.now());
    if (wait > 0) {
      const response = await again(words.passwordWait, 429);
      response.headers.set('retry-after', String(Math.ceil(wait / 1_000)));
      return response;
    }
    const given = entries.find(([name]) => name === 'password')?.[1] ?? '';
    if (!(await isFormPassword(form.slug, form.password, given.slice(0, 1_000))))
      return again(words.passwordWrong, 422);
    throttle.succeeded(key);
    c.header('set-cookie', passCookie(native, form));
    return c.redirect(back, 303);
  });

  // Whoever reloads the page that said "wrong" by its address finds the form again.
  app.get('/:slug/password/:language?', (c) => {
    const slug = c.req.param('slug');
    if (!desk.catalog.current(slug)) return c.notFound();
    const path = [slug, c.req.param('language')].filter(Boolean).join('/');
    return c.redirect(`${press.site.base}/${path}${searchOf(c)}`, 303);
  });

  return app;
}
