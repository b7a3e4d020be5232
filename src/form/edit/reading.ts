/** The reading of a text for the views of the editor: its outline, and the form as data. Reading a long text takes long. */
import { readPastErrors } from '../faults/syntax.ts';
import { sourceOf } from './nodes.ts';
import { outline, type Outline } from './outline.ts';
import type { Value } from './value.ts';

export interface TextReading {
  readonly outline: Outline;
  /** The data without the parts that errors make unreadable. Undefined if nothing can be read. */
  readonly data: Value | undefined;
}

/** Reads a text, each part once, at its first use. */
export function readingOf(text: string): TextReading {
  let [known, data]: [Outline | undefined, { value: Value | undefined } | undefined] = [undefined, undefined];
  return {
    get outline() {
      return (known ??= outline(text));
    },
    get data() {
      data ??= { value: readPastErrors(sourceOf(text.replace(/^\uFEFF/, ''))).source.data as Value | undefined };
      return data.value;
    },
  };
}

/** Reads all of a text at once. The result can be sent to another thread. */
export function readAll(text: string): TextReading {
  const { outline, data } = readingOf(text);
  return { outline, data };
}
