/** Everything that a run of the tests writes is in one temporary folder, which is gone when the run is over. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What names the folder of temporary files, to one system or the other. */
const NAMES = ['TMPDIR', 'TEMP', 'TMP'];

export default function setup(): () => void {
  const before = NAMES.map((name) => [name, process.env[name]] as const);
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-'));
  // PostgreSQL runs as another user, who has to get to its own folder in it.
  chmodSync(folder, 0o711);
  for (const name of NAMES) process.env[name] = folder;
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
}
