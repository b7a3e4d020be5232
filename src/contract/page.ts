/** The data in a form's page that its script reads. Types only. */
import type { Condition } from '../form/runtime/condition.ts';
import type { Expression } from '../form/runtime/expression.ts';
import type { Rule } from '../form/runtime/journey.ts';
import type { Widget } from '../form/schema.ts';
import type { Language } from '../form/wording/wording.ts';

export interface PageField {
  id: string;
  kind: string;
  show_when?: Condition | undefined;
  /** Whether the person's device must not keep its answer. */
  sensitive?: boolean | undefined;
  /** The formula of a computed answer. */
  value?: Expression | undefined;
  /** The sentence for each problem, by the browser's name for it. `typeMismatch` has the sentence for all others. */
  say: Record<string, string>;
}

export interface PageScreen {
  id: string;
  fields: PageField[];
  next: Rule[];
  wink?: PageWidget[];
}

/** `frame`: it runs in a sandboxed frame. */
export type PageWidget = Pick<Widget, 'require' | 'sdk' | 'frame'>;

export interface PageData {
  slug: string;
  version: string;
  language: Language;
  /** For `Intl`. */
  locale: string;
  /** The address before `/api`: an origin, a path, or nothing. */
  api: string;
  /** A regular expression of the names that the page takes from its address. */
  params: string;
  screens: PageScreen[];
  endings: { id: string }[];
  words: Record<
    | 'step'
    | 'stepAbout'
    | 'checkOne'
    | 'checkSome'
    | 'checkAnswer'
    | 'error'
    | 'next'
    | 'send'
    | 'notLoaded'
    | 'between',
    string
  >;
  /** The text between the parts of an answer. Only in a page that shows answers again. */
  comma?: string;
  /** Addresses of the scripts that load later. Only those that this form can need. */
  chunks: {
    submission: string;
    wink?: string;
    files?: string;
    review?: string;
    amounts?: string;
    solve?: string;
    preview?: string;
    embed?: string;
  };
  /** Addresses of the Wink widget's scripts, by version. */
  scripts?: Record<Widget['sdk'], string>;
  /** Address of the page that a sandboxed frame shows, which has only a widget. */
  frame?: string;
  /** On a static host: the path of the pages of each version, to which the version is added. */
  versions?: string;
}
