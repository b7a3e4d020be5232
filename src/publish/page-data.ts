/** What a form's page carries for its script: the way, the sentences, and where to send answers. */
import { sentences, typeOf } from '../form/fields/fields.ts';
import type { Condition } from '../form/condition.ts';
import type { Problem } from '../form/fields/field-type.ts';
import type { Rule } from '../form/journey.ts';
import type { Form, Wink } from '../form/schema.ts';
import { wordings, type Language, type Wording } from '../form/wording/wording.ts';

export interface PageField {
  id: string;
  kind: string;
  show_when?: Condition | undefined;
  /** The sentence for each problem the browser can see by itself. */
  say: Partial<Record<Problem, string>>;
}

export interface PageScreen {
  id: string;
  fields: PageField[];
  next: Rule[];
  wink?: { require: Wink['require']; sdk: Wink['sdk'] };
}

export interface PageData {
  slug: string;
  version: string;
  language: Language;
  /** What stands before `/api`. */
  api: string;
  params: string[];
  screens: PageScreen[];
  endings: { id: string }[];
  words: Wording['page'];
  wink?: { module: string; scripts: Record<Wink['sdk'], string>; words: Wording['wink'] };
}

/** The addresses a page is rendered with. */
export interface Site {
  /** Where the API is: an origin such as https://forms.acme.example, or nothing when it is the page's own. */
  api: string;
  /** The path that the site stands under, such as /forms; nothing when it has the host to itself. */
  base: string;
  /** Addresses of the Wink widget's scripts, by version. */
  scripts: Record<Wink['sdk'], string>;
}

/** @param module address of the script that runs a Wink screen, loaded when the person is near one */
export function pageData(form: Form, version: string, language: Language, site: Site, module: string): PageData {
  const words = wordings[language];
  return {
    slug: form.slug,
    version,
    language,
    api: site.api + site.base,
    params: form.params,
    screens: form.screens.map((screen) => ({
      id: screen.id,
      next: screen.next,
      fields: screen.fields.map((field) => ({
        id: field.id,
        kind: typeOf(field).kind,
        show_when: field.show_when,
        say: sentences(field, language),
      })),
      ...(screen.wink && { wink: { require: screen.wink.require, sdk: screen.wink.sdk } }),
    })),
    endings: form.endings.map(({ id }) => ({ id })),
    words: words.page,
    ...(form.screens.some((screen) => screen.wink) && {
      wink: { module: site.base + module, scripts: site.scripts, words: words.wink },
    }),
  };
}
