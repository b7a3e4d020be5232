import type { SandboxFile } from './state.ts';
import { TENANT_ID, type Sandbox } from './sandbox.ts';

/** Keeps a file for download until its source is revoked or too old. Returns the path of its address. */
export function keepFile(world: Sandbox, userId: string, name: string, file: SandboxFile): string {
  const path = `/files/tenants/${TENANT_ID}/users/${userId}/${name}`;
  world.state.files.set(path, file);
  return path;
}
