/** The websites that may show a form, in a text that may have errors. */
import { readFormSource } from '../parse.ts';

/** @returns the texts under `embed`. Undefined if the text is no readable YAML */
export function websitesIn(text: string): string[] | undefined {
  const { data } = readFormSource('', text);
  if (data === undefined) return undefined;
  const allow = (data as { embed?: { allow?: unknown } | null } | null)?.embed?.allow;
  return Array.isArray(allow) ? allow.filter((one) => typeof one === 'string') : [];
}
