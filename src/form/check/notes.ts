/** Notes: facts worth knowing about a form without faults. */
import { brandColors } from '../settings/brand.ts';
import type { Form } from '../schema.ts';

/** The notes about `form`, as complete sentences that begin with a small letter. */
export function notesOf({ brand }: Form): string[] {
  if (!brand?.color) return [];
  const { adjusted, contrast, light } = brandColors(brand.color);
  if (!adjusted) return [];
  const ratio = `${(Math.floor(contrast * 10) / 10).toFixed(1)}:1`;
  return [
    `your color ${brand.color} is too light for text on a light page (contrast ${ratio}, at least 4.5:1 is needed). Flipsite uses ${light.accent} there instead`,
  ];
}
