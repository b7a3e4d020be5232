/** The checks of documents, messages and comments find mistakes, name their place, and accept good text. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkProject } from '../../../scripts/prose/check.ts';
import { commentsIn } from '../../../scripts/prose/comments.ts';
import { printFinding } from '../../../scripts/prose/finding.ts';
import { messagesIn } from '../../../scripts/prose/messages.ts';
import { checkPassage } from '../../../scripts/prose/rules.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** Checks a project of these files. @returns a line for each finding */
function check(files: Record<string, string>): string[] {
  const root = mkdtempSync(path.join(tmpdir(), 'flipsite-prose-'));
  folders.push(root);
  const list = Object.keys(files).flatMap((file) =>
    file.endsWith('.md') ? [`- [A](${file.replace('docs/', '')})`] : [],
  );
  const map = `# Documents\n\n${list.join('\n')}\n`;
  for (const [file, text] of Object.entries({ 'docs/README.md': map, 'src/x.ts': '', ...files })) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return checkProject(root).findings.map(printFinding);
}

const inSentence = (text: string) => checkPassage({ text, kind: 'paragraph', line: 1 }).map(({ message }) => message);
const words = (count: number) => `${'word '.repeat(count).trim()}.`;

describe('the rules of English', () => {
  it.each([
    ['Whoever opens the link can answer.', 'Whoever'],
    ['Nobody can read it.', 'Nobody'],
    ['The form is rendered anew.', 'anew'],
    ['The member shall decide.', 'shall'],
    ['Fill in the answers beforehand.', 'beforehand'],
    ['There are 3 errors to mend.', 'mend'],
    ['It says in words how the site is.', 'in words'],
    ['The database is whole.', 'is whole'],
    ['The error stands in the terminal.', 'stands in'],
    ['It tells of an error.', 'tells of'],
    ['What was owed is sent later.', 'What was owed'],
    ['Who has started can finish.', 'Who has started'],
    ['The form names the state and what people see.', 'and what people'],
    ['It depends on what Smile has.', 'on what Smile'],
    ['Choose your colour.', 'colour'],
    ['The behaviour is recognised.', 'behaviour'],
  ])('refuse: %s', (sentence, found) => {
    expect(inSentence(sentence).some((message) => message.includes(found))).toBe(true);
  });

  it.each([
    'Flipsite retries for two days.',
    'What happens if Smile is down?',
    'The message says what to do.',
    'People who have started can finish.',
    'Nobody new can start.',
    'Enter a whole number.',
    'The dashboard shows submissions, and says how many are hidden.',
    'Choose your color. Then save the file.',
  ])('accept: %s', (sentence) => {
    expect(inSentence(sentence)).toEqual([]);
  });

  it('warn of a sentence with more than 25 words, and refuse one with more than 30', () => {
    const [warned] = checkPassage({ text: words(26), kind: 'paragraph', line: 1 });
    const [refused] = checkPassage({ text: words(31), kind: 'paragraph', line: 1 });

    expect(inSentence(words(25))).toEqual([]);
    expect(warned).toMatchObject({ message: expect.stringContaining('26 words'), warning: true });
    expect(refused).toMatchObject({ message: expect.stringContaining('31 words'), warning: false });
  });

  it('count each sentence of a paragraph apart', () => {
    expect(inSentence(`${words(20)} Second ${words(20)}`)).toEqual([]);
  });

  it('end a sentence before one that begins with code', () => {
    expect(check({ 'docs/a.md': `# Title\n\n${words(20)} \`code\` ${words(20)}\n` })).toEqual([]);
  });

  it('refuse a semicolon in a paragraph, and a full stop in a heading', () => {
    expect(inSentence('It is saved; nothing is lost.')).toHaveLength(1);
    expect(checkPassage({ text: 'Back up.', kind: 'heading', line: 1 })).toHaveLength(1);
  });
});

describe('the check of documents', () => {
  it('says the file and the line of a bad sentence, and does not read code', () => {
    const text =
      '# Title\n\nThe first line is good,\nand nobody reads the second one.\n\n`nobody`\n\n```\nnobody\n```\n';

    expect(check({ 'docs/a.md': text })).toEqual([expect.stringMatching(/^docs\/a\.md:4 {2}"nobody": /)]);
  });

  it('reads lists and tables', () => {
    const text = '# Title\n\n- whoever\n\n| A | B |\n| --- | --- |\n| x | anew |\n';

    expect(check({ 'docs/a.md': text }).map((line) => line.split(' ')[0])).toEqual(['docs/a.md:3', 'docs/a.md:7']);
  });

  it('accepts links to files, folders, headings, pictures and the web', () => {
    const text = `# My \`title\` here

[a](b.md) [b](b.md#two-words) [c](../docs/) [d](#my-title-here) [e](https://acme.example/x?y=1#z) [f](mailto:a@b.example)
[g][h] ![A picture](a.png) <a href="b.md">i</a>

[h]: b.md
`;

    expect(check({ 'docs/a.md': text, 'docs/b.md': '# B\n\n## Two words\n', 'docs/a.png': '' })).toEqual([]);
  });

  it.each([
    ['[a](gone.md)', 'The link gone.md leads to no file.'],
    ['[a](#gone)', 'The link #gone leads to no heading. docs/a.md has: title.'],
    ['[a](README.md#gone)', 'The link README.md#gone leads to no heading. docs/README.md has: documents.'],
    ['[a](../src/)', 'The folder of the link ../src/ has no README.md.'],
    ['[a](../../secret.md)', 'The link ../../secret.md leaves the project. Write a relative path.'],
    ['[a](/docs/README.md)', 'The link /docs/README.md leaves the project. Write a relative path.'],
    ['![A picture](gone.png)', 'The link gone.png leads to no file.'],
    ['![](../src/x.ts)', 'The picture ../src/x.ts has no description. Write ![description](../src/x.ts).'],
    ['[a](https://)', 'https:// is not a valid address.'],
    ['[a](ftp://acme.example)', 'The link ftp://acme.example has the scheme ftp: Write https:, http: or mailto:.'],
    ['[a][gone]', 'No line defines the link [gone].'],
  ])('reports %s', (link, message) => {
    expect(check({ 'docs/a.md': `# Title\n\n${link}\n` })).toEqual([`docs/a.md:3  ${message}`]);
  });
});

