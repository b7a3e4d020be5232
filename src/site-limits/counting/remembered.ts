/** Remembers the results of a function, for a bounded number of texts. */

const MAX_TEXTS = 1_000;

/**
 * @param find gives the same result for the same text, and is slower than to find the text in a map. The texts are short
 * @returns the same function. It forgets all results when there are too many of them
 */
export function remembered<T>(find: (text: string) => T & {}): (text: string) => T {
  const known = new Map<string, T & {}>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const found = find(text);
    if (known.size >= MAX_TEXTS) known.clear();
    known.set(text, found);
    return found;
  };
}
