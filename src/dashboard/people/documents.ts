/** The documents that a person has uploaded at Smile, as members see them. */
import { describeDocument, kindOf } from '../../linked/document-words.ts';
import type { FactEntry } from '../../linked/words.ts';
import { factsOfEach } from './entry-shares.ts';
import type { Archive } from '../../record/accounts/archives.ts';
import type { StateLabel } from '../display/account-words.ts';

/** The states of a document (Smile, Archives). A state that is not here is shown as it is. */
const states = new Map<string, StateLabel>([
  ['STARTED', { icon: 'half', word: 'Being read' }],
  ['ANALYZED', { icon: 'ok', word: 'Read', tone: 'ok' }],
  ['UNSUPPORTED', { icon: 'file', word: 'Saved, not read' }],
  ['ERROR', { icon: 'bad', word: 'Could not be read', tone: 'bad' }],
  ['REVOKED', { icon: 'dash', word: 'Taken back' }],
]);

export const documentState = (status: string): StateLabel => states.get(status) ?? { icon: 'half', word: status };

/** The reasons for which a document could not be read (Smile, Archives). The second code is misspelled there. */
const errors = new Map([
  ['MISSING_MANDATORY_FIELD', 'A required part of the document is missing'],
  ['MISSING_MANDATARY_FIELD', 'A required part of the document is missing'],
  ['INVALID_FIELD_FORMAT', 'A part of the document has a wrong format'],
  ['SYSTEM_ERROR', 'Smile had an error. Ask Smile’s support'],
  ['FILE_UNABLE_TO_RECOGNIZE', 'Smile did not recognize the document'],
]);

export const documentError = (code: string): string => errors.get(code) ?? code;

export type DocumentView = {
  id: string;
  status: string;
  title: string;
  state: StateLabel;
  error: string | undefined;
  screenTitle: string;
  /** The data read from it. Absent when the form does not ask for it. */
  entry: FactEntry | undefined;
  readAt: string | null;
  /** When its data was deleted. */
  removedAt: string | null;
};

export const documentViews = (archives: Archive[], screenTitle: (id: string) => string): DocumentView[] =>
  archives.map(({ archiveId, type, status, errorCode, screen, content, readAt, removedAt, fault }) => {
    const entry = content && describeDocument(content, factsOfEach(archives.length));
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
