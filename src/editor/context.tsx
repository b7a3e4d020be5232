/** The model, the views and the form language, for every component of the editor. */
import { createContext, type ComponentChildren } from 'preact';
import { useContext, useMemo } from 'preact/hooks';
import { computed, type ReadonlySignal } from '@preact/signals';
import type { Path, Value } from '../form/edit/edit.ts';
import { namedParts, type Outline } from '../form/edit/outline.ts';
import { guide } from 'virtual:guide';
import type { Guide } from '../form/docs/guide.ts';
import { isSameValue, languagesOf, valueIn } from '../form/edit/value.ts';
import type { EditorModel } from './model/model.ts';
import type { OutlineEdit } from './outline/operations.ts';
import type { ConditionNames } from '../form/check/words.ts';
import type { FormComments } from './comments/open-comments.ts';
import { namesFor, questionsOf, type AnswerKinds, type Question } from './rules/questions.ts';
import type { Views } from './views.ts';

/** The form as it was when its text could be read last. */
interface GoodForm {
  outline: Outline;
  data: Value;
  /** Whether the text has an error now, so that this is older than the text. */
  isOld: boolean;
}

export interface EditorContextValue {
  model: EditorModel;
  views: Views;
  guide: Guide;
  kinds: AnswerKinds;
  form: ReadonlySignal<GoodForm>;
  languages: ReadonlySignal<ReturnType<typeof languagesOf>>;
  questions: ReadonlySignal<Question[]>;
  /** The names of questions and answers in rules. */
  names: ReadonlySignal<ConditionNames>;
  /** Comments of colleagues that no member has resolved. */
  comments: FormComments;
  /** The email of the member. */
  member: string;
  /** Makes the changes of an action, and opens its part, if it has one. @returns false if they were refused */
  run(edit: (Pick<OutlineEdit, 'changes'> & Partial<OutlineEdit>) | undefined): boolean;
  /** Opens the lines of a part in the text, with the caret there. */
  openText(path: Path): void;
}

const EMPTY: Outline = { settings: [], params: [], screens: [], endings: [], notifications: [], examples: [], hasSyntaxError: false }; // prettier-ignore

function createContextValue(
  model: EditorModel,
  views: Views,
  comments: FormComments,
  member: string,
): EditorContextValue {
  let last: GoodForm = { outline: EMPTY, data: {}, isOld: false };
  const form = computed((): GoodForm => {
    const [read, data] = [model.outline.value, model.data.value];
    const isGood = !read.hasSyntaxError && data !== undefined;
    // Before any complete text was read, a part of it is better than nothing.
    const outline = isGood ? read : { ...read, screens: namedParts(read.screens), endings: namedParts(read.endings) };
    const hasParts = outline.screens.length > 0 || outline.endings.length > 0;
    if (isGood || last.outline === EMPTY) last = { outline: hasParts || isGood ? outline : EMPTY, data: data ?? {}, isOld: !isGood }; // prettier-ignore
    return isGood ? last : { ...last, isOld: true };
  });
  const kinds = Object.fromEntries(guide.types.map(({ type, kind }) => [type, kind]));
  const questions = computed(() => questionsOf(form.value.data, kinds));
  return {
    model,
    views,
    guide,
    kinds,
    form,
    languages: steady(() => languagesOf(form.value.data)),
    questions,
    names: computed(() => namesFor(questions.value)),
    comments,
    member,
    run: (edit) => edit !== undefined && model.changeAll(edit.changes, edit.select),
    openText(path) {
      model.selection.value = path;
      views.openText({ path });
    },
  };
}

const EditorContext = createContext<EditorContextValue | undefined>(undefined);

/** Gives `useEditor` to its children. */
export function EditorRoot({
  model,
  views,
  comments,
  member,
  children,
}: {
  model: EditorModel;
  views: Views;
  comments: FormComments;
  member: string;
  children: ComponentChildren;
}) {
  const value = useMemo(() => createContextValue(model, views, comments, member), [model, views, comments, member]);
  return <EditorContext.Provider value={value}>{children}</EditorContext.Provider>;
}

/** A signal that follows others, and stays the same object while it has the same value. */
function steady<T>(read: () => T): ReadonlySignal<T> {
  let kept: T;
  return computed(() => {
    const now = read();
    return (kept = isSameValue(kept as Value, now as Value) ? kept : now);
  });
}

/**
 * The value that `read` finds in signals. Its component renders again only when that changes, and not with each form.
 * @param by changes with all that `read` takes from elsewhere
 */
export const useSteady = <T,>(read: () => T, by: unknown): T => useMemo(() => steady(read), [by]).value;

/** The value at `path`, as `useSteady`. */
export function useValue(path: Path): Value | undefined {
  const { form } = useEditor();
  return useSteady(() => valueIn(form.value.data, path), path.join('.'));
}

/** @throws {Error} outside of the editor */
export function useEditor(): EditorContextValue {
  const value = useContext(EditorContext);
  if (!value) throw new Error('This component works only in the editor.');
  return value;
}