describe('the map of the documents', () => {
  it('lists every document', () => {
    const files = { 'docs/README.md': '# Documents\n\n[A](a.md)\n', 'docs/a.md': '# A\n', 'docs/more/b.md': '# B\n' };

    expect(check(files)).toEqual(['docs/more/b.md:1  docs/README.md does not list this document.']);
  });
});

describe('the check of messages', () => {
  it('finds sentences and labels in TypeScript, with their line', () => {
    const source = `import a from 'a folder/Some file.ts';
const query = 'select id from submissions where form = ?';
const error = 'This form is closed.';
const label = "Download CSV";
const detail = 'is not an id';
const selector = '.a > .b';
const filled = \`Form \${name('Not this one.')} is published at \${address}.\`;
type Kind = 'One kind' | 'Another kind';
`;

    expect(messagesIn('src/a.ts', source).map(({ line, text }) => `${line} ${text}`)).toEqual([
      '3 This form is closed.',
      '4 Download CSV',
      '5 is not an id',
      '7 Form Ω is published at Ω.',
      '7 Not this one.',
    ]);
  });

  it('finds them in the pages of Astro, in text, attributes and expressions', () => {
    const source = `---
const title = 'No submissions yet';
---

<!-- Not a message here. -->
<style>
  .a > .b { color: red }
</style>
<h1 class="Two words">{title}</h1>
<p title="Newest first">
  Copy the link below.
  {open ? 'The form is open.' : <b>The form is closed.</b>}
</p>
`;

    expect(messagesIn('src/a.astro', source).map(({ line, text }) => `${line} ${text}`)).toEqual([
      '2 No submissions yet',
      '9 Two words',
      '10 Newest first',
      '11 Copy the link below.',
      '12 The form is open.',
      '12 The form is closed.',
    ]);
  });

  it('reports a bad message with its file and line', () => {
    const lines = check({ 'src/a.ts': "export const a = 1;\nexport const b = 'Nobody can begin here anew.';\n" });

    expect(lines.map((line) => line.slice(0, 22))).toEqual(['src/a.ts:2  "Nobody": ', 'src/a.ts:2  "anew": Wr']);
  });
});

describe('the check of comments', () => {
  const inComment = (text: string) => checkPassage({ text, kind: 'comment', line: 1 });
  const inText = ({ text }: { text: string }) => inComment(text);

  it.each([
    'What the browser sends.',
    'Removes what is at the path.',
    'Who may see it.',
    'The route decides who may see it.',
    'The key of whom the code was made for.',
    'The page is told later.',
    'Nobody can read it.',
  ])('refuses: %s', (text) => {
    expect(inComment(text)).not.toEqual([]);
  });

  it.each([
    'A sentence that says what to do.',
    'People who have started can finish, in whatever order.',
    'A member, who may have left.',
    'The version whose end has come.',
    'The code `what is` is `nobody`.',
  ])('accepts: %s', (text) => {
    expect(commentsIn('src/a.ts', `// ${text}`).flatMap(inText)).toEqual([]);
  });

  it('reads each kind of comment, and no text or pattern that looks like one', () => {
    const source = `/**
 * Sends a \`body\`.
 * @param url an address
 * @returns the answer
 */
const address = 'https://acme.example'; // The site.
const pattern = /a\\/\\/ b/;
const text = \`// no comment \${/* A hint. */ pattern} // none\`;
// The first line,
// and the second.
// eslint-disable-next-line no-console
`;

    expect(commentsIn('src/a.ts', source).map(({ line, text }) => `${line}:${text.replace(/\s+/g, ' ')}`)).toEqual([
      '1: Sends a Ω. an address. the answer ',
      '6: The site.',
      '8: A hint. ',
      '9: The first line, and the second. eslint-disable-next-line no-console',
    ]);
  });

  it('reports a bad comment with its file and line, also in components', () => {
    const lines = check({
      'src/a.ts': '/**\n * Sends it.\n * Nobody reads it.\n */\n',
      'src/b.tsx': 'const a = <p>It is sent.{/* What is sent. */}</p>; // What is read.\n',
      'src/c.astro': '---\n/** What a page shows. */\n---\n<p>A page</p>\n',
    });

    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'src/a.ts:3',
      'src/b.tsx:1',
      'src/b.tsx:1',
      'src/c.astro:2',
    ]);
  });
});
