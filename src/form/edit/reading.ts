/** What the editor shows of a text: its outline, and the form as data. Reading a long text takes long. */
import { readOn } from '../faults/syntax.ts';
import { sourceOf } from './nodes.ts';
import { outline, type Outline } from './outline.ts';
import type { Value } from './value.ts';

export interface TextReading {
  readonly outline: Outline;
  /** Errors of the text are read past where they can be. Undefined where nothing can be read. */
  readonly data: Value | undefined;
}

/** Reads a text: each part when it is asked for, once. */
export function readingOf(text: string): TextReading {
  let [known, data]: [Outline | undefined, { value: Value | undefined } | undefined] = [undefined, undefined];
  return {
    get outline() {
      return (known ??= outline(text));
    },
    get data() {
      data ??= { value: readOn(sourceOf(text.replace(/^\uFEFF/, ''))).source.data as Value | undefined };
      return data.value;
    },
  };
}

/** Reads all of a text now, as values that another thread can get. */
export function readAll(text: string): TextReading {
  const { outline, data } = readingOf(text);
  return { outline, data };
}
