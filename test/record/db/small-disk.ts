/** Disks that are soon full or may only be read: memory where this user may mount that, as root may. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import type { Database } from '../../../src/record/db/database.ts';

export interface SmallDisk {
  /** To be called once the database is opened. */
  limit(db: Database): Promise<void>;
  makeRoom(db: Database): Promise<void>;
  remove(): void;
}

/** Mounts memory as a disk at `folder`, or mounts it again. @returns whether this user may */
export const mounted = (folder: string, options: string): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status === 0;

/** Whether this user may mount any. */
export function mountable(): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-mount-'));
  const may = mounted(folder, 'size=2m');
  if (may) unmount(folder);
  rmSync(folder, { recursive: true });
  return may;
}

/** A folder in which no user may make anything. */
export const NOBODYS = process.platform === 'darwin' ? '/System' : '/sys/kernel';

export const unmount = (folder: string): void => void spawnSync('umount', [folder]);

/** A disk of 2 MB at `folder`, which is made; where none may be mounted, a database that may not grow beyond that. */
export function smallDisk(folder: string): SmallDisk {
  mkdirSync(folder);
  if (mounted(folder, 'size=2m'))
    return {
      limit: async () => {},
      makeRoom: async () => void mounted(folder, 'remount,size=20m'),
      remove: () => unmount(folder),
    };
  const pages = async (db: Database, most: number) =>
    void (await sql`pragma max_page_count = ${sql.raw(String(most))}`.execute(db.query));
  return { limit: (db) => pages(db, 500), makeRoom: (db) => pages(db, 100_000), remove: () => {} };
}
