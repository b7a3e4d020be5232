/** Another thread, which reads and changes texts. Each answer is undefined if the thread is gone. */
import type { EditChange, Path, Refusal, Splice } from '../../form/edit/edit.ts';
import type { TextReading } from '../../form/edit/reading.ts';

export interface TextThread {
  read(text: string): Promise<TextReading | undefined>;
  /** Makes one change as `edit` does. */
  edit(text: string, path: Path, change: EditChange): Promise<TypedEdit | undefined>;
}

/** The replacements of a change in the text, or its refusal. */
export type TypedEdit = { ok: true; splices: Splice[] } | { ok: false; refusal: Refusal };
