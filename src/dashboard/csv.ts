/** CSV as RFC 4180 has it, safe to open in a spreadsheet. */

/** A byte order mark: without it Excel takes UTF-8 for something else. */
export const BOM = '\uFEFF';

export function csvLine(cells: string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(text: string): string {
  const safe = (startsFormula(text) ? `'${text}` : text).replace(INNER_FORMULA, "'$&");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Where cells are parted by semicolons, as in Spain and Indonesia, Excel takes a quotation mark within a line for itself: a
 * semicolon or a new line in an answer begins a cell then. Lists of lines that begin with a hyphen are left as they are.
 * It looks back from the sign, since looking ahead from each of many empty lines costs the square of their number.
 */
const INNER_FORMULA = /(?<=[;\r\n]\s*)[=@＝＠]|(?<=;\s*)[+\-＋－]/g;

/**
 * Whether a spreadsheet could run `text` as a formula (OWASP, CSV Injection). A phone number such as +63 917 123 4567
 * and a negative number such as -12.5 only look like one: digits alone compute nothing, and an apostrophe would spoil
 * them for reading, calling and adding up. A phone number needs its spaces, or it becomes 6.39E+11.
 */
function startsFormula(text: string): boolean {
  if (/^\+\d{1,4}( \d+)+$/.test(text) || /^-\d+(\.\d+)?$/.test(text)) return false;
  // Excel in Chinese or Japanese takes the wide signs for the narrow ones.
  return /^[=+\-@＝＋－＠\t\r\n]/.test(text);
}
