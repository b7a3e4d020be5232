/** Renders the respondents' pages with one Astro component, and caches the pages of forms. */
import { LRUCache } from 'lru-cache';
import { languageOf, languageOrFirst, type Form } from '../../form/schema.ts';
import type { Language } from '../../form/wording/wording.ts';
import type { Catalog, Published } from '../catalog.ts';
import { cardContent, cardPath } from '../cards/card-content.ts';
import type { Cards } from '../cards/cards.ts';
import { cardPictureOf, logoOf, type Logo } from './logo.ts';
import { hasWidgetIn } from './frame.ts';
import { createPageCache, pageSizeOf, type MayRender } from './page-cache.ts';
import type { SiteContext } from './page-data.ts';
import {
  makeUncached,
  makePage,
  makePicture,
  makeRedirect,
  makeSmall,
  pageHeaders,
  pictureHeaders,
  type Page,
} from './pages.ts';
import type { Allowances, Sources } from './policy.ts';
import { asSite, currentClient } from '../../site-limits/counting/current-client.ts';
import { createShared, createTurnsByKey, type TurnsByKey } from '../../site-limits/counting/turns.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import type { InvitedView, MessageView, PasswordView, View } from './views.ts';

export type Render = (request: Request, locals: App.Locals) => Promise<Response>;

export interface PageRenderer {
  /** The page of `/{slug}` or `/{slug}/{language}`, of the current or an earlier published `version`. */
  page(slug: string, language: string | undefined, search?: string, mayRender?: MayRender): Promise<Page | undefined>;
  /** The same page if it is cached, without waiting. */
  cached(slug: string, language: string | undefined): Page | undefined;
  /** Renders a page for one person. */
  renderUncached(view: View, status: number): Promise<Page>;
  /** A page that is the same for everyone, such as that of a closed form. It is rendered once while it is cached. */
  shared(view: MessageView | PasswordView | InvitedView, status: number, mayRender?: MayRender): Promise<Page>;
  /** The page inside a widget's frame, as requested at `host`. */
  frame(host: string | undefined): Promise<Page>;
  /** A form's logo by its address, of the current or an earlier version. */
  logo(address: string): Promise<Page | undefined>;
  /** The drawn picture of a form's card by its address. If it can't be drawn, a redirect to the logo. */
  card(address: string, mayRender?: MayRender): Promise<Page | undefined>;
  /** Draws the cards of a form that are not drawn yet. */
  drawCards(form: Form): Promise<void>;
  site: SiteContext;
}

/** A host with or without its port, such as `forms.acme.example`, `127.0.0.1:8000` or `[::1]:8000`. */
const HOST = /^([\w.-]{1,253}|\[[\da-f:.]{2,45}\])(:\d{1,5})?$/i;

type RenderedForm = Pick<Published, 'form' | 'version'>;

/** The parts of the address of an earlier version, with the language if it is written there. */
type EarlierAddress = { slug: string; version: string; preferred: string | undefined };

/** A page of a form with long texts in two languages has about three times the bytes of its definition. */
const PAGE_PER_DEFINITION = 3;

/** The version that the query of an address names. Thousands of other parameters are not decoded, which takes milliseconds. */
export const versionIn = (search: string): string | undefined =>
  /[?&]version=/.test(search) ? (new URLSearchParams(search).get('version') ?? undefined) : undefined;

/** A page of a current form. `page` is missing while it is rendered. */
type CurrentPage = { version: string; rendering: Promise<Page>; page?: Page };

/**
 * @param render Astro's renderer, from the build
 * @returns a renderer that caches the pages of forms
 */
