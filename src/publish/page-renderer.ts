/** Renders what respondents see, through the one Astro component, and keeps the pages of forms ready. */
import { LRUCache } from 'lru-cache';
import { languageOf, type Form } from '../form/schema.ts';
import type { Language } from '../form/wording/wording.ts';
import type { Catalog, Published } from './catalog.ts';
import { logoOf } from './logo.ts';
import { widgetsRun } from './frame.ts';
import type { SiteContext } from './page-data.ts';
import { makeUncached, makePage, pageHeaders, pictureHeaders, type Page } from './pages.ts';
import type { Allowances, Sources } from './policy.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import type { InvitedView, MessageView, PasswordView, View } from './views.ts';

export type Render = (request: Request, locals: App.Locals) => Promise<Response>;

export interface PageRenderer {
  /** The ready page of `/{slug}` or `/{slug}/{language}`, or of an earlier `version` if that was published; nothing where there is none. */
  page(slug: string, language: string | undefined, version?: string, mayRender?: MayRender): Promise<Page | undefined>;
  /** The same page as it is now, if it has been printed: at once, for what is asked for most. */
  cached(slug: string, language: string | undefined): Page | undefined;
  /** A page for one person, made now. */
  renderUncached(view: View, status: number): Promise<Page>;
  /** A page that is the same for everyone, such as that of a form that is closed: rendered once while it is kept. */
  shared(view: MessageView | PasswordView | InvitedView, status: number, mayRender?: MayRender): Promise<Page>;
  /** The page that a widget in a frame has to itself, as it was asked for at `host`. */
  frame(host: string | undefined): Promise<Page>;
  /** A form's logo by its address: as it is now, or as it was in a page that was asked for. */
  logo(address: string): Promise<Page | undefined>;
  site: SiteContext;
}

/** A host with or without its port, such as `forms.acme.example`, `127.0.0.1:8000` or `[::1]:8000`. */
const HOST = /^([\w.-]{1,253}|\[[\da-f:.]{2,45}\])(:\d{1,5})?$/i;

type Shown = Pick<Published, 'form' | 'version'>;

/** Asked before a page is rendered for a stranger and not only sent. May refuse it by throwing. */
export type MayRender = () => Promise<void>;

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
  /** Pages of the forms as they are now, by form and language. */
  const ready = new Map<string, { version: string; page?: Page; printing: Promise<Page> }>();
  const ofEarlier = createPageCache(SITE_LIMITS.earlierPagesBytes.value);
  const sharedPages = createPageCache(SITE_LIMITS.sharedPagesBytes.value);
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

  const nameOf = (form: Form, language: Language) => `${form.slug} ${language}`;

  const printForm = ({ form, version }: Shown, language: Language): Promise<Page> =>
    renderView({ kind: 'form', form, version, language, site }).then(({ html, headers }) =>
      makePage(html, form.password ? { ...headers, 'cache-control': 'private, no-store' } : headers),
    );

  function cachedOrRendered(shown: Shown, language: Language): Promise<Page> {
    const { form, version } = shown;
    const name = nameOf(form, language);
    const known = ready.get(name);
    if (known?.version === version) return known.printing;
    const printing = printForm(shown, language);
    const entry: { version: string; page?: Page; printing: Promise<Page> } = { version, printing };
    printing.then(
      (page) => (entry.page = page),
      () => ready.get(name) === entry && ready.delete(name),
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
    shared(view, status, mayRender) {
      const make = async () => {
        const { html, headers } = await renderView(view);
        return makeUncached(html, headers, status);
      };
      const named = view.kind === 'invited' ? { ...view, form: catalog.current(view.form.slug)?.version } : view;
      const name = JSON.stringify([status, named]);
      return sharedPages(name, make, mayRender);
    },
    async page(slug, wanted, version, mayRender) {
      const current = catalog.current(slug);
      const named = current && version && (await catalog.version(slug, version));
      const found: Shown | undefined = named ? { form: named, version } : current?.removed ? undefined : current;
      const language = found && languageOf(found.form, wanted);
      if (!language || (found.version === current?.version && !current.removed))
        return language && cachedOrRendered(found, language);
      const name = `${slug} ${found.version} ${language}`;
      return ofEarlier(name, () => printForm(found, language), mayRender);
    },
    cached(slug, wanted) {
      const current = catalog.current(slug);
      if (!current || current.removed) return undefined;
      const language = languageOf(current.form, wanted);
      const known = language && ready.get(nameOf(current.form, language));
      return known && known.version === current.version ? known.page : undefined;
    },
  };
}

/** Pages by name, the latest that fit into so many bytes. Each is made once while it is kept, or while it is being made. */
function createPageCache(maxBytes: number) {
  const pages = new LRUCache<string, Page>({ maxSize: maxBytes, sizeCalculation: sizeOf });
  const making = new Map<string, Promise<Page>>();
  return async (name: string, make: () => Promise<Page>, mayRender?: MayRender): Promise<Page> => {
    const known = pages.get(name) ?? making.get(name);
    if (known) return known;
    await mayRender?.();
    const page = making.get(name) ?? make().finally(() => making.delete(name));
    making.set(name, page);
    pages.set(name, await page);
    return page;
  };
}

/** About what a page takes, with its headers and the name that it is kept under. */
const sizeOf = ({ plain, br, gzip }: Page, name: string): number =>
  plain.length + (br?.length ?? 0) + (gzip?.length ?? 0) + 2 * name.length + 2_048;
