/** Renders the respondents' pages with one Astro component, and caches the pages of forms. */
import { languageOf, type Form } from '../form/schema.ts';
import type { Language } from '../form/wording/wording.ts';
import type { Catalog, Published } from './catalog.ts';
import { logoOf } from './logo.ts';
import { hasWidgetIn } from './frame.ts';
import type { SiteContext } from './page-data.ts';
import { makeUncached, makePage, pageHeaders, pictureHeaders, type Page } from './pages.ts';
import type { Allowances, Sources } from './policy.ts';
import type { View } from './views.ts';

export type Render = (request: Request, locals: App.Locals) => Promise<Response>;

export interface PageRenderer {
  /** The page of `/{slug}` or `/{slug}/{language}`, of the current or an earlier published `version`. */
  page(slug: string, language: string | undefined, version?: string): Promise<Page | undefined>;
  /** The same page if it is cached, without waiting. */
  cached(slug: string, language: string | undefined): Page | undefined;
  /** Renders a page for one person. */
  renderUncached(view: View, status: number): Promise<Page>;
  /** The page inside a widget's frame, as requested at `host`. */
  frame(host: string | undefined): Promise<Page>;
  /** A form's logo by its address, of the current or an earlier version. */
  logo(address: string): Promise<Page | undefined>;
  site: SiteContext;
}

/** A host with or without its port, such as `forms.acme.example`, `127.0.0.1:8000` or `[::1]:8000`. */
const HOST = /^([\w.-]{1,253}|\[[\da-f:.]{2,45}\])(:\d{1,5})?$/i;

type RenderedForm = Pick<Published, 'form' | 'version'>;

/** Bounds the cached pages. Few people open those of earlier versions. */
const MAX_CACHED = 2_000;

/**
 * @param render Astro's renderer, from the build
 * @returns a renderer that caches the pages of forms
 */
export function openPageRenderer({
  catalog,
  render,
  site,
  sources,
  origin,
}: {
  catalog: Catalog;
  render: Render;
  site: SiteContext;
  sources: Sources;
  /** The public origin of the site, if it is set. */
  origin?: string | undefined;
}): PageRenderer {
  const https = origin?.startsWith('https:') ?? false;
  const cache = new Map<string, { page?: Page; rendering: Promise<Page> }>();
  const logos = new Map<string, Page>();

  async function renderView(view: View): Promise<{ html: string; headers: Record<string, string> }> {
    // The logo first: a browser requests it as soon as it has the page.
    if (view.kind === 'form') await cacheLogo(view.form);
    const inline = { scripts: new Set<string>(), styles: new Set<string>() };
    const response = await render(new Request('http://internal/render/view'), { view, inline });
    if (!response.ok) throw new Error(`a page could not be rendered: ${response.status}`);
    const html = await response.text();
    return { html, headers: pageHeaders(inline, allowancesOf(view), https) };
  }

  function allowancesOf(view: View): Allowances {
    if (view.kind === 'frame') return { wink: sources, sandbox: true };
    if (view.kind !== 'form') return {};
    return { ...(hasWidgetIn(view.form, 'page') && { wink: sources }), frames: hasWidgetIn(view.form, 'frame') };
  }

  async function cacheLogo(form: Form): Promise<void> {
    const logo = logoOf(form);
    if (!logo || logos.has(logo.path)) return;
    logos.set(logo.path, await makePage(logo.bytes, pictureHeaders(logo.type)));
  }

  const cacheKey = ({ form, version }: RenderedForm, language: Language) => `${form.slug} ${version} ${language}`;

  function cachedOrRendered(shown: RenderedForm, language: Language): Promise<Page> {
    const { form, version } = shown;
    const key = cacheKey(shown, language);
    const cachedEntry = cache.get(key);
    if (cachedEntry) return cachedEntry.rendering;
    if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value ?? '');
    const rendering = renderView({ kind: 'form', form, version, language, site }).then(({ html, headers }) =>
      makePage(html, form.password ? { ...headers, 'cache-control': 'private, no-store' } : headers),
    );
    const entry: { page?: Page; rendering: Promise<Page> } = { rendering: rendering };
    rendering.then(
      (page) => (entry.page = page),
      () => cache.delete(key),
    );
    cache.set(key, entry);
    return rendering;
  }

  let framePage: Promise<Page> | undefined;

  return {
    site,
    async frame(host) {
      framePage ??= renderView({ kind: 'frame' }).then(({ html, headers }) => makePage(html, headers));
      const page = await framePage;
      const ownOrigin = origin ?? (host && HOST.test(host) && `http://${host}`);
      if (!ownOrigin) return page;
      // The frame has an opaque origin, for which WebKit matches nothing with `'self'`. `http:` also allows `https:`
      // (CSP 3, 6.7.2.9).
      const policy = page.headers['content-security-policy']?.replaceAll("'self'", `'self' ${ownOrigin}`) ?? '';
      return { ...page, headers: { ...page.headers, 'content-security-policy': policy } };
    },
    async logo(address) {
      const forms = logos.has(address) ? [] : catalog.list().map(({ form }) => form);
      // A page may be older than this process.
      for (const form of forms) if (logoOf(form)?.path === address) await cacheLogo(form);
      return logos.get(address);
    },
    async renderUncached(view, status) {
      const { html, headers } = await renderView(view);
      return makeUncached(html, headers, status);
    },
    async page(slug, preferred, version) {
      const current = catalog.current(slug);
      const earlier = current && version && (await catalog.version(slug, version));
      const target: RenderedForm | undefined = earlier
        ? { form: earlier, version }
        : current?.removed
          ? undefined
          : current;
      const language = target && languageOf(target.form, preferred);
      return language && cachedOrRendered(target, language);
    },
    cached(slug, preferred) {
      const current = catalog.current(slug);
      if (!current || current.removed) return undefined;
      const language = languageOf(current.form, preferred);
      return language && cache.get(cacheKey(current, language))?.page;
    },
  };
}
