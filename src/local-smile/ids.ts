import { randomUUID } from 'node:crypto';

/** A new id in Smile's form: `{prefix}-` and 32 hexadecimal digits (Smile, Understanding the API). */
export function newSandboxId(prefix: string): string {
  return `${prefix}-${randomUUID().replaceAll('-', '')}`;
}

/** A moment as Smile writes it: `yyyy-MM-ddTHH:mm:ssZ`, UTC, whole seconds. */
export function timestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

/** A day as Smile writes it: `yyyy-MM-dd`, UTC. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
