/** The users that the data belongs to. On Windows, which has no such users, nothing is found and nothing changes. */
import { chownSync, existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inShell } from './in-shell.ts';

/** A user of the machine, by the numbers of the system. */
export interface SystemUser {
  uid: number;
  /** The groups, with the main one first. */
  groups: readonly number[];
}

/** The user who runs this process; undefined on Windows. */
export function processUser(): SystemUser | undefined {
  const [uid, gid] = [process.geteuid?.(), process.getegid?.()];
  return uid === undefined || gid === undefined ? undefined : { uid, groups: [gid, ...(process.getgroups?.() ?? [])] };
}

/** The user who owns a file or folder; undefined if it does not exist, or on Windows. */
export function ownerOf(path: string): SystemUser | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && process.platform !== 'win32' ? { uid: found.uid, groups: [found.gid] } : undefined;
}

/**
 * Finds the first file or folder of a site that `user` may not read and write, because it belongs to another user.
 * @returns a sentence with the command that gives it to `user`; undefined if there is none
 */
export function explainOwnership(
  { dataDir, database }: { dataDir: string; database: string },
  user: SystemUser | undefined,
): string | undefined {
  if (!user || user.uid === 0) return undefined;
  const inside = ['files', 'secret.key', 'preview.sqlite', 'preview-files'].map((name) => join(dataDir, name));
  const paths = [dataDir, database, `${database}-wal`, `${database}-shm`, ...inside].map((path) => resolve(path));
  const refused = paths.find((path) => !mayOpen(path, user));
  const owner = refused && ownerOf(refused);
  if (!owner || owner.uid === user.uid) return undefined;
  const name = userName(user.uid);
  const folder = resolve(dataDir);
  const target = refused.startsWith(folder) ? folder : refused;
  const holder = ownerOf(folder)?.uid ?? 0;
  // After chown, the site of another user could not open its own data any more.
  const first = holder === 0 || holder === user.uid ? 'Run' : `Run the command as ${userName(holder)}, or, if the site runs as ${name}, run`; // prettier-ignore
  return `${refused} belongs to ${userName(owner.uid)}, and the user ${name} may not open it. ${first}: chown -R ${name}:${groupName(user.groups[0] ?? user.uid)} ${inShell(target)}`;
}

/** By the modes of the system. A path that does not exist, or is not reachable, counts as allowed. */
function mayOpen(path: string, { uid, groups }: SystemUser): boolean {
  try {
    const { uid: owner, gid, mode } = statSync(path);
    const needed = 0o6;
    const own = owner === uid ? mode >> 6 : groups.includes(gid) ? mode >> 3 : mode;
    return (own & needed) === needed;
  } catch {
    return true;
  }
}

/** Gives a file, or a folder with all that is in it, to the owner of `dataDir`, if root runs this process. */
export function giveToOwner(path: string, dataDir: string): void {
  const owner = ownerOf(dataDir);
  if (!owner || process.geteuid?.() !== 0) return;
  giveTo(path, owner.uid, owner.groups[0] ?? owner.uid);
}

function giveTo(path: string, uid: number, gid: number): void {
  const found = lstatSync(path);
  if (found.isDirectory()) for (const name of readdirSync(path)) giveTo(join(path, name), uid, gid);
  if (!found.isSymbolicLink()) chownSync(path, uid, gid);
}

/** The name of a user, or the number if the machine knows no name for it. */
export const userName = (uid: number): string => nameIn('/etc/passwd', uid);

const groupName = (gid: number): string => nameIn('/etc/group', gid);

/** Both files have lines like `name:x:number:…`. */
function nameIn(file: string, id: number): string {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return lines.map((line) => line.split(':')).find(([, , number]) => number === String(id))?.[0] ?? String(id);
}

/**
 * Explains an error of the file system or of SQLite by a file of the site that belongs to another user.
 * @returns as `explainOwnership`, for the user of this process; undefined for other errors
 */
export function explainRefusal(error: unknown, place: { dataDir: string; database: string }): string | undefined {
  return isRefusal(error) ? explainOwnership(place, processUser()) : undefined;
}

/** Whether an error of the file system or of SQLite says that this user may not open something. */
export function isRefusal(error: unknown): boolean {
  const { code, errcode = 0, cause } = error as NodeJS.ErrnoException & { errcode?: number };
  // SQLite's codes READONLY and CANTOPEN (SQLite, Result and Error Codes).
  if (code === 'EACCES' || code === 'EPERM' || [8, 14].includes(errcode & 0xff)) return true;
  return cause !== undefined && isRefusal(cause);
}
