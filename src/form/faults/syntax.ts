/** Explains errors in the YAML of a file, for people who never read the YAML specification. */
import { isCollection, isNode, isPair, isScalar, type YAMLParseError } from 'yaml';
import { fault, readSource, type FormFault, type Source } from './faults.ts';
import { withoutPassword } from './frame.ts';

export interface ReadPastErrors {
  faults: FormFault[];
  /** The source that was read in the end. It has no data if the rest of the file would be guesswork. */
  source: Source;
  /** The places with a placeholder for an unreadable part. */
  wrong: PropertyKey[][];
}

/** Reports the errors in the YAML of a file. Continues to read it where the fix is clear. */
export function readPastErrors(source: Source): ReadPastErrors {
  if (source.unreadable) return { faults: [fault(source, 0, ...unreadableWords(source))], source, wrong: [] };
  const faults: FormFault[] = [];
  const spans: Span[] = [];
  while (source.document.errors.length) {
    const { errors } = source.document;
    const reported = tell(source, errors);
    // Something else made this line unreadable.
    if (reported.some(({ fault }) => faults.some(({ line }) => line === fault.line))) break;
    faults.push(...reported.map(({ fault }) => fault));
    if (errors[0]?.code === 'DUPLICATE_KEY') return { ...withRepeats(source, spans), faults };
    const found = reported.map(({ span }) => span);
    if (faults.length >= MAX_FAULTS || found.includes(undefined)) break;
    const these = found.filter((span) => span !== undefined);
    spans.push(...these);
    source = readSource(source.file, these.reduce(blankOut, source.text), source.original);
  }
  const last = faults.at(-1);
  if (source.document.errors.length && last)
    faults.splice(-1, 1, { ...last, remedy: `${last.remedy ?? ''} Then check again, because Flipsite could not read the rest of the file.` }); // prettier-ignore
  return { faults, source, wrong: placesOf(source, spans) };
}

/** The range of a text that needs quotes. */
type Span = [start: number, end: number];

const blankOut = (text: string, [start, end]: Span): string =>
  `${text.slice(0, start)}x${' '.repeat(end - start - 1)}${text.slice(end)}`;

const placesOf = ({ document }: Source, spans: Span[]): PropertyKey[][] =>
  spans.map(([start]) => pathAt(document.contents, start)).filter((path) => path.length > 0);

/** The path of the part at a character offset below `node`. */
function pathAt(node: unknown, offset: number): PropertyKey[] {
  if (!isCollection(node)) return [];
  for (const [index, item] of node.items.entries()) {
    const [key, value]: [unknown, unknown] = isPair(item) ? [item.key, item.value] : [undefined, item];
    const name = isScalar(key) ? String(key.value) : index;
    if (isNode(key) && key.range && offset >= key.range[0] && offset < key.range[1]) return [name];
    if (isNode(value) && value.range && offset >= value.range[0] && offset < value.range[2])
      return [name, ...pathAt(value, offset)];
  }
  return [];
}

/** The data with repeated keys. An entry of a list with a repeated key may be two entries with a missing dash. */
function withRepeats(source: Source, spans: Span[]): Omit<ReadPastErrors, 'faults'> {
  const { document } = source;
  const wrong = document.errors.map(({ pos }) => {
    const path = pathAt(document.contents, pos[0]);
    return typeof path.at(-2) === 'number' ? path.slice(0, -1) : path;
  });
  try {
    return { source: { ...source, data: document.toJS() }, wrong: [...placesOf(source, spans), ...wrong] };
  } catch {
    return { source, wrong: [] };
  }
}

