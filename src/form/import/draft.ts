/** A form during its import: plain data with unfinished texts and conditions. */
import type { Value, ValueMap } from '../edit/value.ts';
import type { Language } from '../wording/wording.ts';

/** A text of the source: by the source's own names of languages. `''` is the language that it does not name. */
export class Words {
  byLanguage: ReadonlyMap<string, string>;
  constructor(byLanguage: ReadonlyMap<string, string> | string) {
    this.byLanguage = typeof byLanguage === 'string' ? new Map([['', byLanguage]]) : byLanguage;
  }
  /** The text in the source's first language, for sentences. */
  get main(): string {
    return this.byLanguage.get('') ?? [...this.byLanguage.values()][0] ?? '';
  }
}

/** A text that the import writes itself, in each language of Flipsite. It adds no language to the form. */
export class OwnWords extends Words {}

/** Keys as in a form's file, with `Words` for texts. */
export type DraftValue = null | boolean | number | string | Words | DraftValue[] | { [key: string]: DraftValue };
export type DraftKeys = { [key: string]: DraftValue };

export interface DraftField {
  id: string;
  /** Its name in a sentence of the report. */
  name: string;
  /** Its keys, without `id` and `show_when`. */
  keys: DraftKeys;
  shownIf?: ValueMap | undefined;
}

export interface DraftJump {
  when?: ValueMap | undefined;
  to: DraftScreen | DraftEnding;
}

export interface DraftScreen {
  id: string;
  name: string;
  title: Words;
  text?: Words | undefined;
  fields: DraftField[];
  /** People skip the screen if this is not true. */
  shownIf?: ValueMap | undefined;
  jumps: DraftJump[];
}

export interface DraftEnding {
  id: string;
  name: string;
  title: Words;
  text?: Words | undefined;
  redirect?: string | undefined;
  /** The ending comes after the last screen if this is true. */
  shownIf?: ValueMap | undefined;
}

export interface DraftForm {
  title: Words;
  description?: Words | undefined;
  params: string[];
  review?: boolean | undefined;
  screens: DraftScreen[];
  /** The first one without a condition comes after the last screen. */
  endings: DraftEnding[];
  /** The language of texts that name none, as the source calls it. */
  language: string;
  /** The name that `pipe` found in a text → the id of the answer that is shown there; undefined where there is none. */
  pipe: { pattern: RegExp; idOf: (name: string) => string | undefined };
}

/** The part of a draft that a rule in the file came from. */
export type RuleOrigin = { jump: DraftJump; of: DraftScreen } | { shown: DraftScreen | DraftEnding };

export interface WrittenDraft {
  data: ValueMap;
  /** The origins of the rules of each screen, in the order of the file. */
  rules: RuleOrigin[][];
}

/**
 * The data of the form's file.
 * @param text a text in its last form
 */
export function writeDraft(draft: DraftForm, languages: Language[], text: (words: Words) => Value): WrittenDraft {
  const rules: RuleOrigin[][] = [];
  const fallback = draft.endings.find(({ shownIf }) => !shownIf) ?? draft.endings[0];
  // The first ending in the file follows the last screen.
  const endings = [...draft.endings].sort((one, other) => Number(other === fallback) - Number(one === fallback));
  const conditional = draft.endings.filter((ending) => ending.shownIf && ending !== fallback);

  const screens = draft.screens.map((screen, at): Value => {
    const written: [ValueMap, RuleOrigin][] = [];
    for (const jump of screen.jumps) {
      written.push([
        { ...(jump.when && { when: jump.when }), go: jump.to.id },
        { jump, of: screen },
      ]);
      if (!jump.when) break;
    }
    if (screen.jumps.every(({ when }) => when)) written.push(...onward(at));
    rules.push(written.map(([, origin]) => origin));
    return dense({
      id: screen.id,
      title: text(screen.title),
      text: screen.text && text(screen.text),
      fields: screen.fields.length ? screen.fields.map((field) => writeField(field)) : undefined,
      next: written.length ? written.map(([rule]) => rule) : undefined,
    });
  });

  /** The rules that skip screens: up to the first screen that is always shown. */
  function onward(at: number): [ValueMap, RuleOrigin][] {
    const following = [...draft.screens.slice(at + 1), ...conditional, ...(fallback ? [fallback] : [])];
    const always = following.findIndex(({ shownIf }) => !shownIf);
    const found = following.slice(0, always + 1);
    const last = found.at(-1);
    if (found.length < 2 || !last) return [];
    return found.map((target) => [
      { ...(target !== last && target.shownIf && { when: target.shownIf }), go: target.id },
      { shown: target },
    ]);
  }

  function writeField({ id, keys, shownIf }: DraftField): Value {
    const { type, ...others } = keys;
    const { options, ...before } = writeKeys(others);
    return dense({ id, type: type as string, ...before, show_when: shownIf, options });
  }

  function writeKeys(keys: DraftKeys): ValueMap {
    return Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, write(value)]));
  }

  function write(value: DraftValue): Value {
    if (value instanceof Words) return text(value);
    if (Array.isArray(value)) return value.map(write);
    return typeof value === 'object' && value !== null ? writeKeys(value) : value;
  }

  const data = dense({
    title: text(draft.title),
    description: draft.description && text(draft.description),
    languages: languages.length > 1 || languages[0] !== 'en' ? languages : undefined,
    params: draft.params.length ? draft.params : undefined,
    review: draft.review,
    screens,
    endings: endings.map((ending) =>
      dense({ id: ending.id, title: text(ending.title), text: ending.text && text(ending.text), redirect: ending.redirect }),
    ),
  }); // prettier-ignore
  return { data, rules };
}

/** `map` without empty keys. */
const dense = (map: { [key: string]: Value | undefined }): ValueMap =>
  Object.fromEntries(Object.entries(map).filter((entry): entry is [string, Value] => entry[1] !== undefined));

/**
 * Removes screens without any question or text. Rules to such a screen lead to the next one. Its own rules move to the
 * screen before.
 */
export function removeEmptyScreens(draft: DraftForm): void {
  const isEmpty = ({ fields, text }: DraftScreen) => fields.length === 0 && !text;
  const lastEnding = draft.endings.find(({ shownIf }) => !shownIf) ?? draft.endings[0];
  const jumpsTo = Map.groupBy(draft.screens.flatMap(({ jumps }) => jumps), ({ to }) => to); // prettier-ignore
  for (let at = draft.screens.length - 1; at >= 0; at--) {
    const screen = draft.screens[at];
    if (!screen || !isEmpty(screen) || draft.screens.length === 1) continue;
    const [before, after] = [draft.screens[at - 1], draft.screens[at + 1] ?? lastEnding];
    const leading = jumpsTo.get(screen);
    if (screen.jumps.length && (leading || !before || screen.shownIf)) continue;
    before?.jumps.push(...screen.jumps);
    if (leading && after) {
      for (const jump of leading) jump.to = after;
      jumpsTo.set(after, [...(jumpsTo.get(after) ?? []), ...leading]);
    }
    draft.screens.splice(at, 1);
  }
}
