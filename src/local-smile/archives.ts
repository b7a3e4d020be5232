import { keepFile } from './files.ts';
import { newSandboxId, timestamp } from './ids.ts';
import { forget, keepItems } from './items.ts';
import { readDocument } from './payslip.ts';
import { metadataOf } from './sources.ts';
import type { SandboxArchive, FileFormat, RawFile, Shape, User } from './state.ts';
import { finishTask, startTask } from './tasks.ts';
import type { Sandbox } from './sandbox.ts';

/** The largest file that is taken, in bytes (Smile, Archives). */
export const MAX_FILE_BYTES = 15 * 1024 * 1024;

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
  /** What the sender says it is. */
  type: string | null;
  files: GivenFile[];
  /** Only to say what it is, not to read it. */
  classifyOnly?: boolean;
}

/**
 * Takes documents in, and looks at them for `taskDelayMs`. As in Smile's sandbox only the sample payslip can be read,
 * and everything else ends in an error.
 */
export function receive(
  world: Sandbox,
  { user, providerId, type, files, classifyOnly = false }: GivenArchive,
): SandboxArchive {
  const now = timestamp(world.now());
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
    rawFiles: files.map((file) => keepRawFile(world, user.id, id, file)),
    classification: null,
    analysis: null,
    cancel: () => {},
  };
  world.state.archives.set(id, archive);
  world.notify('ARCHIVE_STARTED', user.id, about(archive));

  const task = startTask(world, classifyOnly ? 'CLASSIFY_ARCHIVE' : 'ANALYZE_ARCHIVE', metadataOf(world, archive));
  archive.cancel = world.schedule.later(world.settings.taskDelayMs, () => {
    const found = files.map(({ bytes }) => readDocument(bytes)).find((read) => read !== undefined);
    const readable = found && (type === null || type === found.type);
    if (readable) {
      archive.classification = found.type;
      if (!classifyOnly) {
        archive.analysis = found.analysis;
        for (const [name, shapes] of found.reading) keepItems(world, name, shapes, metadataOf(world, archive));
      }
    }
    finishTask(world, task, readable && !classifyOnly ? [...found.reading.keys()] : []);
    if (readable) succeed(world, archive);
    else fail(world, archive);
  });
  return archive;
}

/** Withdraws the permission: deletes the files and what was read from them. */
export function revokeArchive(world: Sandbox, archive: SandboxArchive): void {
  archive.cancel();
  archive.rawFiles = [];
  archive.classification = null;
  archive.analysis = null;
  forget(world, archive.id);
  move(world, archive, 'REVOKED');
  world.notify('ARCHIVE_REVOKED', archive.userId, about(archive));
}

function keepRawFile(world: Sandbox, userId: string, sourceId: string, { name, subType, format, bytes }: GivenFile) {
  const id = newSandboxId('f');
  const file: RawFile = {
    id,
    createdAt: timestamp(world.now()),
    name,
    subType,
    size: Math.ceil(bytes.length / 1024),
    format,
    path: keepFile(world, userId, `files/${id}.${format.toLowerCase()}`, {
      bytes,
      mediaType: mediaTypes[format],
      sourceId,
    }),
  };
  return file;
}

function succeed(world: Sandbox, archive: SandboxArchive) {
  move(world, archive, 'ANALYZED');
  world.notify('ARCHIVE_ANALYZED', archive.userId, about(archive));
}

/** The archive and the event have codes of their own, each from its own list (Smile, `Archive` and `ARCHIVE_FAILED`). */
function fail(world: Sandbox, archive: SandboxArchive) {
  const errorMessage = 'File unable to recognize';
  move(world, archive, 'ERROR', 'MISSING_MANDATORY_FIELD', errorMessage);
  const errorCode = 'FILE_UNABLE_TO_RECOGNIZE';
  world.notify('ARCHIVE_FAILED', archive.userId, { ...about(archive), errorCode, errorMessage });
}

function move(
  world: Sandbox,
  archive: SandboxArchive,
  status: SandboxArchive['status'],
  errorCode: string | null = null,
  errorMessage: string | null = null,
) {
  Object.assign(archive, { status, errorCode, errorMessage, updatedAt: timestamp(world.now()) });
}

function about({ id, userId }: SandboxArchive): Shape {
  return { userId, archiveId: id };
}
