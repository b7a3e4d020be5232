/**
 * A sparkline in a box of `width` by `height` with a margin of 2, as the `d` of two paths: a line and a
 * dot. The line has only complete days. Today is a dot, because its number is still growing.
 */
export function sparkline(perDay: number[], width: number, height: number): { line: string; today: string } {
  const highest = Math.max(1, ...perDay);
  const step = (width - 4) / Math.max(1, perDay.length - 1);
  const round = (part: number) => Number(part.toFixed(1));
  const points = perDay.map(
    (value, index) => `${round(2 + index * step)} ${round(height - 2 - (value / highest) * (height - 4))}`,
  );
  return { line: `M${points.slice(0, -1).join(' ')}`, today: `M${points.at(-1)}h0` };
}
