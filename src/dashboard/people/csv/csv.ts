/** CSV by RFC 4180 that is safe to open in a spreadsheet. */

/** A byte order mark. Without it, Excel does not read the file as UTF-8. */
export const BOM = '\uFEFF';

export function csvLine(cells: string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(text: string): string {
  const safe = (startsFormula(text) ? `'${text}` : text).replace(INNER_FORMULA, "'$&");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Finds a formula that begins inside an answer. In countries such as Spain and Indonesia, Excel separates cells by
 * semicolons, and others by tabs. Then a semicolon, a tab or a new line in an answer can begin a cell, also before a
 * quotation mark. Lists with hyphens, and lines that are numbers, stay as they are.
 * The pattern looks back from the sign: looking ahead from each of many empty lines takes quadratic time.
 */
const INNER_FORMULA =
  /(?<=[;\t\r\n][\s"]*)[=@＝＠]|(?<=;[\s"]*)[+\-＋－]|(?<=[\t\r\n][\s"]*)([+＋](?!\d[\d ().-]*(?![^\t\r\n;]))|[-－](?![\s-]|\d+([.,]\d+)?(?![^\t\r\n;])))/g;

/**
 * Whether a spreadsheet could run `text` as a formula (OWASP, CSV Injection). Phone numbers such as +63 917 123 4567
 * and negative numbers such as -12.5 are harmless. With an apostrophe, no one could call or add them. A phone number
 * without spaces is not harmless: it becomes 6.39E+11.
 */
function startsFormula(text: string): boolean {
  if (/^\+\d{1,4}( \d+)+$/.test(text) || /^-\d+(\.\d+)?$/.test(text)) return false;
  // Excel in Chinese or Japanese reads the wide signs like the narrow ones.
  return /^[=+\-@＝＋－＠\t\r\n]/.test(text);
}
