/** The data of the pages on which a form is shared. */
import { linksCanFill, typeOf } from '../../form/fields/fields.ts';
import { localize, pipes } from '../../form/runtime/text.ts';
import { fieldsOf, languageOf, type Form } from '../../form/schema.ts';
import { wordings, type Language } from '../../form/wording/wording.ts';
import { momentInShort } from '../../form/settings/limits.ts';
import type { LinkProblem } from '../../links/make-links.ts';
import { campaignWord, placeLabel } from '../../links/places.ts';
import type { SiteLink } from '../../links/registry.ts';
import { cardOf, type Card } from '../../publish/rendering/card.ts';
import { logoOf } from '../../publish/rendering/logo.ts';
import { findDraft } from '../../record/forms/drafts.ts';
import { formState } from '../../record/forms/form-states.ts';
import { clickHosts, linkClicks, OTHER_HOSTS } from '../../record/links/clicks.ts';
import { numbersByLink, type Row } from '../../record/results/sums.ts';
import { fold } from '../../record/submissions/search.ts';
import { siteAddress, type DashboardContext } from '../context.ts';
import type { StateLabel } from '../display/account-words.ts';
import { findForm } from '../forms/forms.ts';
import { headOf, type FormHead } from '../forms/head.ts';
import { addressWarning } from './public-address.ts';
import { FILL, seriesColumns, type Fillable } from './posted-link.ts';
import { qrColor } from './qr-codes.ts';
import { firstSentences, shareTexts, type ShareText } from './share-texts.ts';

/** A link as a row of the table. */
export interface LinkRow {
  id: string;
  name: string;
  address: string;
  /** The path of its page in the dashboard. */
  page: string;
  place: string;
  madeIn: SiteLink['madeIn'];
  /** `detail`: since or until when, or for how many people. */
  state: StateLabel & { detail?: string };
  /** Persons who clicked, people who opened the form, and how far they came, as in Results. */
  clicks: number;
  opened: number;
  started: number;
  connected: number;
  completed: number;
}

/** One page of the links of a form. */
export interface LinkList {
  rows: LinkRow[];
  /** How many there are without the search. */
  total: number;
  /** The words to find in names, addresses and places, and how many links have them. */
  q: string;
  found: number;
  /** The link after which the page begins. */
  cursor: string | undefined;
  /** The query of the next page. */
  more: string | undefined;
}

/** The choices of the form that makes or changes a link, and its last input. */
export interface LinkForm {
  fillable: Fillable[];
  languages: { value: Language; label: string }[];
  /** Endings that a closed link can show. */
  endings: { value: string; label: string }[];
  entered: Record<string, string>;
  /** Sentences by input. */
  problems: Record<string, string>;
}

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
  website: WebsitesView | undefined;
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
      { mode: 'popup', label: 'A button that opens it', code: code('popup') },
      { mode: 'side', label: 'A button that opens it at the side', code: code('side') },
    ],
    policy: [`script-src ${origin}`, `frame-src ${origin}`],
  };
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

type Shown = {
  website?: { entered: string; problem: string };
  problems?: LinkProblem[];
  entered?: Record<string, string>;
  series?: SeriesPreview;
};

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
    website: form && (await websitesView(c, form, shown.website)),
  };
}

