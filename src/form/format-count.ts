const plurals = new Intl.PluralRules('en');

/**
 * A count with its noun, such as `1 submission` or `1,000 submissions`.
 * @param one the singular of the noun
 * @param other its plural; the singular with an `s` unless given
 */
export function formatCount(count: number, one: string, other = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${plurals.select(count) === 'one' ? one : other}`;
}
