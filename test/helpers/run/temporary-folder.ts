/**
 * Everything that a run of the tests writes is in one temporary folder, which is gone when the run is over. It is in memory
 * where there is enough: commits wait there for no disk, and a process that is killed loses nothing there either.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import path from 'node:path';
import { makePrepared } from './prepared.ts';

/** The variables that name the folder of temporary files, on one system or the other. */
const NAMES = ['TMPDIR', 'TEMP', 'TMP'];

/** Names a folder on a disk, for files that are too large for memory. */
const DISK = 'FLIPSITE_TEST_DISK';

/** The folder that Linux keeps in memory. */
const MEMORY = '/dev/shm';

/** In bytes. A run had up to 0.6 GB in it, and needs the rest for its programs. */
const ENOUGH = 4 * 1024 ** 3;

export default async function setup(): Promise<() => void> {
  const before = [...NAMES, DISK].map((name) => [name, process.env[name]] as const);
  const disk = (process.env[DISK] ??= makeFolder(tmpdir()));
  const memory = hasRoom(MEMORY) ? makeFolder(MEMORY) : undefined;
  const folder = memory && runsPrograms(memory) ? memory : disk;
  for (const name of NAMES) process.env[name] = folder;
  await makePrepared(folder);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    for (const one of [memory, disk]) if (one) rmSync(one, { recursive: true, force: true, maxRetries: 3 });
  };
}

function makeFolder(place: string): string {
  const folder = mkdtempSync(path.join(place, 'flipsite-'));
  // PostgreSQL runs as another user, who has to get to its own folder in it.
  chmodSync(folder, 0o711);
  return folder;
}

function hasRoom(place: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(place);
    return Math.min(bavail * bsize, freemem()) >= ENOUGH;
  } catch {
    return false;
  }
}

/** In containers it may be for data alone. */
function runsPrograms(folder: string): boolean {
  const program = path.join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
  return spawnSync(program).status === 0;
}
