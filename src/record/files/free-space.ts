/** The free space of the disk that holds a folder. */
import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { onDisk } from './disk-calls.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';

export interface FreeSpace {
  freeBytes: number;
  /** Flipsite takes no files while less space is free, so that it can still store answers. */
  minFreeBytes: number;
  /** How many more files the disk takes: some disks end there first. Undefined if it does not say. */
  freeFiles: number | undefined;
  minFreeFiles: number;
}

/** On a small disk, one twentieth of its size stays free, and on any disk, one twentieth of its number of files. */
const SHARE = 0.05;

/** Of the disk of `folder`, or of the nearest existing folder above it. Undefined if the disk does not report it. */
export async function findFreeSpace(folder: string): Promise<FreeSpace | undefined> {
  for (let place = resolve(folder); ; place = dirname(place)) {
    const disk = await onDisk(() => statfs(place)).catch((error: NodeJS.ErrnoException) => {
      if (!['ENOENT', 'ENOTDIR'].includes(error.code ?? '') || dirname(place) === place) throw error;
    });
    if (disk) return spaceIn(disk);
  }
}

/** @param disk as the system describes it. On some, the number of files has no limit, and `files` is 0 */
export function spaceIn({ bavail, blocks, bsize, ffree, files }: StatsFs): FreeSpace | undefined {
  if (blocks === 0) return undefined;
  return {
    freeBytes: bavail * bsize,
    minFreeBytes: Math.min(SITE_LIMITS.freeDiskBytes.value, Math.floor(blocks * bsize * SHARE)),
    freeFiles: files > 0 ? ffree : undefined,
    minFreeFiles: Math.floor(files * SHARE),
  };
}

/** Why the disk takes no further files of people, as the first words of a sentence. Undefined if it does. */
export function shortage(
  { freeBytes, minFreeBytes, freeFiles, minFreeFiles }: FreeSpace,
  keepFreeBytes = minFreeBytes,
): string | undefined {
  const inMB = (count: number) => `${(count / 1_048_576).toFixed(1)} MB`;
  if (freeBytes < keepFreeBytes) return `has ${inMB(freeBytes)} left, and Flipsite accepts no files below ${inMB(keepFreeBytes)}`; // prettier-ignore
  if (freeFiles !== undefined && freeFiles < minFreeFiles) return `has room for ${freeFiles} more files, and Flipsite accepts none below ${minFreeFiles}`; // prettier-ignore
  return undefined;
}
