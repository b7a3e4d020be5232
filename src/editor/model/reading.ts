/** The reading of a text for the views: its outline, and the form as data. Reading a long text takes long. */
import type { Edit, EditChange, Path, Value } from '../../form/edit/edit.ts';
import { sourceOf } from '../../form/edit/nodes.ts';
import { outline, type Outline } from '../../form/edit/outline.ts';
import { readPastErrors } from '../../form/faults/syntax.ts';

export interface TextReading {
  readonly outline: Outline;
  /** The data without the parts that errors make unreadable. Undefined if nothing can be read. */
  readonly data: Value | undefined;
}

/** Another thread, which reads and changes texts. Each answer is undefined if the thread is gone. */
export interface Beside {
  read(text: string): Promise<TextReading | undefined>;
  edit: EditBeside;
}

/** Makes one change as `edit` does. */
export type EditBeside = (text: string, path: Path, change: EditChange) => Promise<Edit | undefined>;

/** Reads a text here, each part once, at its first use. */
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
