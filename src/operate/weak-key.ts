/** Finds secret keys that are not random. */

export interface UsedKeys {
  /** The current key, and its place: `SECRET_KEY` or the path of a file. Undefined before the first start. */
  current: { place: string; key: Buffer } | undefined;
  former: Buffer[];
}

/** Of 32 random bytes about 30 are different. Fewer than one random key in a billion has less variety than this. */
const MIN_DIFFERENT = 20;

/** A sentence for the operator about each key that is easy to guess, such as zeros, a count or a text. */
export function findWeakKeys({ current, former }: UsedKeys): string[] {
  return [
    ...(current && isWeak(current.key)
      ? [`The key in ${current.place} is not random, so it is easy to guess. Set SECRET_KEY to the output of openssl rand -base64 32, and FORMER_SECRET_KEYS to the key of now.`] // prettier-ignore
      : []),
    ...(former.some(isWeak)
      ? ['A key in FORMER_SECRET_KEYS is not random, so others can guess it and sign links with it. Remove it once you need no data of its time.'] // prettier-ignore
      : []),
  ];
}

/** The steps from byte to byte show a key that counts. */
const isWeak = (key: Buffer): boolean =>
  [key, key.map((byte, at) => byte - (key[at - 1] ?? 0))].some((bytes) => new Set(bytes).size < MIN_DIFFERENT);
