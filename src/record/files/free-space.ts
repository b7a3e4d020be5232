/** The free space of the disk that holds a folder. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';

export interface FreeSpace {
  freeBytes: number;
  /** Flipsite takes no files while less space is free, so that it can still store answers. */
  minFreeBytes: number;
}

/** On a small disk, one twentieth of its size stays free. */
const SHARE = 0.05;

/** Of the disk of `folder`, or of the nearest existing folder above it. Undefined if the disk does not report it. */
export async function findFreeSpace(folder: string): Promise<FreeSpace | undefined> {
  const { bavail, blocks, bsize } = await statfs(nearestFolder(resolve(folder)));
  if (blocks === 0) return undefined;
  const minFreeBytes = Math.min(SITE_LIMITS.freeDiskBytes.value, Math.floor(blocks * bsize * SHARE));
  return { freeBytes: bavail * bsize, minFreeBytes };
}

const nearestFolder = (path: string): string =>
  existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