/** The faults of one reading, each with the text that should be in quotes, if it is one. */
function tell(source: Source, errors: YAMLParseError[]): { fault: FormFault; span: Span | undefined }[] {
  const found: { fault: FormFault; span: Span | undefined }[] = [];
  const indentedByTab = errors.filter((error) => error.code === 'TAB_AS_INDENT');
  for (const { code, message, pos } of indentedByTab.length ? indentedByTab : errors) {
    const [offset] = pos;
    const unclosed = /^Missing closing ["']quote/.test(message);
    const words =
      curlyWords(source.text, offset) ??
      (unclosed || atNodeEnd(message) ? quoteWords(source, offset, unclosed) : undefined) ??
      wordsFor(source, code, message.split(/ at line \d+/)[0] ?? '', offset);
    const reported = fault(source, words.at ?? offset, words.message, words.remedy);
    if (found.at(-1)?.fault.line !== reported.line) found.push({ fault: reported, span: words.span });
    // The parser's next errors may only follow from this one.
    if (!words.goesOn || found.length === MAX_FAULTS) break;
  }
  return found;
}

/** More faults would not help an author. */
const MAX_FAULTS = 20;

interface Words {
  message: string;
  remedy: string;
  /** The offset, if it is not where the parser found the error. */
  at?: number;
  /** Whether the parser still reads the rest of the file correctly. */
  goesOn?: boolean;
  /** The text that should be in quotes. With a placeholder there, the file can be read on. */
  span?: Span | undefined;
}

const INDENTED_OTHERWISE: Words = {
  message: 'this line is not indented like the lines around it',
  remedy: 'Indent all entries of one list or map with the same number of spaces.',
};

const atNodeEnd = (message: string): boolean => message.includes('at node end');

function wordsFor(source: Source, code: string, message: string, offset: number): Words {
  const line = lineAround(source.text, offset);
  const before = source.text.slice(0, offset).split('\n').slice(-3).join('\n');
  if (code === 'DUPLICATE_KEY') {
    const key = /^["']?([\w-]+)/.exec(source.text.slice(offset))?.[1];
    // A list's name says that a new entry may begin here, without its dash.
    const entry = /^\w+(?=s$)/.exec(message)?.[0];
    return {
      message: `duplicate key${key ? ` \`${key}\`` : ''}`,
      remedy: entry ? `Delete one of the two, or start a new ${entry} with \`- ${key}:\`.` : 'Delete one of the two.',
      goesOn: true,
    };
  }
  if (code === 'TAB_AS_INDENT')
    return {
      message: 'this line is indented with a tab',
      remedy: 'Replace the tab with spaces, two for each level.',
      goesOn: true,
    };
  if (code === 'MULTIPLE_DOCS')
    return { message: 'a second document starts here', remedy: 'Delete the line `---`. A file contains one form.' };
  const open = [...before.matchAll(/[[{]/g)].length - [...before.matchAll(/[\]}]/g)].length;
  const lacksColon = /^Implicit (?:map )?keys need/.test(message);
  if (lacksColon && open <= 0)
    return {
      message: 'a colon and a space are missing on this line',
      remedy: 'Write it like `title: About you`.',
    };
  if (/compact mappings/.test(message)) {
    const text = afterColon(line);
    // A key below a text belongs to the text if it is indented further.
    const at = source.text.indexOf('\n', offset) + 1;
    if (!text.includes(':') && /^ *(- )?\w+:/.test(source.text.slice(at))) return { ...INDENTED_OTHERWISE, at };
    return {
      message: 'this text contains ": ", so it needs quotes',
      remedy: inQuotes(source, offset, text),
      goesOn: true,
      span: valueIn(source.text, offset),
    };
  }
  if (/\{[^}"']*\s#/.test(before)) {
    return {
      message: 'a { before this line is never closed',
      remedy: 'Put a color in quotes, like "#0b6e4f". A # after a space starts a comment.',
    };
  }
  const braced = /(?:([\w-]+):\s*)?(\{ ?\w+ ?\}\s*)$/.exec(before);
  if (atNodeEnd(message) && braced) {
    const rest = source.text.slice(offset).split('\n')[0] ?? '';
    const inFlow = /[[{]/.test(before.slice(before.lastIndexOf('\n') + 1, -(braced[2]?.length ?? 0)));
    const text = (braced[2] ?? '') + (inFlow ? rest.replace(/\s*[,}\]].*$/, '') : rest).trim();
    const key = braced[1] ? `${braced[1]}: ` : '';
    return {
      message: 'this text starts with {, so it needs quotes',
      remedy: inQuotes(source, offset, text, key),
      goesOn: true,
      span: spanOf(source.text, text, offset - (braced[2]?.length ?? 0)),
    };
  }
  if (lacksColon || (code === 'BLOCK_IN_FLOW' && line.includes('}')))
    return {
      message: 'a comma or quotes are missing on this line',
      remedy: 'Write a comma between two keys, or put the text in quotes.',
    };
  if (open > 0)
    return { message: 'a { or [ before this line is never closed', remedy: 'Close each { with } and each [ with ].' };
  if (code === 'BAD_INDENT' || /without - indicator/.test(message)) return INDENTED_OTHERWISE;
  if (/flow (map|sequence|collection)|expected .* to end/i.test(message))
    return { message: 'a { or [ is never closed', remedy: 'Close each { with } and each [ with ].' };
  // Quotes around it would make a text of its keys.
  if (atNodeEnd(message) && /\{[^}]*:\s[^]*\}\s*$/.test(before.slice(before.lastIndexOf('\n') + 1)))
    return {
      message: 'there is text after the } of this line',
      remedy: 'Delete the text after the }, or write it before the }.',
    };
  if (atNodeEnd(message))
    return {
      message: 'this text starts with a character that has a special meaning in YAML',
      remedy: inQuotes(source, offset, afterColon(line)),
      span: valueIn(source.text, offset),
    };
  return {
    // It may repeat a part of the text, which may be all of it.
    message: `YAML cannot read this${isSecret(source, offset) ? '' : `: ${message.slice(0, 200)}`}`,
    remedy: 'Put a text in quotes if it contains ": " or " #", or starts with one of { [ & * ! | > % @.',
  };
}

/** The problem of the quotes in the text that was read up to `offset`. */
function quoteWords(source: Source, offset: number, unclosed: boolean): Words | undefined {
  const { text } = source;
  const head = text.slice(0, offset).trimEnd();
  const quote = unclosed ? (/["'](?=[^"']*$)/.exec(head)?.[0] ?? '') : (head.at(-1) ?? '');
  if (quote !== '"' && quote !== "'") return undefined;
  const opens = head.lastIndexOf(quote, unclosed ? undefined : head.length - 2);
  const line = lineAround(text, opens);
  const rest = text.slice(offset).split('\n')[0] ?? '';
  if (!unclosed && quote === "'" && /\p{L}'$/u.test(text.slice(opens, offset)) && /^\p{L}/u.test(rest)) {
    const whole = text.slice(opens + 1, offset) + (/^(.*?)'\s*(?:[,}\]]|$)/.exec(rest)?.[1] ?? rest).trim();
    const end = text.indexOf("'", offset) + 1;
    const span: Span | undefined = end > offset && !text.slice(opens, end).includes('\n') ? [opens, end] : undefined;
    return {
      message: "the ' inside this text ends it too early",
      remedy: inQuotes(source, opens, whole),
      at: offset - 1,
      span,
    };
  }
  if (unclosed || head.slice(opens).includes('\n') || line.split(quote).length % 2 === 0)
    return { message: 'this quote is never closed', remedy: `Add ${quote} at the end of the text.`, at: opens };
  return {
    message: `this text ends at its second ${quote}`,
    remedy: quote === '"' ? 'Write \\" for a quote inside "…".' : "Write '' for a quote inside '…'.",
    at: head.length - 1,
  };
}

/** The quotes that text programs write in place of `"`. YAML reads them as letters. */
function curlyWords(text: string, offset: number): Words | undefined {
  const lineBegins = text.lastIndexOf('\n', offset - 1) + 1;
  const begins = lineBegins + (/^(?:.*[:,[{-] )?/.exec(text.slice(lineBegins, offset))?.[0].length ?? 0);
  if (!/^[“”„‘’«]/.test(text.slice(begins))) return undefined;
  const whole = /^.[^“”„‘’«»\n]*[“”‘’»]/.exec(text.slice(begins))?.[0];
  const span = whole === undefined ? undefined : spanOf(text, whole, begins);
  return {
    message: '“ and ” are curly quotes',
    remedy: 'Replace them with straight quotes, like "…".',
    at: begins,
    span,
  };
}

const spanOf = (text: string, part: string, from: number): Span | undefined => {
  const start = text.indexOf(part, from);
  return start < 0 || !part ? undefined : [start, start + part.length];
};

/** All text after the key of a line. Inside { } the end of a text is not certain. */
function valueIn(text: string, offset: number): Span | undefined {
  const begins = text.lastIndexOf('\n', offset - 1) + 1;
  const line = lineAround(text, offset);
  const before = /^\s*(?:- )?[\w-]+:[ ]+/.exec(line)?.[0] ?? line;
  const value = line.slice(before.length).trimEnd();
  return !value || /^[{[]/.test(value) ? undefined : [begins + before.length, begins + before.length + value.length];
}

/** The line that contains `offset`. */
const lineAround = (text: string, offset: number): string =>
  text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n')[0] ?? '';

/** The text to write, unless it is the password of a form. */
const inQuotes = (source: Source, offset: number, quoted: string, key = ''): string =>
  isSecret(source, offset) ? 'Put the text in quotes.' : `Put the text in quotes: ${key}"${quoted}".`;

/** Whether the line that contains `offset` has a part of the password of a form. */
const isSecret = (source: Source, offset: number): boolean =>
  withoutPassword(source).split('\n')[source.lines.linePos(offset).line - 1] !== lineAround(source.original, offset);

const afterColon = (line: string): string =>
  line
    .replace(/^\s*(- )?[\w-]+:\s*/, '')
    .replaceAll('"', "'")
    .trim();

function unreadableWords({ unreadable = '', text }: Source): [message: string, remedy: string] {
  if (unreadable === 'too deep')
    return ['the file is nested too deeply', 'Look for a { or [ that is never closed. A form has only a few levels.'];
  if (/excessive/i.test(unreadable))
    return ['the file repeats its own parts too often', 'Write the parts out instead of repeating them with * and &.'];
  // The name may be a password.
  const name = /pas+w/i.test(text) ? '' : `: ${unreadable}`;
  return [`a * in the file refers to something that does not exist${name}`, 'Put a text that starts with * in quotes.'];
}
