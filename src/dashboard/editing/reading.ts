/** What the outline of the editor shows of a text, for pages that name its errors as the outline does. */
import type { TextReading } from '../../form/edit/reading.ts';
import type { DashboardContext } from '../context.ts';

/** Undefined where the text has no errors to name, or the outline cannot show it. */
export async function readingFor(
  c: DashboardContext,
  faults: readonly unknown[],
  text: string | undefined,
): Promise<TextReading | undefined> {
  const reading = faults.length > 0 && text !== undefined ? await c.var.options.publisher.read(text) : undefined;
  return reading && !reading.outline.hasSyntaxError && reading.data !== undefined ? reading : undefined;
}
