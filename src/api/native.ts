/** A form posted by the browser itself, without JavaScript, and the ending it is sent on to. */
import { Hono, type Context } from 'hono';
import type { Form } from '../form/schema.ts';
import { say } from '../form/text.ts';
import { wordings, type Language } from '../form/wording/wording.ts';
import type { Page } from '../publish/pages.ts';
import type { Press } from '../publish/press.ts';
import { findSubmission } from '../record/submissions.ts';
import type { Desk } from '../respond/desk.ts';
import { postForm } from '../respond/native.ts';
import { endedAs } from '../respond/submit.ts';
import { opens, tokenFor } from '../respond/token.ts';
import { Refused } from './errors.ts';
import { bytesOf, LIMITS } from './requests.ts';

/** Names the submission to the ending page. Its path keeps it from every other page, its age from the next person. */
const COOKIE = 'flipsite_ended';
const COOKIE_SECONDS = 3_600;

export interface Native {
  desk: Desk;
  press: Press;
  /** The origin that people have in their address bar. */
  originOf(c: Context): string;
  remoteAddress(c: Context): string;
  /** Whether cookies can be kept to HTTPS. */
  secure: boolean;
}

export function nativeRoutes(native: Native): Hono {
  const { desk, press } = native;
  const app = new Hono();

  app.post('/:slug/:language?', async (c) => {
    const current = desk.catalog.current(c.req.param('slug'));
    const language = current?.form.languages.find(
      (one) => one === (c.req.param('language') ?? current.form.languages[0]),
    );
    if (!current || !language) return c.notFound();
    const { form, version } = current;
    if (current.removed) return send(await press.once(notice(form, language, 'gone'), 410));
    const entries = await entriesOf(c, native);
    const from = `${native.remoteAddress(c)} ${c.req.header('user-agent') ?? ''}`;
    const outcome = await postForm(desk, form, version, language, entries, from);
    if (outcome.kind === 'errors') {
      const { values, errors } = outcome;
      return send(await press.once({ kind: 'form', form, version, language, site: press.site, values, errors }, 422));
    }
    const { id } = outcome.submission;
    const attributes = [
      `Path=${press.site.base}/${form.slug}`,
      `Max-Age=${COOKIE_SECONDS}`,
      'HttpOnly',
      'SameSite=Lax',
      ...(native.secure ? ['Secure'] : []),
    ];
    c.header('set-cookie', [`${COOKIE}=${id}.${tokenFor(desk.key, id)}`, ...attributes].join('; '));
    return c.redirect(`${press.site.base}/${form.slug}/ending`, 303);
  });

  app.get('/:slug/ending', async (c) => {
    const slug = c.req.param('slug');
    const [id = '', token = ''] = (
      new RegExp(`(?:^|; )${COOKIE}=([\\w.-]+)`).exec(c.req.header('cookie') ?? '')?.[1] ?? ''
    ).split('.');
    const submission = opens(desk.key, id, token) ? await findSubmission(desk.db, id) : undefined;
    const form = submission?.form === slug ? await desk.catalog.version(slug, submission.version) : undefined;
    if (!submission || !form)
      return desk.catalog.current(slug) ? c.redirect(`${press.site.base}/${slug}`, 303) : c.notFound();
    const language = submission.language as Language;
    const ended = endedAs(form, submission);
    if (ended) {
      // Browsers hold a redirect after a post to the page's own form-action, so the way on is a link.
      const { title, text, redirect } = ended.ending;
      const { page: words } = wordings[language];
      const link = redirect && { href: redirect, label: words.next, note: new URL(redirect).host };
      return send(
        await press.once(
          { kind: 'notice', ...look(form, language), title, text, reference: ended.reference, link: link || undefined },
          200,
        ),
        'no-store',
      );
    }
    const words = wordings[language].server;
    const link = {
      href: `${press.site.base}/${slug}/${language}#resume=${id}.${token}`,
      label: words.finishLink,
      note: words.finishKeep,
    };
    return send(
      await press.once(
        { kind: 'notice', ...look(form, language), title: words.finishTitle, text: words.finishText, link },
        200,
      ),
      'no-store',
    );
  });

  return app;
}

const look = (form: Form, language: Language) => ({
  language,
  brand: form.brand?.name ?? say(form.title, language),
  color: form.brand?.color,
});

/** A page that tells a respondent why there is no form here. */
export function notice(form: Form | undefined, language: Language, what: 'gone' | 'notFound' | 'refused') {
  const words = wordings[language].server;
  const around = form ? look(form, language) : { language, brand: 'Flipsite' };
  return { kind: 'notice' as const, ...around, title: words[what], text: words[`${what}Text`] };
}

export function send(page: Page, cache = 'no-store'): Response {
  return new Response(new Uint8Array(page.plain), {
    status: page.status,
    headers: { ...page.headers, 'cache-control': cache },
  });
}

async function entriesOf(c: Context, native: Native): Promise<[string, string][]> {
  const origin = c.req.header('origin');
  if (origin !== native.originOf(c)) {
    throw new Refused({
      code: 'forbidden_origin',
      message: 'A form can only be sent from its own page. Open the page and send it from there.',
    });
  }
  const type = c.req.header('content-type') ?? '';
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i.test(type)) {
    throw new Refused({
      code: 'unsupported_type',
      message: 'Send the form as a browser does: application/x-www-form-urlencoded or multipart/form-data.',
    });
  }
  const body = await bytesOf(c, LIMITS.native);
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    return [...form].map(([name, value]) => [name, typeof value === 'string' ? value : '']);
  } catch {
    throw new Refused({ code: 'invalid_request', message: 'The body is not a form.' });
  }
}
