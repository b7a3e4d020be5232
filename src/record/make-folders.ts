/** Creates folders with those above them. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Creates the folder at `path`, unless it exists, and those above it. `recursive` of Node tries without end where the folder
 * above exists and accepts no folders, such as `/proc`.
 * @returns the first folder that it made; undefined if all of them existed
 * @throws as `mkdirSync` does
 */
export function makeFolders(path: string, mode?: number): string | undefined {
  try {
    mkdirSync(path, { mode });
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path, { throwIfNoEntry: false })?.isDirectory()) return undefined;
    const place = resolve(path);
    const above = dirname(place);
    // On Windows, the drive itself may not exist.
    if (code !== 'ENOENT' || above === place || existsSync(above)) throw error;
    const first = makeFolders(above, mode);
    const last = makeFolders(path, mode);
    return first ?? last;
  }
}
