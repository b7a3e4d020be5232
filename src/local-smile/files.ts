import type { StoredFile } from './state.ts';
import { TENANT_ID, type World } from './world.ts';

/** Keeps a file for download until its source is revoked or too old. Returns the path of its address. */
export function keepFile(world: World, userId: string, name: string, file: StoredFile): string {
  const path = `/files/tenants/${TENANT_ID}/users/${userId}/${name}`;
  world.state.files.set(path, file);
  return path;
}
