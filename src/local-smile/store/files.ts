import type { SandboxFile } from './state.ts';
import { TENANT_ID, type Sandbox } from '../sandbox.ts';

/** All files together. They are in memory, and the oldest go first. */
const KEPT_BYTES = 64 * 1_048_576;
const KEPT_FILES = 1_000;

/**
 * Stores a file for download until its source is revoked or too old, or newer files need the room.
 * @returns the path of its address
 */
export function keepFile(sandbox: Sandbox, userId: string, name: string, file: SandboxFile): string {
  const path = `/files/tenants/${TENANT_ID}/users/${userId}/${name}`;
  const { files } = sandbox.state;
  files.set(path, file);
  let bytes = [...files.values()].reduce((sum, one) => sum + one.bytes.length, 0);
  for (const [oldest, one] of files) {
    if (bytes <= KEPT_BYTES && files.size <= KEPT_FILES) break;
    files.delete(oldest);
    bytes -= one.bytes.length;
  }
  return path;
}
