/** The lines that differ between two texts of a form. */
import { structuredPatch } from 'diff';
import { withoutPictures } from '../../form/settings/logo-name.ts';

/** The lines around each difference. `kind`: whether only the text after the changes has the line, only the one before, or both */
export type TextDifference = { from: number; lines: { kind: 'added' | 'removed' | 'both'; text: string }[] }[];

/** More differences take too long to find, and no one reads them. */
const MAX_DIFFERENCES = 3_000;
const MAX_MS = 500;

/** The differences between two texts, by line. Undefined where there are too many. */
export function differenceOf(before: string, after: string): TextDifference | undefined {
  const bounds = { context: 3, maxEditLength: MAX_DIFFERENCES, timeout: MAX_MS };
  const patch = structuredPatch('', '', before, after, '', '', bounds);
  const KINDS = { '+': 'added', '-': 'removed', ' ': 'both' } as const;
  return patch?.hunks.map(({ newStart, lines }) => ({
    from: newStart,
    lines: lines.flatMap((line) => {
      const kind = KINDS[line.charAt(0) as keyof typeof KINDS] as 'added' | 'removed' | 'both' | undefined;
      return kind ? [{ kind, text: withoutPictures(line.slice(1)) }] : [];
    }),
  }));
}
