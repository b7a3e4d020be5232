/**
 * The time without a key before work that delays keys: half as long again as the time between the last keys. Pure.
 *
 * @param betweenKeys in ms, like all others
 * @param least the result after a time of `slow` or more, which is a pause already
 * @param slow the most
 */
export const pauseAfter = (betweenKeys: number, least: number, slow: number): number =>
  betweenKeys < slow ? Math.min(slow, Math.max(least, 1.5 * betweenKeys)) : least;
