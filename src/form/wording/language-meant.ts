/** What people call a language that we call otherwise. */
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

/** The name that `written` probably stands for: `fil` for `tl`, `zh` for `zh-CN` and `zh-Hans`, which add where or how it is written. */
export function languageMeant(written: string): string {
  const [name = ''] = written.toLowerCase().split(/[-_ ]/);
  return OTHER_NAMES.get(name) ?? name;
}
