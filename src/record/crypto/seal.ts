/**
 * Encrypts values that the database alone must not reveal: AES-256-GCM (NIST SP 800-38D) with a key derived from
 * `SECRET_KEY`. A seal is bound to its context, so a value sealed in one place can't be opened in another.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

/** `id` shows which secret made a seal: 8 hexadecimal digits that reveal nothing about the secret. */
export interface SealKey {
  id: string;
  key: KeyObject;
}

/** The first key seals, and all of them open. A new secret becomes the first, and the former ones stay after it. */
export type SealKeys = readonly SealKey[];

/** The place of a sealed value: the submission and the field, or the kind of thing and its id. */
export type SealContext = readonly [whose: string, what: string];

export type Opened<T> = { ok: true; value: T } | { ok: false; fault: string };

export const CIPHER = 'aes-256-gcm';
const VERSION = 1;
export const IV_BYTES = 12;
export const TAG_BYTES = 16;
export const ID_BYTES = 4;

/** @param secrets of 32 bytes each, the current one first */
export function sealKeys(secrets: readonly Buffer[]): SealKey[] {
  const derived = (secret: Buffer, info: string, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, '', `flipsite ${info}`, length));
  return secrets.map((secret) => ({
    id: derived(secret, 'seal key id', ID_BYTES).toString('hex'),
    key: createSecretKey(derived(secret, 'seal key', 32)),
  }));
}

/** `text` as `sealed:1:<key id>:<iv>:<ciphertext>:<tag>`, its last three parts in base64url. Throws without a key. */
export function sealText(keys: SealKeys, place: SealContext, text: string): string {
  const { id, key } = currentKey(keys);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(aadOf(VERSION, id, place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const parts = [iv, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return ['sealed', VERSION, id, ...parts].join(':');
}

/** Opens a value that `sealText` sealed for the same place. Returns the reason if it can't be opened. */
export function openText(keys: SealKeys, place: SealContext, sealed: string): Opened<string> {
  const [word, version, id = '', ...parts] = sealed.split(':');
  const [iv, text, tag] = parts.map((part) => Buffer.from(part, 'base64url'));
  if (word !== 'sealed' || version !== String(VERSION) || !iv || !text || !tag) return unknownSeal;
  const opened = open(keys, place, id, iv, text, tag);
  return opened.ok ? { ok: true, value: opened.value.toString('utf8') } : opened;
}

/** A keyed hash, in lower-case hexadecimal. Without the key no one can guess even a short `text` from it. */
export const fingerprint = (keys: SealKeys, text: string): string =>
  createHmac('sha256', keys[0]?.key ?? '')
    .update(text)
    .digest('hex');

function open(
  keys: SealKeys,
  place: SealContext,
  id: string,
  iv: Uint8Array,
  sealed: Uint8Array,
  tag: Uint8Array,
): Opened<Buffer> {
  const known = findKey(keys, id);
  if ('fault' in known) return { ok: false, fault: known.fault };
  try {
    const decipher = createDecipheriv(CIPHER, known.key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(aadOf(VERSION, id, place)).setAuthTag(tag);
    return { ok: true, value: Buffer.concat([decipher.update(sealed), decipher.final()]) };
  } catch {
    return { ok: false, fault: DAMAGED };
  }
}

/** The key that sealed with this id, or why there is none. */
export function findKey(keys: SealKeys, id: string): SealKey | { fault: string } {
  const known = keys.find((one) => one.id === id);
  const fault = `It was encrypted with another SECRET_KEY (${id.slice(0, 8)}). Restore that key, or add it to FORMER_SECRET_KEYS.`;
  return known ?? { fault };
}

export const DAMAGED = 'It was changed, shortened or moved after it was encrypted.';
export const UNKNOWN_SEAL = 'This version does not know its encryption.';
const unknownSeal = { ok: false, fault: UNKNOWN_SEAL } as const;

/** The bytes that bind a seal to its version, its key and its place. */
export const aadOf = (version: number, id: string, place: SealContext): Buffer =>
  Buffer.from(JSON.stringify([version, id, ...place]));

/** The key that seals. Throws if there is none. */
export function currentKey(keys: SealKeys): SealKey {
  const [first] = keys;
  if (!first) throw new Error('The database was opened without SECRET_KEY, so Flipsite cannot encrypt sensitive data.');
  return first;
}
