/** The data of a poster with a QR code, for a form or one of its links. */
import { localize } from '../../form/runtime/text.ts';
import { languageOf } from '../../form/schema.ts';
import { wordings, type Language } from '../../form/wording/wording.ts';
import { logoOf } from '../../publish/rendering/logo.ts';
import { siteAddress, type DashboardContext } from '../context.ts';
import { addressWarning } from './public-address.ts';
import { firstSentences } from './share-texts.ts';

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
  hasPassword: boolean;
  /** The path of this page without its query, and of the link. */
  here: string;
  back: string;
};

export const PAPER_SIZES = ['A6', 'A5', 'A4'] as const;
type PaperSize = (typeof PAPER_SIZES)[number];

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
    hasPassword: form.password !== undefined,
    here: id === undefined ? `/admin/forms/${slug}/share/poster` : `/admin/forms/${slug}/links/${id}/poster`,
    back,
  };
}
