import { randomUUID } from 'node:crypto';

/** A new id in Smile's form: `{prefix}-` and 32 hexadecimal digits (Smile, Understanding the API). */
export function newSandboxId(prefix: string): string {
  return `${prefix}-${randomUUID().replaceAll('-', '')}`;
}

/** A time in Smile's format: `yyyy-MM-ddTHH:mm:ssZ`, UTC, to the second. */
export function timestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

/** A day in Smile's format: `yyyy-MM-dd`, UTC. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
