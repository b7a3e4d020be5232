import { LOCAL_SMILE_LIMITS } from '../../site-limits/local-smile-limits.ts';
import type { SandboxFile } from './state.ts';
import { TENANT_ID, type Sandbox } from '../sandbox.ts';

const { localSmileFiles, localSmileFilesBytes } = LOCAL_SMILE_LIMITS;

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
    if (bytes <= localSmileFilesBytes.value && files.size <= localSmileFiles.value) break;
    files.delete(oldest);
    bytes -= one.bytes.length;
  }
  return path;
}