export function openPageRenderer({
  catalog,
  render,
  site: address,
  sources,
  cards,
  origin,
  pictureBytes = SITE_LIMITS.earlierPicturesBytes.value,
  earlierInTurn = createTurnsByKey(1),
}: {
  catalog: Pick<Catalog, 'current' | 'list' | 'version' | 'versionBytes' | 'generation'>;
  render: Render;
  site: SiteContext;
  sources: Sources;
  /** Without them, a form's card has its logo. */
  cards?: Cards | undefined;
  /** The public origin of the site, if it is set. */
  origin?: string | undefined;
  /** Memory for the pictures that no current form has. */
  pictureBytes?: number;
  /** Makes the pages of earlier versions one at a time. Clients have their turns one after another. */
  earlierInTurn?: TurnsByKey | undefined;
}): PageRenderer {
  const https = origin?.startsWith('https:') ?? false;
  const site: SiteContext = { ...address, ...(cards && { canDraw: (path) => cards.canDraw(path) }) };
  /** Pages of the current forms, by form and language. */
  const cache = new LRUCache<string, CurrentPage>({
    maxSize: SITE_LIMITS.currentPagesBytes.value,
    sizeCalculation: ({ page }, key) => (page ? pageSizeOf(page, key) : 1),
  });
  const waitingToBeSmall = new Set<string>();
  const earlierPages = createPageCache(SITE_LIMITS.earlierPagesBytes.value);
  const sharedPages = createPageCache(SITE_LIMITS.sharedPagesBytes.value);
  const logos = new Map<string, Page>();
  const shareDrawing = createShared<Page>();
  const shareEarlier = createShared<Page | undefined>();
  const shareCurrent = createShared<Page>();
  const currentInTurn = createTurnsByKey(1);

  async function renderView(view: View): Promise<{ html: string; headers: Record<string, string> }> {
    // The logo first: a browser requests it as soon as it has the page.
    if (view.kind === 'form') await cacheLogo(view.form);
    const inline = { scripts: new Set<string>(), styles: new Set<string>() };
    const preview = view.kind === 'form' ? view.site.preview : site.preview;
    const response = await render(new Request('http://internal/render/view'), { view, inline, preview });
    if (!response.ok) throw new Error(`Could not render a page: ${response.status}`);
    const html = await response.text();
    return { html, headers: pageHeaders(inline, allowancesOf(view), https) };
  }

  function allowancesOf(view: View): Allowances {
    if (view.kind === 'frame') return { wink: sources, sandbox: true };
    const ancestors = 'form' in view ? (catalog.current(view.form.slug)?.form ?? view.form).embed?.allow : view.embed;
    if (view.kind !== 'form') return { ancestors };
    const frames = hasWidgetIn(view.form, 'frame');
    return { ...(hasWidgetIn(view.form, 'page') && { wink: sources }), frames, ancestors, api: site.api };
  }

  /** The pictures of a form: its logo, and that of its card. */
  async function cacheLogo(form: Form): Promise<void> {
    for (const picture of [logoOf(form), cardPictureOf(form)]) {
      if (!picture) continue;
      const page = logos.get(picture.path) ?? (await makeOnce(picture));
      // Behind all others, as the latest one.
      logos.delete(picture.path);
      logos.set(picture.path, page);
    }
    forgetPictures();
  }

  /** Only drawings get smaller. Many requests come at once for a picture that is not made yet, such as after a start. */
  function makeOnce({ path, type, bytes }: Logo): Promise<Page> {
    if (type !== 'image/svg+xml') return Promise.resolve(makePicture(bytes, type));
    return shareDrawing(path, () => makeDrawing(path, bytes, type));
  }

  async function makeDrawing(path: string, bytes: Buffer, type: string): Promise<Page> {
    const made = await makePage(bytes, pictureHeaders(type));
    makeSmall(() => logos.get(path), (small) => logos.set(path, small)); // prettier-ignore
    return made;
  }

  /** Forgets pictures that no current form has, the one of the longest unrendered page first, while they take too much memory. */
  function forgetPictures(): void {
    const bytesOf = (pictures: [string, Page][]) =>
      pictures.reduce((sum, [path, picture]) => sum + pageSizeOf(picture, path), 0);
    if (bytesOf([...logos]) <= pictureBytes) return;
    const current = new Set(catalog.list().flatMap(({ form }) => [logoOf(form)?.path, cardPictureOf(form)?.path]));
    const earlier = [...logos].filter(([path]) => !current.has(path));
    for (let bytes = bytesOf(earlier); bytes > pictureBytes;) {
      const [path, picture] = earlier.shift() as [string, Page];
      logos.delete(path);
      bytes -= pageSizeOf(picture, path);
    }
  }

  const cacheKey = (form: Form, language: Language) => `${form.slug} ${language}`;

  async function renderForm({ form, version }: RenderedForm, language: Language): Promise<Page> {
    const { html, headers } = await asSite(() => renderView({ kind: 'form', form, version, language, site }));
    return makePage(html, isProtected(form) ? { ...headers, 'cache-control': 'private, no-store' } : headers);
  }

  /**
   * The page of an earlier version. A form can have thousands of them, so the form is read only in the turn of the page. Two
   * clients that ask for the same page each have their turn, since one may have asked for many others before.
   * @returns undefined if the version does not have the language
   */
  function earlierPage(name: string, { slug, version, preferred }: EarlierAddress, mayMake: () => Promise<void>): Promise<Page | undefined> {
    const inTurn = () =>
      earlierInTurn(currentClient(), async () => {
        const known = earlierPages.kept(name);
        if (known) return known;
        const form = await catalog.version(slug, version);
        const language = form && languageOf(form, preferred);
        return language && earlierPages.page(name, () => renderForm({ form, version }, language));
      });
    return shareEarlier(`${currentClient()} ${name}`, () => mayMake().then(inTurn));
  } // prettier-ignore

  /** The size of a page of an earlier version, in bytes: that of a current page in memory, or else it follows from the definition. */
  function pageBytes({ form }: Published, definitionBytes: number): number {
    const pages = form.languages.map((language) => cache.peek(cacheKey(form, language))?.page);
    return pages.find((page) => page !== undefined)?.plain.length ?? PAGE_PER_DEFINITION * definitionBytes;
  }

  /**
   * The page of a current version. After a start, one client may ask for all of them, so clients have their turns one after
   * another here too. A page is in the cache only from its turn on.
   */
  async function currentPage(shown: RenderedForm, language: Language): Promise<Page> {
    const { form, version } = shown;
    if (cache.get(cacheKey(form, language))?.version === version) return cachedOrRendered(shown, language);
    return shareCurrent(`${currentClient()} ${version} ${cacheKey(form, language)}`, () =>
      currentInTurn(currentClient(), () => cachedOrRendered(shown, language)),
    );
  }

  /** A page that many forms, or all people, have. With many forms, one client may ask for thousands that are not kept. */
  async function sharedPage(name: string, render: () => Promise<Page>, mayRender?: MayRender): Promise<Page> {
    const kept = sharedPages.kept(name);
    if (kept) return kept;
    return shareCurrent(`${currentClient()} ${name}`, async () => {
      await mayRender?.();
      return currentInTurn(currentClient(), () => sharedPages.page(name, render));
    });
  }

  /** An earlier version needs the password of the current one. */
  const isProtected = ({ slug, password }: Form) => Boolean(password ?? catalog.current(slug)?.form.password);

  function cachedOrRendered(shown: RenderedForm, language: Language): Promise<Page> {
    const { form, version } = shown;
    const key = cacheKey(form, language);
    const cached = cache.get(key);
    if (cached?.version === version) return cached.rendering;
    const rendering = renderForm(shown, language);
    const entry: CurrentPage = { version, rendering };
    const isKept = () => cache.peek(key) === entry;
    cache.set(key, entry);
    rendering.then(
      (page) => {
        if (!isKept()) return;
        keep(key, version, page);
        makeKeptSmall(key);
      },
      () => isKept() && cache.delete(key),
    );
    return rendering;
  }

  const keep = (key: string, version: string, page: Page) =>
    cache.set(key, { version, page, rendering: Promise.resolve(page) });

  /** A page that was pushed out and is rendered again may wait already. */
  function makeKeptSmall(key: string): void {
    if (waitingToBeSmall.has(key)) return;
    waitingToBeSmall.add(key);
    const kept = () => {
      waitingToBeSmall.delete(key);
      return cache.peek(key)?.page;
    };
    makeSmall(kept, (small) => keep(key, cache.peek(key)?.version ?? '', small));
  }

  async function renderUncached(view: View, status: number): Promise<Page> {
    const { html, headers } = await renderView(view);
    return makeUncached(html, headers, status);
  }

  /** The page of a widget's frame is also inside the websites that show its form. */
  function withAncestors(page: Page): Page {
    const sites = new Set(catalog.list().flatMap(({ form }) => form.embed?.allow ?? []));
    const policy = page.headers['content-security-policy']?.replace("frame-ancestors 'self'", ["frame-ancestors 'self'", ...sites].join(' ')); // prettier-ignore
    return sites.size && policy ? { ...page, headers: { ...page.headers, 'content-security-policy': policy } } : page;
  }

  async function drawCard(form: Form, language: Language): Promise<Page | undefined> {
    const path = cardPath(form, language);
    if (!cards || path === undefined || !cards.canDraw(path)) return undefined;
    const picture = await cards.draw(path, cardContent(form, language));
    // The pages name a picture that does not exist.
    if (!picture) cache.clear();
    return picture;
  }

  /** The current forms by the addresses of their cards. */
  let cardForms: { generation: object; forms: Map<string, [Form, Language]> } | undefined;

  function formOfCard(address: string): [Form, Language] | undefined {
    const { generation } = catalog;
    if (cardForms?.generation !== generation) {
      const shown = catalog.list().filter(({ removed, hidden }) => !removed && !hidden);
      const entries = shown.flatMap(({ form }) => form.languages.flatMap((language): [string, [Form, Language]][] => {
        const path = cardPath(form, language);
        return path === undefined ? [] : [[path, [form, language]]];
      })); // prettier-ignore
      cardForms = { generation, forms: new Map(entries) };
    }
    return cardForms.forms.get(address);
  }

  let framePage: Promise<Page> | undefined;
  const renderFrame = async (): Promise<Page> => {
    const { html, headers } = await asSite(() => renderView({ kind: 'frame' }));
    const page = await makePage(html, headers);
    makeSmall(() => page, (small) => (framePage = Promise.resolve(small))); // prettier-ignore
    return page;
  };

  return {
    site,
    async frame(host) {
      framePage ??= renderFrame().catch((error: unknown) => {
        framePage = undefined;
        throw error;
      });
      const page = withAncestors(await framePage);
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
      for (const form of forms)
        if ([logoOf(form), cardPictureOf(form)].some((picture) => picture?.path === address)) await cacheLogo(form);
      return logos.get(address);
    },
    async card(address, mayRender) {
      const kept = cards?.cached(address);
      const [form, language] = formOfCard(address) ?? [];
      if (kept || !form || !language) return kept;
      await mayRender?.();
      const logo = cardPictureOf(form);
      return (await drawCard(form, language)) ?? (logo && makeRedirect(site.base + logo.path));
    },
    async drawCards(form) {
      for (const language of form.languages) await drawCard(form, language);
    },
    renderUncached,
    async shared(view, status, mayRender) {
      const keyed = view.kind === 'invited' ? { ...view, form: catalog.current(view.form.slug)?.version } : view;
      return sharedPage(JSON.stringify([status, keyed]), () => renderUncached(view, status), mayRender);
    },
    async page(slug, preferred, search = '', mayRender) {
      const current = catalog.current(slug);
      if (!current || !languageOrFirst(current.form, preferred)) return undefined;
      const elsewhere = () => makeRedirect(`${site.base}/${slug}${search}`);
      const version = versionIn(search);
      if (version && (version !== current.version || current.removed)) {
        // The current version decides which websites may show the page.
        const name = `${slug} ${version} ${preferred} ${current.version}`;
        const kept = earlierPages.kept(name);
        if (kept) return kept;
        const bytes = await catalog.versionBytes(slug, version);
        const mayMake = async () => mayRender?.(pageBytes(current, bytes ?? 0));
        if (bytes !== undefined) return (await earlierPage(name, { slug, version, preferred }, mayMake)) ?? elsewhere();
      }
      if (current.removed) return undefined;
      const language = languageOf(current.form, preferred);
      return language ? currentPage(current, language) : elsewhere();
    },
    cached(slug, preferred) {
      const current = catalog.current(slug);
      if (!current || current.removed) return undefined;
      const language = languageOf(current.form, preferred);
      const cached = language && cache.get(cacheKey(current.form, language));
      return cached && cached.version === current.version ? cached.page : undefined;
    },
  };
}
