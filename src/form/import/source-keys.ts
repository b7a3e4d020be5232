/** Reads one object of a source, and knows the keys that were not read. */

export interface SourceKeys {
  /** The value of the first of `names` that exists. All of them count as read. */
  get(...names: string[]): unknown;
  text(...names: string[]): string | undefined;
  number(...names: string[]): number | undefined;
  /** Whether the value is `true`, or the word. */
  isTrue(...names: string[]): boolean;
  list(...names: string[]): unknown[];
  /** The text under `name` as `parse` reads it. It counts as read only if `parse` finds a value. */
  parsed<T>(name: string, parse: (text: string) => T | undefined): T | undefined;
  /** The value under `name`. It does not count as read. */
  peek(name: string): unknown;
  /** Marks keys as read. */
  skip(...names: readonly string[]): void;
  /** The keys with a value that were not read. */
  unread(): string[];
}

/** @param value anything. If it is no object, it has no keys */
export function readKeys(value: unknown): SourceKeys {
  const object = isObject(value) ? value : {};
  const read = new Set<string>();
  const get = (...names: string[]): unknown => {
    names.forEach((name) => read.add(name));
    const name = names.find((one) => Object.hasOwn(object, one) && object[one] !== null);
    return name === undefined ? undefined : object[name];
  };
  return {
    get,
    text(...names) {
      const found = get(...names);
      return typeof found === 'string' && found.trim() ? found : typeof found === 'number' ? String(found) : undefined;
    },
    number(...names) {
      const found = get(...names);
      const number = typeof found === 'string' && found.trim() ? Number(found) : found;
      return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
    },
    isTrue: (...names) => [true, 'true'].includes(get(...names) as boolean | string),
    list(...names) {
      const found = get(...names);
      return Array.isArray(found) ? found : [];
    },
    parsed(name, parse) {
      const found = object[name];
      const value = typeof found === 'string' ? parse(found) : undefined;
      if (value !== undefined) read.add(name);
      return value;
    },
    peek: (name) => (Object.hasOwn(object, name) ? object[name] : undefined),
    skip: (...names) => names.forEach((name) => read.add(name)),
    unread: () => Object.keys(object).filter((name) => !read.has(name) && !isEmpty(object[name])),
  };
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Values that ask for nothing. */
const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === false || value === '' || (typeof value === 'object' && Object.keys(value).length === 0); // prettier-ignore
