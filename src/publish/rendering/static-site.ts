/** The pages of forms as files, for a static host. The answers go to the API of a server at another address. */
import type { Form } from '../../form/schema.ts';
import { versionOf } from '../../form/version.ts';
import { wordings } from '../../form/wording/wording.ts';
import type { Catalog, Published } from '../catalog.ts';
import { CARD_PATH } from '../cards/card-content.ts';
import type { Cards } from '../cards/cards.ts';
import { cardOf } from './card.ts';
import { FRAME } from './frame.ts';
import { logoOf } from './logo.ts';
import { openPageRenderer, type Render } from './page-renderer.ts';
import type { Page } from './pages.ts';
import type { SiteContext } from './page-data.ts';
import type { Sources } from './policy.ts';

export interface StaticFile {
  /** Below the folder of the site, such as `driver/index.html`. */
  path: string;
  bytes: Buffer;
  /** The headers that the host should send with it. */
  headers: Record<string, string>;
}

export interface StaticSite {
  files: StaticFile[];
  /** The forms that only a server can show, each with the reason as a sentence. */
  leftOut: { slug: string; reason: string }[];
}

/** The folder of a version of a form begins so. */
export const VERSIONS = 'version-';

/**
 * Renders every form in each of its languages, and a page for unknown addresses.
 * @param forms valid forms
 * @param site `api` is the address of the server, which has the same forms. With `address`, networks show a card
 * @param sources further sources of the widget
 * @param cards draw the pictures of the cards
 * @throws {Error} when a page cannot be rendered
 */
export async function renderStaticSite(
  forms: readonly Form[],
  { render, site, sources, cards }: { render: Render; site: SiteContext; sources: Sources; cards: Cards },
): Promise<StaticSite> {
  const leftOut = forms.flatMap((form) => {
    const reason = reasonAgainst(form);
    return reason === undefined ? [] : [{ slug: form.slug, reason }];
  });
  const shown = forms.filter((form) => reasonAgainst(form) === undefined);
  const renderer = openPageRenderer({
    catalog: catalogOf(shown),
    render,
    site: { ...site, versions: VERSIONS },
    sources,
    cards,
  });
  const files: StaticFile[] = [];
  const add = (path: string, page: Page | undefined) => page && files.push(toFile(path, page));
  for (const form of shown) {
    // First, because a page names the picture only if it could be drawn.
    if (site.address) await renderer.drawCards(form);
    add(`${form.slug}/index.html`, await renderer.page(form.slug, undefined));
    for (const language of form.languages) {
      const page = await renderer.page(form.slug, language);
      add(`${form.slug}/${language}/index.html`, page);
      // Stays when a newer version is built, for people who have started.
      add(`${form.slug}/${VERSIONS}${versionOf(form)}/${language}/index.html`, page);
    }
    const logo = logoOf(form)?.path;
    if (logo) add(logo.slice(1), await renderer.logo(logo));
    for (const language of site.address ? form.languages : []) {
      const path = cardOf(form, language, renderer.site)?.picture?.path;
      const isDrawn = path?.startsWith(CARD_PATH);
      if (path && path !== logo) add(path.slice(1), await (isDrawn ? renderer.card(path) : renderer.logo(path)));
    }
  }
  add(FRAME.slice(1), await renderer.frame(undefined));
  const language = shown[0]?.languages[0] ?? 'en';
  const { notFound: title, notFoundText: text } = wordings[language].server;
  add('404.html', await renderer.renderUncached({ kind: 'message', language, brand: '', title, text }, 404));
  return { files, leftOut };
}

/** Why a static host cannot show the form. */
function reasonAgainst({ password, example }: Form): string | undefined {
  if (password) return 'It has a password, and only the server can ask for it.';
  if (example) return 'It is an example.';
  return undefined;
}

function catalogOf(
  forms: readonly Form[],
): Pick<Catalog, 'current' | 'list' | 'version' | 'versionBytes' | 'generation'> {
  const published = new Map(
    forms.map((form): [string, Published] => [
      form.slug,
      { form, version: versionOf(form), removed: false, hidden: false, managedIn: 'files' },
    ]),
  );
  return {
    generation: published,
    current: (slug) => published.get(slug),
    list: () => [...published.values()],
    version: () => Promise.resolve(undefined),
    versionBytes: () => Promise.resolve(undefined),
  };
}

/** A page without the headers of a host still has most of its policy, as an element. */
function toFile(path: string, { plain, headers }: Page): StaticFile {
  const policy = headers['content-security-policy'];
  if (!path.endsWith('.html') || !policy) return { path, bytes: plain, headers };
  // A browser ignores these two outside of a header, and warns of them.
  const element = policy.replace(/; (sandbox|frame-ancestors)[^;]*/g, '');
  const meta = `<meta http-equiv="content-security-policy" content="${element.replaceAll('"', '&quot;')}">`;
  return { path, bytes: Buffer.from(plain.toString().replace(/<meta charset="utf-8"[^>]*>/, `$&${meta}`)), headers };
}
