/** The card of a form that social networks and messengers show for a link to it. */
import type { Form } from '../../form/schema.ts';
import type { Language } from '../../form/wording/wording.ts';
import { CARD_HEIGHT, CARD_WIDTH, cardPath, cardTexts } from '../cards/card-content.ts';
import { cardPictureOf } from './logo.ts';
import type { SiteContext } from './page-data.ts';

export interface Card {
  title: string;
  description: string | undefined;
  /** The one address of the page in this language. */
  url: string;
  /** Without it, networks show the texts only. */
  picture: CardPicture | undefined;
  /** Whether search engines may list the form. */
  index: boolean;
}

export interface CardPicture {
  /** The path on the site, such as `/assets/card-3f1c….png`. */
  path: string;
  /** The address, as networks need it. */
  url: string;
  /** The words in the picture, for people who don't see it. */
  alt: string;
  /** In pixels. Absent for a picture that Flipsite did not draw. */
  size?: { width: number; height: number };
}

/** The card of a form in a language. Undefined where the address of the site is not set, because networks need it. */
export function cardOf(
  form: Form,
  language: Language,
  { address, canDraw }: Pick<SiteContext, 'address' | 'canDraw'>,
): Card | undefined {
  if (!address) return undefined;
  const { share = {}, brand } = form;
  const { title, description } = cardTexts(form, language);
  const drawn = cardPath(form, language);
  const isDrawn = drawn !== undefined && canDraw?.(drawn) === true;
  const path = isDrawn ? drawn : cardPictureOf(form)?.path;
  const alt = [title, ...(brand ? [brand.name] : [])].join(' – ');
  return {
    title,
    description,
    url: `${address}/${form.slug}${language === form.languages[0] ? '' : `/${language}`}`,
    picture: path === undefined ? undefined : { path, url: address + path, alt, ...(isDrawn && { size: { width: CARD_WIDTH, height: CARD_HEIGHT } }) }, // prettier-ignore
    index: share.index === true && !form.password && !form.example,
  };
}