/** The cards that networks show. Of a form with a password, they see only the page that asks for it. */
function cardsOf(c: DashboardContext, form: Form): ShareView['cards'] {
  if (form.password) return [];
  const site = { address: siteAddress(c), canDraw: c.var.options.canDraw };
  return form.languages.flatMap((language) => {
    const card = cardOf(form, language, site);
    return card ? [{ ...card, language, name: wordings[language].name }] : [];
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
    isEditable: inDraft !== undefined,
    isReadable: !isOwn || inDraft !== undefined,
    entered: shown?.entered ?? '',
    problem: shown?.problem,
    done: (['added', 'removed'] as const).find((one) => one === c.req.query('website')),
  };
}

/** The links on a page. A form can have thousands, and a row takes as long as the numbers of a hundred. */
const LINKS_SHOWN = 50;

async function linkList(c: DashboardContext, slug: string): Promise<LinkList> {
  const all = c.var.options.links.list(slug);
  const q = (c.req.query('q') ?? '').trim().slice(0, 100);
  const words = fold(q).split(/\s+/);
  const found = all.filter((site) => {
    const text = fold([site.link.name, site.link.id, placeOf(site)].join(' '));
    return words.every((word) => text.includes(word));
  });
  const cursor = c.req.query('cursor');
  const from = found.findIndex(({ link }) => link.id === cursor) + 1;
  const shown = found.slice(from, from + LINKS_SHOWN);
  const last = shown.at(-1)?.link.id ?? '';
  const isMore = found.length > from + LINKS_SHOWN;
  return {
    rows: await linkRows(c, slug, shown),
    total: all.length,
    q,
    found: found.length,
    cursor: from > 0 ? cursor : undefined,
    more: isMore ? `?${new URLSearchParams({ ...(q && { q }), cursor: last })}` : undefined,
  };
}

async function linkRows(c: DashboardContext, slug: string, list: SiteLink[]): Promise<LinkRow[]> {
  const { db, results } = c.var.options;
  await results.countWaiting();
  const ids = list.map(({ link }) => link.id);
  const [clicks, numbers] = await Promise.all([linkClicks(db, { form: slug, links: ids }), numbersByLink(db, slug)]);
  return list.map((site) => rowOf(c, site, clicks.get(site.link.id)?.person ?? 0, numbers.get(site.link.id)));
}

function rowOf(c: DashboardContext, site: SiteLink, clicks: number, numbers: Row | undefined): LinkRow {
  const { id, name } = site.link;
  return {
    id,
    name: name ?? id,
    address: `${siteAddress(c)}/go/${id}`,
    page: `/admin/forms/${site.form}/links/${id}`,
    place: placeOf(site),
    madeIn: site.madeIn,
    state: stateLabel(c, site),
    clicks,
    opened: numbers?.opened ?? 0,
    started: numbers?.started ?? 0,
    connected: numbers?.connected ?? 0,
    completed: numbers?.completed ?? 0,
  };
}

const placeOf = ({ place, link }: SiteLink): string => placeLabel(place || (link.utm?.source ?? ''));

function stateLabel(c: DashboardContext, site: SiteLink): LinkRow['state'] {
  const { links, catalog } = c.var.options;
  const state = links.stateOf(site, c.var.now);
  const { closes, max } = site.link;
  if (state === 'closed') return { icon: 'dash', word: 'Closed' };
  if (state === 'full')
    return { icon: 'dash', word: 'Full', detail: `${max?.toLocaleString('en-GB')} people have sent it` };
  const timezone = catalog.current(site.form)?.form.limits?.timezone;
  const end = closes && momentInShort({ closes, timezone }, 'closes');
  if (state === 'expired') return { icon: 'dash', word: 'Closed', detail: `after ${end}` };
  return { icon: 'ok', word: 'Open', tone: 'ok', ...(end && { detail: `until ${end}` }) };
}

const MAX_USUAL_CHOICES = 4;

/** The values that a link to the form can fill in. */
function fillableOf(form: Form): Fillable[] {
  const [first] = form.languages;
  let choiceFields = 0;
  return [
    ...form.params.map((id) => ({ id, label: id, isUsual: true })),
    ...fieldsOf(form)
      .filter(linksCanFill)
      .map((field): Fillable => {
        const control = typeOf(field).control(field, first);
        const choices = control.kind === 'choices' || control.kind === 'select' ? control.choices : [];
        const options = choices.map(({ value, label }) => ({ value, label: localize(label, first) }));
        const isUsual = options.length > 0 && ++choiceFields <= MAX_USUAL_CHOICES;
        return { id: field.id, label: localize(field.label, first), isUsual, ...(options.length && { options }) };
      }),
  ];
}

/** A filled in value in the words of the form. */
function shownValue(fillable: Fillable[], id: string, value: string): { label: string; value: string } {
  const { label = id, options = [] } = fillable.find((one) => one.id === id) ?? {};
  return { label, value: options.find((option) => option.value === value)?.label ?? value };
}

function linkForm(form: Form, entered: Record<string, string> = {}, problems: LinkProblem[] = []): LinkForm {
  const [first] = form.languages;
  return {
    fillable: fillableOf(form),
    languages: form.languages.map((value) => ({ value, label: wordings[value].name })),
    endings: form.endings
      .filter(({ title, text = '', redirect = '' }) => [title, text, redirect].every((one) => !pipes(one).length))
      .map(({ id, title }) => ({ value: id, label: localize(title, first) })),
    entered,
    problems: Object.fromEntries(problems.map(({ field, message }) => [field.replace(/^params\./, FILL), message])),
  };
}

export type LinkPageView = FormHead & {
  link: LinkRow;
  /** The websites that the clicks came from, the most first. */
  hosts: { name: string; clicks: number }[];
  warning: string | undefined;
  color: string;
  /** The messages in each language of the form. */
  texts: { language: string; name: string; list: ShareText[] }[];
  /** Absent for a link in the text of the form. */
  edit: LinkForm | undefined;
  isClosed: boolean;
  /** The campaign, with its parameters in addresses and files, and the values that are stored or filled in. */
  values: { label: string; value: string; parameter?: string }[];
  done: string | undefined;
};

/** The page of one link. Undefined where the form has no such link. */
export async function linkPageView(
  c: DashboardContext,
  slug: string,
  id: string,
  shown: Shown = {},
): Promise<LinkPageView | undefined> {
  const { options, now } = c.var;
  const found = await findForm(options.db, slug, now, options.examples);
  const site = options.links.find(id);
  const form = found?.form;
  if (!found || !form || site?.form !== slug) return undefined;
  const [link] = await linkRows(c, slug, [site]);
  if (!link) return undefined;
  const { utm = {}, params = {} } = site.link;
  const fillable = fillableOf(form);
  return {
    ...headOf(c, found),
    link,
    hosts: (await clickHosts(options.db, slug, id)).map(({ host, clicks }) => ({ name: HOST_WORDS.get(host) ?? host, clicks })), // prettier-ignore
    warning: addressWarning(siteAddress(c)),
    color: qrColor(form.brand?.color),
    texts: form.languages.map((language) => ({ language, name: wordings[language].name, list: shareTexts(form, language, link.address) })), // prettier-ignore
    edit: site.madeIn === 'share' ? linkForm(form, { ...enteredOf(site), ...shown.entered }, shown.problems) : undefined, // prettier-ignore
    isClosed: site.closedAt !== null,
    values: [
      ...Object.entries(utm).map(([name, value]) => ({ label: campaignWord(`utm_${name}`) ?? name, value, parameter: `utm_${name}` })), // prettier-ignore
      ...Object.entries(params).map(([name, value]) => shownValue(fillable, name, value)),
    ],
    done: c.req.query('done'),
  };
}

const HOST_WORDS = new Map([
  ['', 'No website (QR codes, messages and most apps)'],
  [OTHER_HOSTS, 'Other websites'],
]);

const enteredOf = ({ link: { name, language, closes, max, ending, params = {} }, place }: SiteLink) => ({
  name: name ?? '',
  place,
  language: language ?? '',
  closes: closes ?? '',
  max: max === undefined ? '' : String(max),
  ending: ending ?? '',
  ...Object.fromEntries(Object.entries(params).map(([id, value]) => [FILL + id, value])),
});

/** @property size of the paper, such as `A6` */
export type PosterView = {
  size: PaperSize;
  title: string;
  description: string | undefined;
  brand: string;
  color: string | undefined;
  logo: string | undefined;
  language: Language;
  scan: string;
  address: string;
  warning: string | undefined;
  /** The path of this page without its query, and of the link. */
  here: string;
  back: string;
};

export const PAPER_SIZES = ['A6', 'A5', 'A4'] as const;
export type PaperSize = (typeof PAPER_SIZES)[number];

/** A longer description would leave little room for the QR code. */
const MAX_POSTER_CHARACTERS = 140;

/** @param id a link; without it, the poster has the address of the form itself */
export function posterView(c: DashboardContext, slug: string, id: string | undefined): PosterView | undefined {
  const { links, catalog } = c.var.options;
  const form = catalog.current(slug)?.form;
  const site = id === undefined ? undefined : links.find(id);
  if (!form || (id !== undefined && site?.form !== slug)) return undefined;
  const language = languageOf(form, site?.link.language) ?? form.languages[0];
  const logo = logoOf(form);
  const title = localize(form.title, language);
  const back = `/admin/forms/${slug}/${id === undefined ? 'share' : `links/${id}`}`;
  return {
    size: PAPER_SIZES.find((size) => size === c.req.query('size')) ?? 'A5',
    title,
    description: form.description && firstSentences(localize(form.description, language), MAX_POSTER_CHARACTERS, language), // prettier-ignore
    brand: form.brand?.name ?? title,
    color: form.brand?.color,
    logo: logo?.path,
    language,
    scan: wordings[language].server.posterScan,
    address: `${siteAddress(c)}/${id === undefined ? slug : `go/${id}`}`,
    warning: addressWarning(siteAddress(c)),
    here: id === undefined ? `/admin/forms/${slug}/share/poster` : `/admin/forms/${slug}/links/${id}/poster`,
    back,
  };
}
