/** Names a part of a form for people. */
import { valueAt } from './schema-at.ts';

const NAMES: Record<string, string> = {
  screens: 'screen', fields: 'field', endings: 'ending', options: 'option', examples: 'example', next: 'rule', notify: 'notification', links: 'link',
}; // prettier-ignore

/** Whether the part at `path` is an entry of a list with names for its entries. */
export const isNamed = (path: PropertyKey[]): boolean => String(path.at(-2)) in NAMES;

/** The name of the part at `path`: "field `full_name`", "screen `about`", "rule 2 of screen `about`", "the form". */
export function nodeLabel(data: unknown, path: PropertyKey[]): string {
  const last = path.at(-1);
  if (
    typeof last === 'string' &&
    ['wink', 'brand', 'limits', 'match', 'monthly_income', 'invite', 'share', 'embed', 'when', 'show_when'].includes(
      last,
    )
  )
    return path.length > 1 ? `\`${last}\` of ${nodeLabel(data, path.slice(0, -1))}` : `\`${last}\``;
  if (typeof last !== 'number' || !isNamed(path)) return path.length ? nodeLabel(data, path.slice(0, -1)) : 'the form';
  const name = NAMES[String(path.at(-2))] ?? '';
  const thing = valueAt(data, path);
  const called = ['id', 'value', 'name'].map((key) => valueAt(thing, [key])).find((one) => typeof one === 'string');
  if (typeof called === 'string') return `${name} \`${called}\``;
  const owner = name === 'rule' || name === 'option' ? ` of ${nodeLabel(data, path.slice(0, -2))}` : '';
  return `${name} ${last + 1}${owner}`;
}
