/** The contents of a form's card, and the address of its picture. */
import { createHash } from 'node:crypto';
import { localize } from '../../form/runtime/text.ts';
import type { Form } from '../../form/schema.ts';
import type { Language } from '../../form/wording/wording.ts';
import { logoOf } from '../rendering/logo.ts';

/** Everything that a card shows. */
export interface CardContent {
  title: string;
  description: string | undefined;
  /** The name of the company. */
  name: string | undefined;
  /** As `#rrggbb`. */
  color: string | undefined;
  logo: { type: string; bytes: Uint8Array } | undefined;
  language: Language;
}

/** The size that social networks ask for, in pixels. */
export const CARD_WIDTH = 1200;
export const CARD_HEIGHT = 630;

/** All addresses of cards begin so. */
export const CARD_PATH = '/assets/card-';

/** Another one for each change of the drawing, because networks and browsers keep the picture of an address. */
const DESIGN = 1;

/** The texts of a form's card in a language. */
export function cardTexts({ title, description, share = {} }: Form, language: Language) {
  const sentence = share.description ?? description;
  return {
    title: localize(share.title ?? title, language),
    description: sentence && localize(sentence, language),
  };
}

const known = new WeakMap<Form, Map<Language, string>>();

/**
 * The address of the picture that Flipsite draws of a form. It changes with all that the picture shows.
 * @returns such as `/assets/card-3f1c….png`. Undefined where the form has a picture of its own, or a password, without
 *   which nothing of the form may be seen
 */
export function cardPath(form: Form, language: Language): string | undefined {
  if (form.share?.image || form.password) return undefined;
  const paths = known.get(form) ?? new Map<Language, string>();
  known.set(form, paths);
  const path = paths.get(language) ?? pathOf(form, language);
  paths.set(language, path);
  return path;
}

function pathOf(form: Form, language: Language): string {
  const { title, description, name, color } = cardContent(form, language);
  const shown = JSON.stringify([DESIGN, language, title, description, name, color, logoOf(form)?.path]);
  return `${CARD_PATH}${createHash('sha256').update(shown).digest('hex').slice(0, 20)}.png`;
}

export function cardContent(form: Form, language: Language): CardContent {
  const logo = logoOf(form);
  return {
    ...cardTexts(form, language),
    name: form.brand?.name,
    color: form.brand?.color,
    logo: logo && { type: logo.type, bytes: logo.bytes },
    language,
  };
}
