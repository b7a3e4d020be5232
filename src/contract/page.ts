/** The data that a form's page carries for its script. Types only. */
import type { Condition } from '../form/runtime/condition.ts';
import type { Expression } from '../form/runtime/expression.ts';
import type { Rule } from '../form/runtime/journey.ts';
import type { Widget } from '../form/schema.ts';
import type { Language } from '../form/wording/wording.ts';

export interface PageField {
  id: string;
  kind: string;
  show_when?: Condition | undefined;
  /** Its answer is not kept on the person's device. */
  sensitive?: boolean | undefined;
  /** How a computed answer is worked out. */
  value?: Expression | undefined;
  /** The sentence for each problem the browser can see, by its name for it; `typeMismatch` stands in for those that are not there. */
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
  /** What stands before `/api`. */
  api: string;
  params: string[];
  screens: PageScreen[];
  endings: { id: string }[];
  words: Record<
    'step' | 'stepAbout' | 'checkOne' | 'checkSome' | 'checkAnswer' | 'error' | 'next' | 'send' | 'offline' | 'between',
    string
  >;
  /** Addresses of the scripts that load when they are near; only those that this form can need. */
  chunks: { submission: string; wink?: string; files?: string; review?: string; amounts?: string };
  /** Address of the script that solves a proof of work, where the form asks for one. */
  challenge?: string;
  /** Addresses of the Wink widget's scripts, by version. */
  scripts?: Record<Widget['sdk'], string>;
  /** Address of the page that a widget in a frame has to itself. */
  frame?: string;
}
