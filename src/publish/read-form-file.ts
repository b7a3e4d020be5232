/** Reads the files of forms. */
import { readFile, stat } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { textHash } from '../record/forms/form-text.ts';

export interface FormFileText {
  text: string;
  /** See `textHash`. */
  hash: string;
}

const MAX_FILES = 10;

/** Some disks store the time of a change in steps of two seconds. Until then, another change may have the same time. */
const SETTLED_MS = 3_000;

/**
 * Returns a function that reads a file, and reads it again only after a change. Each open preview asks forty times a minute.
 * @param now the time of this machine, in ms since 1970
 */
export function createFormFileReader(now = Date.now): (file: string) => Promise<FormFileText> {
  const known = new LRUCache<string, FormFileText & { state: string }>({ max: MAX_FILES });
  return async (file) => {
    // Unlike the time of its content, no program can set the time of the last change.
    const { ino, size, ctimeNs, ctimeMs } = await stat(file, { bigint: true });
    const state = `${ino} ${size} ${ctimeNs}`;
    const before = known.get(file);
    if (before?.state === state) return before;
    const text = await readFile(file, 'utf8');
    const read = { text, hash: textHash(text), state };
    if (now() - Number(ctimeMs) > SETTLED_MS) known.set(file, read);
    return read;
  };
}
