/** Explains errors of the file system and of SQLite's files. */
import { damagedInWords } from '../record/db/fault.ts';

type FileError = NodeJS.ErrnoException & { dest?: string; errcode?: number };

/**
 * Explains why a file or folder can't be read or written, and names the fix.
 * @returns a sentence for the terminal; undefined for other errors
 */
export function explainFileError(error: unknown): string | undefined {
  const { code, syscall, path = 'the data', dest, errcode = 0 } = error as FileError;
  const place = dest ?? path;
  if (code === 'EACCES' || code === 'EPERM') return `This user cannot read or write ${place} (${code}). Run the same command as the user that owns it, or give this user access.`; // prettier-ignore
  if (code === 'EROFS') return `${place} is on a disk that cannot be written (EROFS). Choose another folder.`;
  if (code === 'ENOSPC') return `The disk of ${place} is full. Free some space, then run the same command again.`;
  if (code === 'ENOTDIR' || code === 'EISDIR' || code === 'EEXIST')
    return `${place} cannot be used (${code}), because a file is in the place of a folder, or a folder in the place of a file. Move it, or choose another name.`;
  if (code === 'ENOENT' && syscall === 'mkdir')
    return `Flipsite cannot make the folder ${place} (ENOENT). Choose a folder on a disk.`;
  // The low byte is SQLite's primary result code (SQLite, Result and Error Codes).
  if ((errcode & 0xff) === 5) return 'Another process has locked the database. If a site started on a full disk, free some space and restart the site. Then run the same command again.'; // prettier-ignore
  if ((errcode & 0xff) === 13) return 'The disk is full. Free some space, then run the same command again.';
  // READONLY and CANTOPEN. SQLite writes a file beside the database to read it.
  if ([8, 14].includes(errcode & 0xff)) return 'The database and its folder cannot be written. Make both writable for this user. If the disk can only be read, copy the folder to another disk, and use the copy.'; // prettier-ignore
  // CORRUPT and NOTADB.
  if ([11, 26].includes(errcode & 0xff)) return damagedInWords((error as Error).message);
  return undefined;
}
