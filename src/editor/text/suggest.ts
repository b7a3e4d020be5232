/** Suggestions while a person types in the text, and the help of a key under the pointer. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import type { Outline } from '../../form/edit/outline.ts';
import type { Guide } from '../../form/docs/guide.ts';
import { conditionKeys, helpAt, guidesAt, pipeHints, valuesAt, type Hint } from './hints.ts';
import { keyPlaceAt, placeAt } from './place.ts';

/** A list opens after a pause of this length, which is longer than the time between two keys. In ms. */
const PAUSE_MS = 200;

/** @param outline the current outline of the form, called only if its ids are suggested */
export const suggestions = (guide: Guide, outline: () => Outline): Extension => [
  autocompletion({
    override: [(context) => suggest(context, guide, outline)],
    activateOnTypingDelay: PAUSE_MS,
    icons: false,
    maxRenderedOptions: 60,
  }),
  hoverTooltip((view, at) => {
    const place = keyPlaceAt(view.state, at);
    const help = place && helpAt(guide, place.path, place.type);
    return help
      ? { pos: place.from, end: place.to, create: () => ({ dom: helpBox(String(place.path.at(-1)), help) }) }
      : null;
  }),
];

function helpBox(key: string, help: string): HTMLElement {
  const box = document.createElement('div');
  box.className = 'key-help';
  const name = document.createElement('code');
  name.textContent = key;
  box.append(name, ` ${help.replaceAll('`', '')}.`);
  return box;
}

/** The suggestions at a caret. Null if there are none. */
export function suggest(
  { state, pos, explicit }: Pick<CompletionContext, 'state' | 'pos' | 'explicit'>,
  guide: Guide,
  outline: () => Outline,
): CompletionResult | null {
  const pipe = /\{(\w*)$/.exec(state.sliceDoc(Math.max(0, pos - 80), pos));
  const place = placeAt(state, pos);
  if (place?.key !== undefined) {
    const { map, key, from } = place;
    const values = valuesAt(guide, { map, key, type: place.has.get('type') }, outline);
    return values.length ? { from, options: values.map((hint) => toCompletion(hint, '')), validFor: /^\w*$/ } : null;
  }
  if (!place) return pipe ? { from: pos - (pipe[1]?.length ?? 0), options: pipeHints(outline()).map((hint) => toCompletion(hint, '')), validFor: /^\w*$/ } : null; // prettier-ignore
  const { map, from, has } = place;
  // On an empty line, a list that opens by itself would be in the way.
  if (!explicit && from === pos) return null;
  const isCondition = map.at(-1) === 'when' || map.at(-1) === 'show_when';
  const entries = typeof map.at(-1) === 'number' ? valuesAt(guide, { map: map.slice(0, -2), key: String(map.at(-2)), type: undefined }, outline) : []; // prettier-ignore
  if (entries.length) return { from, options: entries.map((hint) => toCompletion(hint, '')), validFor: /^\w*$/ };
  const keys = isCondition
    ? conditionKeys(outline())
    : guidesAt(guide, map, has.get('type'))?.map(({ key, help, isRequired }): Hint => ({ text: key, detail: isRequired ? 'required' : undefined, help })); // prettier-ignore
  const missing = keys?.filter(({ text }) => !has.has(text) || text === state.sliceDoc(from, pos));
  return missing?.length ? { from, options: missing.map((hint) => toCompletion(hint, ': ')), validFor: /^\w*$/ } : null;
}

const toCompletion = ({ text, detail, help }: Hint, after: string): Completion => ({
  label: text,
  apply: text + after,
  ...(detail && { detail }),
  ...(help && { info: `${help.replaceAll('`', '')}.` }),
});
