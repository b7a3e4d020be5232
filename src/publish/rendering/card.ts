/** The card of a form that social networks and messengers show for a link to it. */
import { localize } from '../../form/runtime/text.ts';
import type { Form } from '../../form/schema.ts';
import type { Language } from '../../form/wording/wording.ts';
import { cardPictureOf } from './logo.ts';
import type { SiteContext } from './page-data.ts';

export interface Card {
  title: string;
  description: string | undefined;
  /** The one address of the page in this language. */
  url: string;
  /** The address of the picture. Without one, networks show the texts only. */
  image: string | undefined;
  /** Whether search engines may list the form. */
  index: boolean;
}

/** The card of a form in a language. Undefined where the address of the site is not set, because networks need it. */
export function cardOf(form: Form, language: Language, { address }: Pick<SiteContext, 'address'>): Card | undefined {
  if (!address) return undefined;
  const { share = {} } = form;
  const description = share.description ?? form.description;
  const picture = cardPictureOf(form);
  return {
    title: localize(share.title ?? form.title, language),
    description: description && localize(description, language),
    url: `${address}/${form.slug}${language === form.languages[0] ? '' : `/${language}`}`,
    image: picture && address + picture.path,
    index: share.index === true && !form.password && !form.example,
  };
}
