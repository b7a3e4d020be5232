/** `/go/{id}`: counts the visitor of a campaign link, and leads on to its form. It answers before the routes, from memory. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LINK_ID } from '../form/settings/links.ts';
import { localize, pipes } from '../form/runtime/text.ts';
import { fillableIds, valuesInAddress } from '../form/inspect/link-values.ts';
import { shownParams } from '../form/inspect/shown-params.ts';
import { languageOf, type Form } from '../form/schema.ts';
import { languageCodes, wordings, type Language } from '../form/wording/wording.ts';
import type { ClickCounter } from '../links/click-counter.ts';
import type { Links, SiteLink } from '../links/registry.ts';
import type { VisitorClass } from '../record/links/clicks.ts';
import { visitorClass, visitorDevice, refererHost, type Visit } from '../links/visitor-class.ts';
import { createIsNewToday } from '../links/visitors-of-day.ts';
import { HTTPS_ONLY, securityHeaders, type Page } from '../publish/rendering/pages.ts';
import type { MayRender } from '../publish/rendering/page-cache.ts';
import type { PageRenderer } from '../publish/rendering/page-renderer.ts';
import type { MessageView } from '../publish/rendering/views.ts';
import { isUtm } from '../respond/params.ts';
import type { Services } from '../respond/services.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import type { Rates } from './bounds/rates.ts';
import { browserLanguage } from './html/browser-language.ts';
import { brandingOf, messagePage } from './html/message-pages.ts';

export interface GoOptions {
  services: Pick<Services, 'catalog' | 'now'>;
  links: Links;
  clicks: ClickCounter;
  pageRenderer: Pick<PageRenderer, 'site' | 'shared'>;
  /** Whether people reach the site by https. */
  secure: boolean;
  /** The address of the client, behind the trusted proxies. */
  remoteAddress(request: IncomingMessage): string;
  /** Without it, every click counts as a person. */
  rates: Pick<Rates, 'clicks' | 'clickRows'> | undefined;
  /** Bounds the pages that are rendered for a client. */
  mayRender(request: IncomingMessage): MayRender;
}

/**
 * Answers a request whose address is that of a link, or returns the page to answer with. False for any other address.
 */
export type Go = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<Page>;

const PATH = '/go/';

