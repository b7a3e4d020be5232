/** The data of a form → the text of its file, as a person would lay it out. */
import type { ValueMap } from '../edit/value.ts';
import { printPair, type Style } from '../edit/print.ts';

const STYLE: Style = { eol: '\n', step: 2, dash: 2, quote: "'" };

/** @param comments lines above the form */
export function writeForm(data: ValueMap, comments: string): string {
  const parts = Object.entries(data).map(([key, value]) => {
    const written = printPair(key, value, { style: STYLE, column: 0 });
    if (key !== 'screens') return key === 'endings' ? `\n${written}` : written;
    // Screens stand apart.
    return `\n${written.replaceAll('\n  - id: ', '\n\n  - id: ').replace('\n\n', '\n')}`;
  });
  return `${comments}${parts.join('\n')}\n`;
}
