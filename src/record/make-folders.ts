/** Creates folders with those above them. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Creates the folder at `path` unless it exists. `recursive` of Node tries without end where the folder above exists and
 * accepts no folders, such as `/proc`.
 * @throws as `mkdirSync` does
 */
export function makeFolders(path: string, mode?: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    const place = resolve(path);
    const above = dirname(place);
    // On Windows, the drive itself may not exist.
    if (code !== 'ENOENT' || above === place || existsSync(above)) throw error;
    makeFolders(above, mode);
    makeFolders(path, mode);
  }
}
