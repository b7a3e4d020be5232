/** Tests that need programs of the machine. */
import { spawnSync } from 'node:child_process';
import { it } from 'vitest';
import { notChecked } from './openapi/openapi.ts';

/** A test that needs `programs`. Where one of them is not installed, a test in its place says that it did not run. */
export function itWith(programs: string[], title: string, run: () => void | Promise<void>): void {
  const missing = programs.filter((program) => spawnSync('which', [program]).status !== 0);
  if (missing.length === 0) it(title, run);
  else notChecked(title, `this machine has no ${missing.join(' and no ')}`);
}
