/** Renders what respondents see, through the one Astro component, and keeps the pages of forms ready. */
import { languageOf, type Form } from '../form/schema.ts';
import type { Language } from '../form/wording/wording.ts';
import type { Catalog, Published } from './catalog.ts';
import { logoOf } from './logo.ts';
import { widgetsRun } from './frame.ts';
import type { SiteContext } from './page-data.ts';
import { makeUncached, makePage, pageHeaders, pictureHeaders, type Page } from './pages.ts';
import type { Allowances, Sources } from './policy.ts';
import type { View } from './views.ts';

export type Render = (request: Request, locals: App.Locals) => Promise<Response>;

export interface PageRenderer {
  /** The ready page of `/{slug}` or `/{slug}/{language}`, or of an earlier `version` if that was published; nothing where there is none. */
  page(slug: string, language: string | undefined, version?: string): Promise<Page | undefined>;
  /** The same page as it is now, if it has been printed: at once, for what is asked for most. */
  cached(slug: string, language: string | undefined): Page | undefined;
  /** A page for one person, made now. */
  renderUncached(view: View, status: number): Promise<Page>;
  /** The page that a widget in a frame has to itself, as it was asked for at `host`. */
  frame(host: string | undefined): Promise<Page>;
  /** A form's logo by its address: as it is now, or as it was in a page that was asked for. */
  logo(address: string): Promise<Page | undefined>;
  site: SiteContext;
}

/** A host with or without its port, such as `forms.acme.example`, `127.0.0.1:8000` or `[::1]:8000`. */
const HOST = /^([\w.-]{1,253}|\[[\da-f:.]{2,45}\])(:\d{1,5})?$/i;

type Shown = Pick<Published, 'form' | 'version'>;

/** Pages of earlier versions that are kept ready; each is asked for by few. */
const MOST_KEPT = 2_000;

/** Prints through `render`, Astro's renderer as it was built. Pages of forms are printed once and kept. */
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
  /** Where people open the site, if that was set. */
  origin?: string | undefined;
}): PageRenderer {
  const https = origin?.startsWith('https:') ?? false;
  const ready = new Map<string, { page?: Page; printing: Promise<Page> }>();
  const logos = new Map<string, Page>();

  async function renderView(view: View): Promise<{ html: string; headers: Record<string, string> }> {
    // Before the page: whoever has it asks for its logo.
    if (view.kind === 'form') await keepLogo(view.form);
    const inline = { scripts: new Set<string>(), styles: new Set<string>() };
    const response = await render(new Request('http://internal/render/view'), { view, inline });
    if (!response.ok) throw new Error(`Could not render a page: ${response.status}`);
    const html = await response.text();
    return { html, headers: pageHeaders(inline, allowedIn(view), https) };
  }

  function allowedIn(view: View): Allowances {
    if (view.kind === 'frame') return { wink: sources, sandbox: true };
    if (view.kind !== 'form') return {};
    return { ...(widgetsRun(view.form, 'page') && { wink: sources }), frames: widgetsRun(view.form, 'frame') };
  }

  async function keepLogo(form: Form): Promise<void> {
    const logo = logoOf(form);
    if (!logo || logos.has(logo.path)) return;
    logos.set(logo.path, await makePage(logo.bytes, pictureHeaders(logo.type)));
  }

  const nameOf = ({ form, version }: Shown, language: Language) => `${form.slug} ${version} ${language}`;

  function cachedOrRendered(shown: Shown, language: Language): Promise<Page> {
    const { form, version } = shown;
    const name = nameOf(shown, language);
    const known = ready.get(name);
    if (known) return known.printing;
    if (ready.size >= MOST_KEPT) ready.delete(ready.keys().next().value ?? '');
    const printing = renderView({ kind: 'form', form, version, language, site }).then(({ html, headers }) =>
      makePage(html, form.password ? { ...headers, 'cache-control': 'private, no-store' } : headers),
    );
    const entry: { page?: Page; printing: Promise<Page> } = { printing };
    printing.then(
      (page) => (entry.page = page),
      () => ready.delete(name),
    );
    ready.set(name, entry);
    return printing;
  }

  let framed: Promise<Page> | undefined;

  return {
    site,
    async frame(host) {
      framed ??= renderView({ kind: 'frame' }).then(({ html, headers }) => makePage(html, headers));
      const page = await framed;
      const own = origin ?? (host && HOST.test(host) && `http://${host}`);
      if (!own) return page;
      // The frame has an origin of its own, and then `'self'` is nothing in WebKit; `http:` stands for `https:` too (CSP 3, 6.7.2.9).
      const policy = page.headers['content-security-policy']?.replaceAll("'self'", `'self' ${own}`) ?? '';
      return { ...page, headers: { ...page.headers, 'content-security-policy': policy } };
    },
    async logo(address) {
      const forms = logos.has(address) ? [] : catalog.list().map(({ form }) => form);
      // A page may have been kept on its way since before this process began.
      for (const form of forms) if (logoOf(form)?.path === address) await keepLogo(form);
      return logos.get(address);
    },
    async renderUncached(view, status) {
      const { html, headers } = await renderView(view);
      return makeUncached(html, headers, status);
    },
    async page(slug, wanted, version) {
      const current = catalog.current(slug);
      const named = current && version && (await catalog.version(slug, version));
      const found: Shown | undefined = named ? { form: named, version } : current?.removed ? undefined : current;
      const language = found && languageOf(found.form, wanted);
      return language && cachedOrRendered(found, language);
    },
    cached(slug, wanted) {
      const current = catalog.current(slug);
      if (!current || current.removed) return undefined;
      const language = languageOf(current.form, wanted);
      return language && ready.get(nameOf(current, language))?.page;
    },
  };
}