/** The answer contains nothing of the address except an id, and parameters that the form knows. */
const ADDRESS = /^\/go\/([^/?#]*)\/?(?:\?(.*))?$/;

const CAPITAL = /[A-Z]/g;

interface Target {
  form: Form;
  location: string;
  /** The headers of the answer to an address without a query. */
  headers: string[];
}

/** Makes the handler of `/go/{id}`. It remembers the visitors of the day in memory. */
export function createGo(options: GoOptions): Go {
  const { services, links, clicks, pageRenderer, secure, remoteAddress, rates } = options;
  const isNewToday = createIsNewToday();
  const common = Object.entries({
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex',
    'content-length': '0',
    ...securityHeaders,
    ...(secure && HTTPS_ONLY),
  }).flat();
  const targets = new WeakMap<SiteLink, Target>();

  const headersFor = (location: string): string[] => ['location', location, ...common];

  /** The address of the form, with the values that the link fills in, and the headers that lead to it. */
  function targetOf(siteLink: SiteLink, form: Form): Target {
    const known = targets.get(siteLink);
    if (known?.form === form) return known;
    const { id, language } = siteLink.link;
    const path = `${pageRenderer.site.base}/${form.slug}${language && form.languages.includes(language) ? `/${language}` : ''}`;
    const location = `${path}?${new URLSearchParams([['link', id], ...valuesInAddress(form, siteLink.link)])}`;
    const target = { form, location, headers: headersFor(location) };
    targets.set(siteLink, target);
    return target;
  }

  function count(request: IncomingMessage, { link, form }: SiteLink, now: Date): void {
    const { method, headers } = request;
    // Node has made the object of all headers already, to look for a host.
    const visit: Visit = { method, header: (name) => headers[name] as string | undefined };
    const byHeaders = visitorClass(visit);
    const visitor = byHeaders === 'person' ? classOfPerson(request, `${form}/${link.id}`, now) : byHeaders;
    const isPerson = visitor === 'person';
    clicks.count({ form, link: link.id, class: visitor, device: isPerson ? visitorDevice(visit) : 'unknown', host: isPerson ? refererHost(visit, headers.host) : '' }, now, () => !rates || rates.clickRows.consume(remoteAddress(request), 1) === 0); // prettier-ignore
  }

  /** The class of a visitor with the headers of a person. */
  function classOfPerson(request: IncomingMessage, link: string, now: Date): VisitorClass {
    const address = remoteAddress(request);
    if (!isNewToday(link, address, request.headers['user-agent'] ?? '', now)) return 'repeat';
    return rates && rates.clicks.consume(address, 1) > 0 ? 'robot' : 'person';
  }

  /** The page in place of the form, in a language of the browser if there is one. @param wanted the browser's languages */
  function closedPage(
    siteLink: SiteLink | undefined,
    wanted: string | undefined,
  ): { view: MessageView; status: number } {
    const current = siteLink && services.catalog.current(siteLink.form);
    if (!siteLink || !current)
      return { view: messagePage(undefined, browserLanguage(wanted, languageCodes) ?? 'en', 'notFound'), status: 404 };
    const { form, removed } = current;
    const language = browserLanguage(wanted, form.languages) ?? languageOf(form, siteLink.link.language) ?? form.languages[0]; // prettier-ignore
    if (removed) return { view: messagePage(form, language, 'gone'), status: 410 };
    return {
      view: { kind: 'message', ...brandingOf(form, language), ...endOf(siteLink, form, language) },
      status: 410,
    };
  }

  /** The link at an address, and the query of the address. Undefined if the address is not that of a link. */
  function addressAt(url: string): { siteLink: SiteLink | undefined; query?: string | undefined } | undefined {
    // Most addresses are an id and nothing else.
    const plain = links.find(url.slice(PATH.length));
    if (plain) return { siteLink: plain };
    const [matched, written = '', query] = ADDRESS.exec(url) ?? [];
    if (matched === undefined) return undefined;
    // People who type an address from a poster begin with a capital letter.
    const id = written.replace(CAPITAL, (letter) => letter.toLowerCase());
    return { siteLink: LINK_ID.test(id) ? links.find(id) : undefined, query };
  }

  return (request, response) => {
    const { url = '', method } = request;
    if (!url.startsWith(PATH)) return false;
    const asked = addressAt(url);
    if (!asked) return false;
    if (method !== 'GET' && method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD', 'content-length': '0' }).end();
      return true;
    }
    const { siteLink, query } = asked;
    const current = siteLink && services.catalog.current(siteLink.form);
    const now = services.now();
    if (siteLink && current && !current.removed && links.stateOf(siteLink, now) === 'open') {
      const { location, headers } = targetOf(siteLink, current.form);
      const added = passedOn(siteLink, current.form, query);
      response.writeHead(302, added ? headersFor(location + added) : headers).end();
      count(request, siteLink, now);
      return true;
    }
    const { view, status } = closedPage(siteLink, request.headers['accept-language']);
    return pageRenderer
      .shared(view, status, options.mayRender(request))
      .then((page) => ({ ...page, headers: { ...page.headers, 'x-robots-tag': 'noindex' } }));
  };
}

/**
 * The address of a form's page that names a campaign link, with the params of the link that the screens show. A website that
 * embeds the form, and the next person at a stand, come with the id of the link alone.
 * @returns undefined where the address has them, as behind `/go/…`, or needs none
 */
export function withShownParams(
  { links, catalog }: Pick<Services, 'links' | 'catalog'>,
  slug: string,
  { pathname, search, searchParams }: URL,
): string | undefined {
  const form = catalog.current(slug)?.form;
  const found = links.find(searchParams.get('link') ?? '');
  if (!form || found?.form !== slug) return undefined;
  const shown = Object.entries(found.link.params ?? {}).filter(([name]) => shownParams(form).has(name));
  const missing = shown.filter(([name]) => !searchParams.has(name));
  return missing.length ? `${pathname}${search}&${new URLSearchParams(missing)}` : undefined;
}

/** Parameters of the link's own address, such as `?customer_id=42`, that the form knows. The link's own values stay. */
function passedOn({ link }: SiteLink, form: Form, query: string | undefined): string {
  if (!query || query.length > SITE_LIMITS.goQueryCharacters.value) return '';
  const mayPass = (name: string) => form.params.includes(name) || fillableIds(form).has(name) || isUtm(name);
  const own = Object.keys(link.params ?? {});
  const known = [...new URLSearchParams(query)].filter(([name]) => mayPass(name) && !own.includes(name));
  return known.length ? `&${new URLSearchParams(known)}` : '';
}

/** The link's own ending, or a sentence that it is closed. */
function endOf({ link }: SiteLink, form: Form, language: Language): Pick<MessageView, 'title' | 'text' | 'link'> {
  const words = wordings[language];
  const ending = form.endings.find(({ id }) => id === link.ending);
  // A later version of the form may name answers in it, and no one has given any here.
  if (!ending || [ending.title, ending.text ?? '', ending.redirect ?? ''].some((one) => pipes(one).length > 0))
    return { title: words.server.linkClosed, text: words.server.linkClosedText };
  const { title, text, redirect } = ending;
  return {
    title: localize(title, language),
    text: text && localize(text, language),
    // A button, and no redirect: an address of this site never leads to another one by itself.
    ...(redirect && { link: { href: redirect, label: words.page.next, note: new URL(redirect).host } }),
  };
}
