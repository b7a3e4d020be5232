/** Tries whether this user can write to a folder. */
import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes a small file to `folder`, and removes it. Some systems call a folder writable whose disk they have made read-only
 * after an error. A running site takes a file with this ending for one that is not finished, and leaves it out of backups.
 * @returns why that fails, as a sentence. Undefined on a full disk: its free space says so
 */
export function tryWrite(folder: string): string | undefined {
  const file = join(folder, `.doctor-${randomUUID()}.part`);
  let problem: NodeJS.ErrnoException | undefined;
  try {
    writeFileSync(file, '.', { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    problem = error as NodeJS.ErrnoException;
  }
  try {
    // A full disk may have the name of the file without its bytes.
    rmSync(file, { force: true });
  } catch (error) {
    problem ??= error as NodeJS.ErrnoException;
  }
  return problem && inWords(problem, folder);
}

function inWords({ code = '', message }: NodeJS.ErrnoException, folder: string): string | undefined {
  switch (code) {
    case 'ENOSPC':
      return undefined;
    case 'EDQUOT':
      return `This user has used all the space that it may use on the disk of ${folder}. Raise the limit, or free some space.`;
    case 'EROFS':
      return `The disk of ${folder} is read-only. The system does that after an error of the disk. Look into the log of the system, check the disk, and mount it as writable.`;
    case 'EACCES':
    case 'EPERM':
      return `This user cannot write to ${folder}. Make it writable.`;
    default:
      return `A test file could not be written to ${folder}: ${code || message}. Check its disk.`;
  }
}
