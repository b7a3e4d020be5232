/** Types that the modules of questions share. */
import type { Comparable } from '../conditions.ts';
import type { DraftKeys, Words } from '../draft.ts';
import type { ReportBuilder } from '../report.ts';

/** A field without an id yet. `asked` is its name and options for conditions. */
export interface ReadField {
  idFrom: string;
  name: string;
  keys: DraftKeys;
  asked: Omit<Comparable, 'id'>;
}

/** The report of an import, and the reader of its texts. */
export interface ImportContext {
  report: ReportBuilder;
  /** @returns the text by language, without HTML; undefined if it is empty */
  words(value: unknown): Words | undefined;
}

/** Makes a field of a type from the keys that all questions have, and more. */
export type MakeField = (
  type: string,
  kind: Comparable['kind'],
  more?: DraftKeys,
  options?: Map<string, string>,
) => ReadField;
