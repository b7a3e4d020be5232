/** Common names and codes of languages that differ from ours. */
const OTHER_NAMES = new Map([
  ['tl', 'fil'],
  ['tagalog', 'fil'],
  ['filipino', 'fil'],
  ['in', 'id'],
  ['bahasa', 'id'],
  ['indonesian', 'id'],
  ['cn', 'zh'],
  ['chinese', 'zh'],
  ['arabic', 'ar'],
  ['spanish', 'es'],
  ['english', 'en'],
]);

/**
 * The code that `written` probably means: `fil` for `tl`, `zh` for `zh-CN` and `zh-Hans`, which add a country or a
 * script.
 */
export function languageCodeOf(written: string): string {
  const [name = ''] = written.toLowerCase().split(/[-_ ]/);
  return OTHER_NAMES.get(name) ?? name;
}
