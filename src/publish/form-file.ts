/** The file of a form, where the dashboard hands the form back to files. */
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** The folder cannot be written to, or the disk is full. Nothing was changed. */
export class FileNotWritable extends Error {}

/**
 * Writes `text` to `file`. An earlier file with another text is kept under its name with `.old`, and so is `other`: Flipsite
 * publishes neither of two files with the same address. Waits for nothing, because a second request at once would replace
 * the kept file.
 * @returns a function that puts the earlier files back
 * @throws FileNotWritable
 */
export function writeFormFile(file: string, other: string, text: string): () => void {
  const temporary = `${file}.new`;
  const kept: string[] = [];
  let isWritten = false;
  const undo = () => {
    if (isWritten) rmSync(file);
    for (const name of kept) renameSync(`${name}.old`, name);
  };
  try {
    const isThere = existsSync(file) && readFileSync(file, 'utf8') === text;
    if (!isThere) {
      // A full disk is met here, while the earlier files are in their places.
      writeFileSync(temporary, text, { flush: true });
      // People of a repository read it too, which the creation mask of the server may not allow.
      chmodSync(temporary, modeOf(file) ?? 0o644);
    }
    for (const name of isThere ? [other] : [file, other]) {
      if (!existsSync(name)) continue;
      renameSync(name, `${name}.old`);
      kept.push(name);
    }
    if (!isThere) renameSync(temporary, file);
    isWritten = !isThere;
    return undo;
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code) throw error;
    undo();
    rmSync(temporary, { force: true });
    throw new FileNotWritable('The file of the form cannot be written.', { cause: error });
  }
}

/** The permissions of a file that is there. */
const modeOf = (file: string): number | undefined => {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && found.mode & 0o777;
};
