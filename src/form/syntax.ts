/** What keeps a file from being YAML, in words of people who never read the YAML specification. */
import { fault, type Fault, type Source } from './faults.ts';

export function syntaxFaults(source: Source): Fault[] {
  const { errors } = source.document;
  if (source.unreadable) return [fault(source, 0, ...unreadableWords(source.unreadable))];
  // After a tab the indentation is guesswork, and so is every other complaint.
  const tabs = errors.filter((error) => error.code === 'TAB_AS_INDENT');
  return (tabs.length ? tabs : errors)
    .slice(0, MOST)
    .map((error) =>
      fault(
        source,
        error.pos[0],
        ...wordsFor(source, error.code, error.message.split(/ at line \d+/)[0] ?? '', error.pos[0]),
      ),
    );
}

/** What comes after so many is no news. */
const MOST = 20;

type Words = [message: string, remedy: string];

function wordsFor(source: Source, code: string, message: string, offset: number): Words {
  const line = source.text.slice(source.text.lastIndexOf('\n', offset - 1) + 1).split('\n')[0] ?? '';
  const before = source.text.slice(0, offset).split('\n').slice(-3).join('\n');
  if (code === 'DUPLICATE_KEY') {
    const key = /^["']?([\w-]+)/.exec(source.text.slice(offset))?.[1];
    return [`${key ? `\`${key}\`` : 'this key'} stands twice in the same place`, 'Keep one of the two.'];
  }
  if (code === 'TAB_AS_INDENT')
    return ['this line is indented with a tab', 'Replace the tab by spaces: two for each level.'];
  if (code === 'MULTIPLE_DOCS') return ['a second document begins here', 'A file holds one form: remove the line ---.'];
  if (/compact mappings/.test(message)) return ['this text holds ": "', inQuotes(line, afterColon(line))];
  if (/\{[^}"']*\s#/.test(before)) {
    return [
      'a { before this line is not closed',
      'A # after a space starts a comment. Put a colour in quotes: "#0b6e4f".',
    ];
  }
  const braced = /(?:([\w-]+):\s*)?(\{ ?\w+ ?\}\s*)$/.exec(before);
  if (/at node end/.test(message) && braced) {
    const rest = source.text.slice(offset).split('\n')[0] ?? '';
    const inFlow = /[[{]/.test(before.slice(before.lastIndexOf('\n') + 1, -(braced[2]?.length ?? 0)));
    const text = (braced[2] ?? '') + (inFlow ? rest.replace(/\s*[,}\]].*$/, '') : rest).trim();
    const key = braced[1] ? `${braced[1]}: ` : '';
    return ['this text begins with {, which YAML reads as a map', inQuotes(line, text, key)];
  }
  const open = [...before.matchAll(/[[{]/g)].length - [...before.matchAll(/[\]}]/g)].length;
  if (open > 0) return ['a { or [ before this line is not closed', 'Close each { with } and each [ with ].'];
  if (code === 'BAD_INDENT') {
    return [
      'this line is not indented like its neighbours',
      'Give all entries of one list or map the same number of spaces.',
    ];
  }
  if (/flow (map|sequence|collection)|expected .* to end/i.test(message)) {
    return ['a { or [ is not closed', 'Close each { with } and each [ with ].'];
  }
  if (/at node end/.test(message))
    return ['this text begins with a sign that means something else in YAML', inQuotes(line, afterColon(line))];
  return [
    `this is not YAML: ${message}`,
    'A text that holds ": " or " #", or begins with { [ & * ! | > % @, goes in quotes.',
  ];
}

/** What to write; but never the password of a form, which a fault would carry into the dashboard. */
const inQuotes = (line: string, text: string, key = ''): string =>
  /\bpas+w/.test(line) ? 'Put the whole text in quotes.' : `Put the whole text in quotes: ${key}"${text}".`;

const afterColon = (line: string): string =>
  line
    .replace(/^\s*(- )?[\w-]+:\s*/, '')
    .replaceAll('"', "'")
    .trim();

function unreadableWords(message: string): Words {
  if (message === 'too deep')
    return [
      'the file is nested too deeply for a form',
      'A form is a few levels deep: look for a { or [ that is never closed.',
    ];
  if (/excessive/i.test(message))
    return [
      'the file repeats parts of itself without bound',
      'Write texts out instead of repeating them with * and &.',
    ];
  return [`a * in the file names nothing: ${message}`, 'A text that begins with * goes in quotes.'];
}
