/** Checks the password of a form. Works without JavaScript, and slows down guessing. */
import { Hono } from 'hono';
import { generateCookie } from 'hono/cookie';
import { isFormPassword, rememberRightPasswords } from '../../form/settings/password.ts';
import { languageOrFirst, type Form } from '../../form/schema.ts';
import { fillPipes } from '../../form/runtime/text.ts';
import { formatWait } from '../../form/wording/format-wait.ts';
import { wordings } from '../../form/wording/wording.ts';
import { createHashQueue, HashQueueFull } from '../../members/hash-queue.ts';
import { createThrottle, guesserAt } from '../../members/throttle.ts';
import { createBudget } from '../../site-limits/counting/budget.ts';
import { widestKey } from '../../site-limits/counting/client-keys.ts';
import { signAccess, ACCESS_SECONDS, accessCookieName } from '../../respond/access/form-access-cookie.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { passwordView } from './form-access.ts';
import type { EndpointOptions } from '../endpoints/endpoint.ts';
import { cookieOptions, limitRate, mayRender, usePosted, type Native } from './native.ts';
import { pageResponse } from './message-pages.ts';
import { MAX_BYTES, searchOf } from '../body.ts';

/** The bounds of the body that the password page posts. */
const BOUNDS = { maxBytes: MAX_BYTES.native, maxParts: SITE_LIMITS.formPostSpareParts.value };

/** The `Set-Cookie` header that lets its receiver see and send `form`. */
export const accessCookie = (
  { services, pageRenderer, secure }: Pick<EndpointOptions, 'services' | 'pageRenderer' | 'secure'>,
  form: Form,
): string =>
  generateCookie(
    `${secure ? (pageRenderer.site.base ? '__Secure-' : '__Host-') : ''}${accessCookieName(form.slug)}`,
    signAccess(services.keys, form, services.now()),
    { ...cookieOptions(secure), maxAge: ACCESS_SECONDS, path: `${pageRenderer.site.base}/` },
  );

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const BUSY_MS = 5_000;

/** The route that the password page posts to, and a redirect for a person who reloads its answer. */
export function passwordRoutes(native: Native): Hono {
  const { services, pageRenderer, sharedCounts } = native;
  const { formPasswordCharacters, formHashesAtOnce, formHashesWaiting } = SITE_LIMITS;
  const { firstFormPasswordsPerMinute, formPasswordsPerMinute, guessesBeforeWait } = SITE_LIMITS;
  const throttle = createThrottle(sharedCounts, 'form passwords');
  const firstOfClient = createBudget(guessesBeforeWait.value, HOUR_MS, sharedCounts, 'first form passwords');
  // Few clients that guess use up only the budget of further tries, so they keep out no one who has just come.
  const firstOfAll = createBudget(firstFormPasswordsPerMinute.value, MINUTE_MS, sharedCounts, 'first form passwords together'); // prettier-ignore
  const furtherOfAll = createBudget(formPasswordsPerMinute.value, MINUTE_MS, sharedCounts, 'form passwords together');
  const hashing = createHashQueue(formHashesAtOnce.value, formHashesWaiting.value);
  const known = rememberRightPasswords();
  const app = new Hono();

  app.post('/:slug/password/:language?', limitRate(native, 'start'), async (c) => {
    const form = services.catalog.current(c.req.param('slug'))?.form;
    const written = c.req.param('language');
    const language = form && languageOrFirst(form, written);
    if (!form || !language) return c.notFound();
    const search = searchOf(c);
    const back = `${pageRenderer.site.base}/${form.slug}${written ? `/${written}` : ''}${search}`;
    if (!form.password) return c.redirect(back, 303);
    // Only this site has the password page, never a CDN.
    const entries = await usePosted(c, { ...native, pageOrigins: [] }, BOUNDS, async (posted) => posted.entries);
    const words = wordings[language].server;
    const again = async (error: string, status: number) => {
      await mayRender(native, c)();
      const view = { ...passwordView(pageRenderer, form, language, written, search), error };
      return pageResponse(await pageRenderer.renderUncached(view, status));
    };

    const later = async (waitMs: number, status: 429 | 503) => {
      const seconds = Math.ceil(waitMs / 1_000);
      const response = await again(fillPipes(words.passwordWait, { wait: formatWait(language, seconds) }), status);
      response.headers.set('retry-after', String(seconds));
      return response;
    };

    const { slug, password } = form;
    const address = native.remoteAddress(c);
    const key = guesserAt(slug, address);
    const client = `${slug}:${widestKey(address)}`;
    const now = services.now();
    const wait = throttle.attempt(key, now);
    if (wait > 0) return later(wait, 429);
    const isFirst = firstOfClient.consume(client, now) === 0;
    const ofAll = isFirst ? firstOfAll : furtherOfAll;
    const doNotCount = () => {
      throttle.takeBack(key, now);
      if (isFirst) firstOfClient.refund(client);
    };
    const shared = ofAll.consume(slug, now);
    if (shared > 0) {
      // Other people used up the shared budget, so this try does not count as a guess.
      doNotCount();
      return later(shared, 429);
    }
    const typed = (entries.find(([name]) => name === 'password')?.[1] ?? '').slice(0, formPasswordCharacters.value);
    const check = async () => typed !== '' && isFormPassword(slug, password, typed);
    const isKnown = known.has(slug, password, typed);
    const right =
      isKnown ||
      (await hashing(check).catch((error: unknown) => {
        if (!(error instanceof HashQueueFull)) throw error;
        doNotCount();
        ofAll.refund(slug);
        return undefined;
      }));
    if (right === undefined) return later(BUSY_MS, 503);
    if (!right) return again(words.passwordWrong, 422);
    if (!isKnown) known.add(slug, password, typed);
    throttle.succeeded(key);
    if (isFirst) firstOfClient.refund(client);
    ofAll.refund(slug);
    c.header('set-cookie', accessCookie(native, form));
    return c.redirect(back, 303);
  });

  // A person who reloads the page with the error by its address gets the form.
  app.get('/:slug/password/:language?', (c) => {
    const slug = c.req.param('slug');
    const written = c.req.param('language');
    const form = services.catalog.current(slug)?.form;
    // A path may hold characters that no header may hold.
    if (!form || !languageOrFirst(form, written)) return c.notFound();
    const path = written ? `${slug}/${written}` : slug;
    return c.redirect(`${pageRenderer.site.base}/${path}${searchOf(c)}`, 303);
  });

  return app;
}
