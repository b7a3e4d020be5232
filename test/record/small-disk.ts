/** A disk that is soon full: 2 MB of memory where this user may mount that, as root may; elsewhere a file that may not grow beyond it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { sql } from 'kysely';
import type { Database } from '../../src/record/database.ts';

export interface SmallDisk {
  /** To be called once the database is opened. */
  limit(db: Database): Promise<void>;
  makeRoom(db: Database): Promise<void>;
  remove(): void;
}

/** Mounts memory as a disk at `folder`, or mounts it anew. @returns whether this user may */
export const mounted = (folder: string, options: string): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status === 0;

export const unmount = (folder: string): void => void spawnSync('umount', [folder]);

/** Puts it at `folder`, which is made. */
export function smallDisk(folder: string): SmallDisk {
  mkdirSync(folder);
  if (mounted(folder, 'size=2m'))
    return {
      limit: async () => {},
      makeRoom: async () => void mounted(folder, 'remount,size=20m'),
      remove: () => unmount(folder),
    };
  const pages = async (db: Database, most: number) =>
    void (await sql`pragma max_page_count = ${sql.raw(String(most))}`.execute(db));
  return { limit: (db) => pages(db, 500), makeRoom: (db) => pages(db, 100_000), remove: () => {} };
}
