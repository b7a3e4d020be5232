/** A value that a person changes in several steps. It is written only when it is complete. */
import { useState } from 'preact/hooks';
import type { Path, Value } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { useEditor } from '../context.tsx';
import type { Views } from '../views.ts';
import { idOf } from '../form-data.ts';

/**
 * Keeps the unfinished value while the page is open, also while the person is at another part.
 * @param path the part that has the value
 * @param name the value, among those of the part
 * @param text the value in the text. A change of it from elsewhere replaces the unfinished one
 * @param written the same, as the controls have it
 * @param write takes a complete value
 * @returns the value to show, the function that takes a changed one or forgets the unfinished one, and whether the value
 * differs from the text
 */
export function useUnfinished<T>(
  path: Path,
  name: string,
  text: Value | undefined,
  written: T,
  isComplete: (value: T) => boolean,
  write: (value: T) => void,
): [T, (next: T | undefined) => void, boolean] {
  const { form, views } = useEditor();
  // A part that moves keeps its id.
  const key = `${idOf(valueIn(form.value.data, path))} ${name}`;
  const from = JSON.stringify(text) as string | undefined;
  const [, draw] = useState({});
  const begun = views.unfinished.get(key);
  const change = (value: T | undefined): void => {
    const isDone = value === undefined || isComplete(value);
    if (isDone) views.unfinished.delete(key);
    else views.unfinished.set(key, { from, value });
    draw({});
    if (isDone && value !== undefined) write(value);
  };
  // A value that the text does not have has no JSON either, so `begun` is looked at first.
  const isBegun = begun !== undefined && begun.from === from;
  return [isBegun ? (begun.value as T) : written, change, isBegun];
}

/** Whether the form has an unfinished value, also in a part that is not open. */
export const hasUnfinished = ({ unfinished }: Views, data: Value): boolean => {
  const text = JSON.stringify(data);
  return [...unfinished].some(([key, { from }]) => text.includes(from ?? `"id":"${key.split(' ')[0]}"`));
};
