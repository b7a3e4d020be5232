/**
 * Counts requests by address in windows of one second. @returns a function that tells whether a request is over the
 * limit
 */
export function rateLimit(): (address: string, perSecond: number) => boolean {
  let second = 0;
  let counts = new Map<string, number>();

  return (address, perSecond) => {
    if (perSecond === 0) return false;
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) [second, counts] = [now, new Map()];
    const count = (counts.get(address) ?? 0) + 1;
    counts.set(address, count);
    return count > perSecond;
  };
}
