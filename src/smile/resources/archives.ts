/**
 * Files that people uploaded instead of connecting an account, or that the tenant uploaded for them (Smile, Archives).
 */
import { z } from 'zod';
import type { SmileTransport } from '../transport.ts';
import { amount, shape, openEnum, boundedList, boundedRecord } from '../reading.ts';
import { smileIdSchema, moment } from '../shapes.ts';
import type { Dates, ListLimit, OfUser } from './filters.ts';

const text = z.string();

/** One of Smile's values, or a sentence. */
const word = z.string().max(500);

const fileFields = {
  state: shape('archive.state', {
    needed: { status: openEnum<'STARTED' | 'ANALYZED' | 'UNSUPPORTED' | 'ERROR' | 'REVOKED'>(word) },
    documented: { updatedAt: moment },
    optional: { errorCode: word, errorMessage: word },
  }),
  id: smileIdSchema,
  userId: smileIdSchema,
};
const documented = {
  createdAt: moment,
  providerId: openEnum<'user-provided' | 'tenant-provided'>(),
  type: word,
  rawFiles: boundedList(
    shape('archive.rawFiles', {
      needed: { id: text },
      documented: { createdAt: moment, name: text, subType: text, size: amount, format: text, url: text },
    }),
  ),
};

const result = shape('archive.validation', {
  documented: { resultCode: openEnum<'PASSED' | 'FAILED' | 'NO_DATA'>() },
  optional: { score: amount, resultMessage: text },
});

const archiveSchema = shape('archive', {
  needed: fileFields,
  documented,
  optional: {
    classification: shape('archive.classification', { documented: { fileType: text } }),
    /** Data read from the files, by type of file; `analysis` at this level is the older form. */
    extraction: shape('archive.extraction', {
      documented: { fileType: text },
      optional: { analysis: boundedRecord },
    }),
    analysis: boundedRecord,
    validation: shape('archive.validation', {
      documented: { fileType: text },
      optional: { metadata: result, computation: result, identity: result, location: result },
    }),
  },
});
export type SmileArchive = z.output<typeof archiveSchema>;

const uploadSchema = shape('upload', { needed: fileFields, documented });

const fileTypeSchema = shape('fileType', {
  needed: { type: text },
  documented: {
    logoUrl: text,
    typeLabel: text,
    active: z.boolean(),
    enabled: z.boolean(),
    ocr: z.boolean(),
    supported: boundedList(text),
  },
});

/** One file of an archive, up to 15 MB. */
export interface ArchiveFile {
  fileExtensionType: 'PDF' | 'PNG' | 'JPG' | 'JPEG';
  /** Base64. */
  fileContent: string;
  fileSubtype?: string;
  fileName?: string;
}

/** Extra time for 15 MB. */
const FILE_OPTIONS = { extraMs: 60_000 };

export function archives({ fetchData, find, list, remove }: SmileTransport) {
  return {
    /**
     * Sends files to be analyzed as one document. Without `userId`, Smile creates a user. Never retried after a
     * timeout.
     */
    createArchive: (body: { userId?: string; fileType?: string; rawFiles: ArchiveFile[] }): Promise<SmileArchive> =>
      fetchData({ method: 'POST', path: '/archives', body }, archiveSchema, FILE_OPTIONS),
    /** Sends files to be classified. Never retried after a timeout. */
    classifyArchive: (body: { userId?: string; rawFiles: ArchiveFile[] }): Promise<SmileArchive> =>
      fetchData({ method: 'POST', path: '/archives/classify', body }, archiveSchema, FILE_OPTIONS),
    listArchives: (filter: OfUser & Dates & ListLimit & { fileType?: string } = {}) =>
      list('/archives', archiveSchema, { ...filter }),
    getArchive: (archiveId: string) => find('/archives/{id}', archiveId, archiveSchema),
    /** Revokes an archive. An unknown archive is success. */
    deleteArchive: (archiveId: string) => remove('/archives/{id}', archiveId),
    /** The types of files that Smile accepts. */
    listFileTypes: (filter: { type?: string; active?: boolean; enabled?: boolean; ocr?: boolean } & ListLimit = {}) =>
      list('/fileTypes', fileTypeSchema, { ...filter }),
    /** Smile's older name for archives, which it will remove. */
    listUploads: (filter: OfUser & Dates & ListLimit = {}) => list('/uploads', uploadSchema, { ...filter }),
    /** Smile's older name for archives, which it will remove. */
    getUpload: (uploadId: string) => find('/uploads/{id}', uploadId, uploadSchema),
  };
}
