/** Another thread, which reads and changes texts. Each answer is undefined where the thread is gone. */
import type { EditChange, Path, Refusal, Splice } from '../../form/edit/edit.ts';
import type { TextReading } from '../../form/edit/reading.ts';

export interface TextThread {
  read(text: string): Promise<TextReading | undefined>;
  /** Makes one change as `edit` does. */
  edit(text: string, path: Path, change: EditChange): Promise<TypedEdit | undefined>;
}

/** What a change replaces in the text, or why it was not made. */
export type TypedEdit = { ok: true; splices: Splice[] } | { ok: false; refusal: Refusal };
