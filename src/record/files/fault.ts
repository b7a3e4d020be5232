/** Errors of the file store while the site runs. A file is acknowledged only once its bytes are stored. */
import { StoreFault } from '../db/fault.ts';

/** Thrown by every `FileStore`. The message is for operators; the cause is the error of the disk or the bucket. */
export class FileFault extends StoreFault {
  constructor(kind: keyof typeof MESSAGES, cause: unknown, message = MESSAGES[kind]) {
    super(kind, cause, message);
    this.name = 'FileFault';
  }
}

const MESSAGES = {
  full: 'The disk for files is full. Free some space, and uploads work again by themselves.',
  read_only:
    'Flipsite cannot use the folder of files. Make the folder and its disk readable and writable for this user.',
  gone: 'The bucket of files cannot be reached or has failed. Flipsite retries with each request.',
  broken: 'The disk for files has failed. Check it, and restore a backup if files are damaged.',
  refused: 'The bucket of files refuses this site. Check S3_BUCKET_URL, S3_REGION and the keys, then start again.',
};

const OF_DISK: Record<string, keyof typeof MESSAGES> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'read_only',
  EACCES: 'read_only',
  EPERM: 'read_only',
  EIO: 'broken',
  ESTALE: 'broken',
};

/** An error of a disk as a FileFault if it is one; otherwise unchanged. */
export function asFileFault(error: unknown): unknown {
  const kind = OF_DISK[(error as NodeJS.ErrnoException).code ?? ''];
  return kind ? new FileFault(kind, error) : error;
}
