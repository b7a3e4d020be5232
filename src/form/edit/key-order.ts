/** The place of a new key among the keys that a map has: after those that usually come before it. */
import type { Path } from './value.ts';

/** The usual order of keys. Keys that a map has already never move. */
const USUAL: Record<'form' | 'part', readonly string[]> = {
  form: [
    'title', 'example', 'description', 'languages', 'brand', 'params', 'review', 'proof_of_work', 'password', 'limits', 'retention',
    'match', 'notify', 'invite', 'links', 'share', 'embed', 'screens', 'endings', 'examples',
  ],
  part: [
    'id', 'value', 'name', 'utm', 'source', 'medium', 'campaign', 'params', 'language', 'closes', 'email', 'webhook', 'secret_env', 'when', 'go', 'type', 'country', 'currency', 'title', 'label', 'text', 'help', 'required', 'default',
    'placeholder', 'sensitive', 'autocomplete', 'format', 'pattern', 'pattern_hint', 'min_length', 'max_length', 'min', 'max', 'step', 'min_label',
    'max_label', 'accept', 'max_size', 'max_files', 'show_when', 'outcome', 'redirect', 'fields', 'wink', 'options', 'other', 'none_of_these', 'next',
    'answers', 'ends',
  ],
}; // prettier-ignore

/** The index at which `key` is added to a map at `path` that has `keys`. A key without a usual place comes last. */
export function placeOfKey(keys: readonly string[], key: string, path: Path): number {
  const order = USUAL[path.length ? 'part' : 'form'];
  const rank = order.indexOf(key);
  if (rank < 0) return keys.length;
  const before = keys.findLastIndex((one) => order.includes(one) && order.indexOf(one) < rank);
  if (before >= 0) return before + 1;
  // Keys without a known place stay in front.
  const after = keys.findIndex((one) => order.indexOf(one) > rank);
  return after < 0 ? keys.length : after;
}
