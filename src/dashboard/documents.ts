/** The documents that somebody has given to Smile, as members see them. */
import { describeDocument, kindOf } from '../linked/document-words.ts';
import type { FactEntry } from '../linked/words.ts';
import type { Archive } from '../record/accounts/archives.ts';
import type { StateLabel } from './account-words.ts';

/** What has become of a document (Smile, Archives). What Smile has added since is shown as it is. */
const states = new Map<string, StateLabel>([
  ['STARTED', { icon: 'half', word: 'Being read' }],
  ['ANALYZED', { icon: 'ok', word: 'Read', tone: 'ok' }],
  ['UNSUPPORTED', { icon: 'file', word: 'Kept, not read' }],
  ['ERROR', { icon: 'bad', word: 'Could not be read', tone: 'bad' }],
  ['REVOKED', { icon: 'dash', word: 'Taken back' }],
]);

export const documentState = (status: string): StateLabel => states.get(status) ?? { icon: 'half', word: status };

/** Why a document could not be read (Smile, Archives; the third is misspelt there). */
const errors = new Map([
  ['MISSING_MANDATORY_FIELD', 'Something that has to stand in such a document was not found'],
  ['MISSING_MANDATARY_FIELD', 'Something that has to stand in such a document was not found'],
  ['INVALID_FIELD_FORMAT', 'Something in it is not written as it has to be'],
  ['SYSTEM_ERROR', 'Something failed at Smile. Smile’s support can say more'],
  ['FILE_UNABLE_TO_RECOGNIZE', 'Smile could not tell what it is'],
]);

export const documentError = (code: string): string => errors.get(code) ?? code;

export type DocumentView = {
  id: string;
  status: string;
  title: string;
  state: StateLabel;
  error: string | undefined;
  screenTitle: string;
  /** What was read in it; absent where the form does not ask for that. */
  entry: FactEntry | undefined;
  readAt: string | null;
  /** When what was read in it was removed. */
  removedAt: string | null;
};

export const documentViews = (archives: Archive[], screenTitle: (id: string) => string): DocumentView[] =>
  archives.map(({ archiveId, type, status, errorCode, screen, content, readAt, removedAt, fault }) => {
    const entry = content && describeDocument(content);
    return {
      id: archiveId,
      status,
      title: entry?.title ?? kindOf(type ?? undefined),
      state: documentState(status),
      error: fault ? `This cannot be opened. ${fault}` : errorCode ? documentError(errorCode) : undefined,
      screenTitle: screenTitle(screen),
      entry,
      readAt,
      removedAt,
    };
  });
