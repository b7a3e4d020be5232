/** The data of the links of a form: their list, the page of each, and the form that makes or changes one. */
import { linksCanFill, typeOf } from '../../form/fields/fields.ts';
import { formatCount } from '../../form/format-count.ts';
import { localize, pipes } from '../../form/runtime/text.ts';
import { fieldsOf, type Form } from '../../form/schema.ts';
import { DEFAULT_TIMEZONE, momentInShort } from '../../form/settings/limits.ts';
import { nameOfLanguage, type Language } from '../../form/wording/language-names.ts';
import type { LinkProblem } from '../../links/make-links.ts';
import { campaignWord, placeLabel } from '../../links/places.ts';
import type { SiteLink } from '../../links/registry.ts';
import { clickHosts, linkClicks, OTHER_HOSTS } from '../../record/links/clicks.ts';
import { plainText } from '../../record/results/results.ts';
import { numbersByLink, type Row } from '../../record/results/sums.ts';
import { fold } from '../../record/text-search.ts';
import { siteAddress, type DashboardContext } from '../context.ts';
import type { StateLabel } from '../display/account-words.ts';
import { findForm } from '../forms/forms.ts';
import { headOf, type FormHead } from '../forms/head.ts';
import { FILL, type Fillable } from './posted-link.ts';
import { addressWarning } from './public-address.ts';
import { qrColor } from './qr-codes.ts';
import { shareTexts, type ShareText } from './share-texts.ts';

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
  /** The time zone in which the last day ends. */
  timezone: string;
}

/** The posted values of a link that was not made or changed, and why. */
export type RefusedLink = { problems?: LinkProblem[]; entered?: Record<string, string> };

/** The links on a page. A form can have thousands, and a row takes as long as the numbers of a hundred. */
const LINKS_SHOWN = 50;

export async function linkList(c: DashboardContext, slug: string): Promise<LinkList> {
  const all = c.var.options.links.list(slug);
  const q = (c.req.query('q') ?? '').trim().slice(0, 100);
  // An address as the list or a copied link has it. Its last part is the id.
  const words = fold(q)
    .split(/\s+/)
    .map((word) => word.replace(/^.*\/go\//, ''));
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
  const completed = numbers?.completed ?? 0;
  return {
    id,
    name: name ?? id,
    address: `${siteAddress(c)}/go/${id}`,
    page: `/admin/forms/${site.form}/links/${id}`,
    place: placeOf(site),
    madeIn: site.madeIn,
    state: stateLabel(c, site, completed),
    clicks,
    opened: numbers?.opened ?? 0,
    started: numbers?.started ?? 0,
    connected: numbers?.connected ?? 0,
    completed,
  };
}

const placeOf = ({ place, link }: SiteLink): string => placeLabel(place || (link.utm?.source ?? ''));

function stateLabel(c: DashboardContext, site: SiteLink, completed: number): LinkRow['state'] {
  const { links, catalog } = c.var.options;
  const state = links.stateOf(site, c.var.now);
  const { closes, max } = site.link;
  if (state === 'closed') return { icon: 'dash', word: 'Closed' };
  if (state === 'full') {
    // People who have the form open can finish it too.
    const people = Math.max(completed, max ?? 0);
    return { icon: 'dash', word: 'Full', detail: `${formatCount(people, 'person has', 'people have')} sent it` };
  }
  const timezone = timezoneOf(catalog.current(site.form)?.form);
  const end = closes && momentInShort({ closes, timezone }, 'closes') + zoneNote(closes, timezone);
  if (state === 'expired') return { icon: 'dash', word: 'Closed', detail: `after ${end}` };
  return { icon: 'ok', word: 'Open', tone: 'ok', ...(end && { detail: `until ${end}` }) };
}

export const timezoneOf = (form: Form | undefined): string => form?.limits?.timezone ?? DEFAULT_TIMEZONE;

/** The time zone behind the end of a link. A time has its zone itself. */
export const zoneNote = (closes: string, timezone: string): string => (closes.includes('T') ? '' : ` (${timezone})`);

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
        return { id: field.id, label: plainText(field.label, first), isUsual, ...(options.length && { options }) };
      }),
  ];
}

/** A filled in value in the words of the form. */
function shownValue(fillable: Fillable[], id: string, value: string): { label: string; value: string } {
  const { label = id, options = [] } = fillable.find((one) => one.id === id) ?? {};
  return { label, value: options.find((option) => option.value === value)?.label ?? value };
}

export function linkForm(form: Form, entered: Record<string, string> = {}, problems: LinkProblem[] = []): LinkForm {
  const [first] = form.languages;
  return {
    fillable: fillableOf(form),
    languages: form.languages.map((value) => ({ value, label: nameOfLanguage(value) })),
    endings: form.endings
      .filter(({ title, text = '', redirect = '' }) => [title, text, redirect].every((one) => !pipes(one).length))
      .map(({ id, title }) => ({ value: id, label: localize(title, first) })),
    entered,
    timezone: timezoneOf(form),
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
  /** See `settingsOf`. */
  settings: string;
  isClosed: boolean;
  hasPassword: boolean;
  /** The campaign, with its parameters in addresses and files, and the values that are stored or filled in. */
  values: { label: string; value: string; parameter?: string }[];
  done: 'made' | 'changed' | 'closed' | 'opened' | undefined;
};

/** The page of one link. Undefined where the form has no such link. */
export async function linkPageView(
  c: DashboardContext,
  slug: string,
  id: string,
  shown: RefusedLink = {},
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
  const isClosed = site.closedAt !== null;
  return {
    ...headOf(c, found),
    link,
    hosts: (await clickHosts(options.db, slug, id)).map(({ host, clicks }) => ({ name: HOST_WORDS.get(host) ?? host, clicks })), // prettier-ignore
    warning: addressWarning(siteAddress(c)),
    color: qrColor(form.brand?.color),
    texts: form.languages.map((language) => ({ language, name: nameOfLanguage(language), list: shareTexts(form, language, link.address) })), // prettier-ignore
    edit: site.madeIn === 'share' ? linkForm(form, { ...enteredOf(site), ...shown.entered }, shown.problems) : undefined, // prettier-ignore
    settings: settingsOf(site),
    isClosed,
    hasPassword: form.password !== undefined,
    values: [
      ...Object.entries(utm).map(([name, value]) => ({ label: campaignWord(`utm_${name}`) ?? name, value, parameter: `utm_${name}` })), // prettier-ignore
      ...Object.entries(params).map(([name, value]) => shownValue(fillable, name, value)),
    ],
    done: (['made', 'changed', isClosed ? 'closed' : 'opened'] as const).find((one) => one === c.req.query('done')),
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

/** The settings of a link as text, to see whether another member has changed one since a page showed them. */
export const settingsOf = (site: SiteLink): string => JSON.stringify(enteredOf(site));
