import type { SandboxFile } from './state.ts';
import { TENANT_ID, type Sandbox } from '../sandbox.ts';

/** Stores a file for download until its source is revoked or too old. @returns the path of its address */
export function keepFile(sandbox: Sandbox, userId: string, name: string, file: SandboxFile): string {
  const path = `/files/tenants/${TENANT_ID}/users/${userId}/${name}`;
  sandbox.state.files.set(path, file);
  return path;
}
