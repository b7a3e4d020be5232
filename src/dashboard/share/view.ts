/** The data of the page Share: the links, the cards of networks, and the websites that show a form. */
import { localize } from '../../form/runtime/text.ts';
import type { Form } from '../../form/schema.ts';
import { nameOfLanguage, type Language } from '../../form/wording/language-names.ts';
import { cardOf, type Card } from '../../publish/rendering/card.ts';
import { findDraft } from '../../record/forms/drafts.ts';
import { formState } from '../../record/forms/form-states.ts';
import { siteAddress, type DashboardContext } from '../context.ts';
import { findForm } from '../forms/forms.ts';
import { headOf, type FormHead } from '../forms/head.ts';
import { linkForm, linkList, type LinkForm, type LinkList, type RefusedLink } from './links-view.ts';
import { seriesColumns } from './posted-link.ts';
import { addressWarning } from './public-address.ts';
import { qrColor } from './qr-codes.ts';

/** A file of links before they are made. */
export interface SeriesPreview {
  csv: string;
  place: string;
  problem?: string;
  rows: { id: string; name: string; values: string; problems: string[] }[];
}

export type ShareView = FormHead & {
  warning: string | undefined;
  links: LinkList;
  make: LinkForm | undefined;
  /** The columns that a file of links can have. */
  columns: string[];
  series: SeriesPreview | undefined;
  color: string;
  done: { made: number } | undefined;
  /** Absent for a form with a password, which no other website can show. */
  website: WebsitesView | undefined;
  hasPassword: boolean;
  /** The card that networks show, in each language. Empty for a form with a password. */
  cards: (Card & { language: Language; name: string })[];
};

/** The code that another website needs to show the form. */
export interface EmbedView {
  slug: string;
  title: string;
  /** The address of the site, with its path. */
  site: string;
  /** The code for each way to show the form. */
  snippets: { mode: 'inline' | 'popup' | 'side'; label: string; code: string }[];
  /** Lines for the Content-Security-Policy of the website. */
  policy: string[];
}

/** The websites that may show the form. */
export interface WebsitesView extends EmbedView {
  /** Those of the published version, and those of the draft. */
  live: string[];
  draft: string[];
  /** Whether these differ. */
  isChanged: boolean;
  /** Whether the dashboard has the text, so that a member can change them here. */
  isEditable: boolean;
  /** Whether the draft is YAML that Flipsite can read. */
  isReadable: boolean;
  entered: string;
  problem: string | undefined;
  /** The change that was just made. */
  done: 'added' | 'removed' | undefined;
}

/** The code and the policy for websites that show `form`. */
export function embedView(c: DashboardContext, form: Form): EmbedView {
  const site = siteAddress(c);
  const { slug } = form;
  const title = localize(form.title, form.languages[0]);
  const script = `<script src="${site}/embed.js" async></script>`;
  const link = `<a href="${site}/${slug}">${escaped(title)}</a>`;
  const code = (mode: string) => `<div data-flipsite="${slug}"${mode === 'inline' ? '' : ` data-mode="${mode}"`} data-title="${escaped(title)}">\n  ${link}\n</div>\n${script}`; // prettier-ignore
  const { origin } = new URL(site);
  return {
    slug,
    title,
    site,
    snippets: [
      { mode: 'inline', label: 'In the page', code: code('inline') },
      { mode: 'popup', label: 'A link that opens it', code: code('popup') },
      { mode: 'side', label: 'A link that opens it at the side', code: code('side') },
    ],
    policy: [`script-src ${origin}`, `frame-src ${origin}`],
  };
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

type Shown = RefusedLink & { website?: { entered: string; problem: string }; series?: SeriesPreview };

/** The page Share. Undefined where there is no such form. @param shown problems with the values that were posted */
export async function shareView(c: DashboardContext, slug: string, shown: Shown = {}): Promise<ShareView | undefined> {
  const { options, now } = c.var;
  const found = await findForm(options.db, slug, now, options.examples);
  if (!found) return undefined;
  const { form } = found;
  const made = Number(c.req.query('made') ?? 0);
  return {
    ...headOf(c, found),
    warning: addressWarning(siteAddress(c)),
    links: await linkList(c, slug),
    make: form && linkForm(form, shown.entered, shown.problems),
    columns: form ? seriesColumns(form) : [],
    series: shown.series,
    color: qrColor(form?.brand?.color),
    done: made > 0 ? { made } : undefined,
    cards: form ? cardsOf(c, form) : [],
    website: form && !form.password ? await websitesView(c, form, shown.website) : undefined,
    hasPassword: Boolean(form?.password),
  };
}

/** The cards that networks show. Of a form with a password, they see only the page that asks for it. */
function cardsOf(c: DashboardContext, form: Form): ShareView['cards'] {
  if (form.password) return [];
  const site = { address: siteAddress(c), canDraw: c.var.options.canDraw };
  return form.languages.flatMap((language) => {
    const card = cardOf(form, language, site);
    return card ? [{ ...card, language, name: nameOfLanguage(language) }] : [];
  });
}

async function websitesView(c: DashboardContext, form: Form, shown: Shown['website']): Promise<WebsitesView> {
  const [draft, state] = await Promise.all([findDraft(c.var.options.db, form.slug), formState(c.var.options.db, form.slug)]); // prettier-ignore
  const live = form.embed?.allow ?? [];
  const isOwn = state?.managedIn === 'dashboard' && draft !== undefined;
  const inDraft = isOwn ? await c.var.options.publisher.websitesIn(draft.text) : undefined;
  return {
    ...embedView(c, form),
    live,
    draft: inDraft ?? live,
    isChanged: JSON.stringify(live) !== JSON.stringify(inDraft ?? live),
    isEditable: inDraft !== undefined,
    isReadable: !isOwn || inDraft !== undefined,
    entered: shown?.entered ?? '',
    problem: shown?.problem,
    done: (['added', 'removed'] as const).find((one) => one === c.req.query('website')),
  };
}
