/** A value that a person changes in several steps. It is written only when it is complete. */
import { useState } from 'preact/hooks';

/**
 * @param written the value in the text. A change of it from elsewhere replaces the unfinished one
 * @param write takes a complete value
 * @returns the value to show, the function that takes a changed one, and whether it differs from the text
 */
export function useUnfinished<T>(
  written: T,
  isComplete: (value: T) => boolean,
  write: (value: T) => void,
): [T, (next: T) => void, boolean] {
  const from = JSON.stringify(written);
  const [begun, setBegun] = useState<{ from: string; value: T }>();
  const change = (value: T): void => {
    const isDone = isComplete(value);
    setBegun(isDone ? undefined : { from, value });
    if (isDone) write(value);
  };
  // A value that the text does not have has no JSON either, so `begun` is looked at first.
  const isBegun = begun !== undefined && begun.from === from;
  return [isBegun ? begun.value : written, change, isBegun];
}
