/** A new value as small changes of the old one, so that equal parts keep their lines. */
import { isList, isMapValue, isSameValue, type Path, type Value } from './value.ts';

export type SmallChange = { path: Path; do: 'set' | 'add'; value: Value } | { path: Path; do: 'remove' };

/** The smallest changes that turn the value at `path` into another one. */
export function stepsOfDifference(before: Value | undefined, after: Value | undefined, path: Path): SmallChange[] {
  if (after === undefined || isSameValue(before, after)) return [];
  if (before === undefined) return [{ path, do: 'add', value: after }];
  if (isMapValue(before) && isMapValue(after) && Object.keys(before).length) {
    const kept = Object.keys(before).filter((key) => Object.hasOwn(after, key));
    const added = Object.keys(after).filter((key) => !Object.hasOwn(before, key));
    if (!kept.length) return [{ path, do: 'set', value: after }];
    return [
      ...kept.flatMap((key) => stepsOfDifference(before[key], after[key], [...path, key])),
      ...Object.keys(before).filter((key) => !Object.hasOwn(after, key)).map((key): SmallChange => ({ path: [...path, key], do: 'remove' })),
      ...added.map((key): SmallChange => ({ path: [...path, key], do: 'add', value: after[key] ?? null })),
    ]; // prettier-ignore
  }
  if (isList(before) && isList(after) && before.length && after.length) return stepsOfLists(before, after, path);
  return [{ path, do: 'set', value: after }];
}

function stepsOfLists(before: Value[], after: Value[], path: Path): SmallChange[] {
  let start = 0;
  let end = 0;
  const maxCommon = Math.min(before.length, after.length);
  while (start < maxCommon && isSameValue(before[start], after[start])) start++;
  while (end < maxCommon - start && isSameValue(before[before.length - 1 - end], after[after.length - 1 - end])) end++;
  const [gone, come] = [before.length - start - end, after.length - start - end];
  const common = Math.min(gone, come);
  const steps: SmallChange[] = [];
  for (let at = start; at < start + common; at++)
    steps.push(...stepsOfDifference(before[at], after[at], [...path, at]));
  for (let at = start + gone - 1; at >= start + common; at--) steps.push({ path: [...path, at], do: 'remove' });
  for (let at = start + common; at < start + come; at++) steps.push({ path: [...path, at], do: 'add', value: after[at] ?? null }); // prettier-ignore
  return steps;
}
