/** The generated parts of a document, each between `<!-- generated: NAME -->` and `<!-- end -->`. */
const PART = /(<!-- generated: (.+?) -->\n)[^]*?(<!-- end -->)/g;

/**
 * @param file the path of the document, for the error
 * @param document its text
 * @param parts Markdown by the name of the part
 * @returns the text with each part written again, not yet formatted
 * @throws if the document names a part that does not exist, or lacks one that does
 */
export function fillGeneratedParts(file: string, document: string, parts: Record<string, string>): string {
  const used = [...document.matchAll(PART)].map(([, , name = '']) => name);
  const wrong = [...used.filter((name) => !parts[name]), ...Object.keys(parts).filter((name) => !used.includes(name))];
  if (wrong.length) throw new Error(`${file} and the code differ in: ${wrong.join(', ')}`);
  return document.replace(PART, (_, begin: string, name: string, end: string) => `${begin}\n${parts[name]}\n\n${end}`);
}
