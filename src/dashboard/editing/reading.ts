/** The outline of a text with errors or doubts, for pages that name them as the outline of the editor does. */
import type { TextReading } from '../../form/edit/reading.ts';
import type { DashboardContext } from '../context.ts';

/** Undefined if the text has none, or the outline cannot show it. */
export async function readingFor(
  c: DashboardContext,
  faults: readonly unknown[],
  text: string | undefined,
): Promise<TextReading | undefined> {
  const reading = faults.length > 0 && text !== undefined ? await c.var.options.publisher.read(text) : undefined;
  return reading && !reading.outline.hasSyntaxError && reading.data !== undefined ? reading : undefined;
}
