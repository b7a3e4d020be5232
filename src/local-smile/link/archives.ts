import { keepFile } from '../store/files.ts';
import { newSandboxId, timestamp } from '../store/ids.ts';
import { forget, keepItems } from '../store/items.ts';
import { readDocument } from '../invented/payslip.ts';
import { metadataOf } from '../store/sources.ts';
import type { SandboxArchive, FileFormat, RawFile, Shape, User } from '../store/state.ts';
import { finishTask, startTask } from '../store/tasks.ts';
import type { Sandbox } from '../sandbox.ts';

const mediaTypes: Record<FileFormat, string> = {
  PDF: 'application/pdf',
  PNG: 'image/png',
  JPG: 'image/jpeg',
  JPEG: 'image/jpeg',
};

export interface GivenFile {
  name: string;
  subType: string | null;
  format: FileFormat;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface GivenArchive {
  user: User;
  providerId: SandboxArchive['providerId'];
  /** The type that the sender states. */
  type: string | null;
  files: GivenFile[];
  /** Only classifies the document, without reading it. */
  classifyOnly?: boolean;
}

/**
 * Receives documents and analyzes them for `taskDelayMs`. As in Smile's sandbox, only the sample payslip can be read.
 * All others end in an error.
 */
export function receive(
  sandbox: Sandbox,
  { user, providerId, type, files, classifyOnly = false }: GivenArchive,
): SandboxArchive {
  const now = timestamp(sandbox.now());
  const id = newSandboxId('archive');
  const archive: SandboxArchive = {
    id,
    createdAt: now,
    userId: user.id,
    sessionId: user.session.id,
    providerId,
    type,
    status: 'STARTED',
    errorCode: null,
    errorMessage: null,
    updatedAt: now,
    rawFiles: files.map((file) => keepRawFile(sandbox, user.id, id, file)),
    classification: null,
    analysis: null,
    cancel: () => {},
  };
  sandbox.state.archives.set(id, archive);
  sandbox.notify('ARCHIVE_STARTED', user.id, about(archive));

  // Read here: the planned work is held as long as the archive, and would hold the bytes.
  const found = files.map(({ bytes }) => readDocument(bytes)).find((read) => read !== undefined);
  const task = startTask(sandbox, classifyOnly ? 'CLASSIFY_ARCHIVE' : 'ANALYZE_ARCHIVE', metadataOf(sandbox, archive));
  archive.cancel = sandbox.schedule.later(sandbox.settings.taskDelayMs, () => {
    const readable = found && (type === null || type === found.type);
    if (readable) {
      archive.classification = found.type;
      if (!classifyOnly) {
        archive.analysis = found.analysis;
        for (const [name, shapes] of found.reading) keepItems(sandbox, name, shapes, metadataOf(sandbox, archive));
      }
    }
    finishTask(sandbox, task, readable && !classifyOnly ? [...found.reading.keys()] : []);
    if (readable) succeed(sandbox, archive);
    else fail(sandbox, archive);
  });
  return archive;
}

/** Revokes an archive: deletes its files and the data read from them. */
export function revokeArchive(sandbox: Sandbox, archive: SandboxArchive): void {
  archive.cancel();
  archive.rawFiles = [];
  archive.classification = null;
  archive.analysis = null;
  forget(sandbox, archive.id);
  move(sandbox, archive, 'REVOKED');
  sandbox.notify('ARCHIVE_REVOKED', archive.userId, about(archive));
}

function keepRawFile(sandbox: Sandbox, userId: string, sourceId: string, { name, subType, format, bytes }: GivenFile) {
  const id = newSandboxId('f');
  const file: RawFile = {
    id,
    createdAt: timestamp(sandbox.now()),
    name,
    subType,
    size: Math.ceil(bytes.length / 1024),
    format,
    path: keepFile(sandbox, userId, `files/${id}.${format.toLowerCase()}`, {
      bytes,
      mediaType: mediaTypes[format],
      sourceId,
    }),
  };
  return file;
}

function succeed(sandbox: Sandbox, archive: SandboxArchive) {
  move(sandbox, archive, 'ANALYZED');
  sandbox.notify('ARCHIVE_ANALYZED', archive.userId, about(archive));
}

/** The archive and the event have separate lists of codes (Smile, `Archive` and `ARCHIVE_FAILED`). */
function fail(sandbox: Sandbox, archive: SandboxArchive) {
  const errorMessage = 'File unable to recognize';
  move(sandbox, archive, 'ERROR', 'MISSING_MANDATORY_FIELD', errorMessage);
  const errorCode = 'FILE_UNABLE_TO_RECOGNIZE';
  sandbox.notify('ARCHIVE_FAILED', archive.userId, { ...about(archive), errorCode, errorMessage });
}

function move(
  sandbox: Sandbox,
  archive: SandboxArchive,
  status: SandboxArchive['status'],
  errorCode: string | null = null,
  errorMessage: string | null = null,
) {
  Object.assign(archive, { status, errorCode, errorMessage, updatedAt: timestamp(sandbox.now()) });
}

function about({ id, userId }: SandboxArchive): Shape {
  return { userId, archiveId: id };
}
