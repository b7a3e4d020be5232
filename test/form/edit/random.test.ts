/** Random changes of shipped forms, of fixtures and of generated texts. A failure names its seed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { commentsIn } from '../../../src/form/edit/comments.ts';
import { applySplices, edit, invertSplices, type EditChange, type Path } from '../../../src/form/edit/edit.ts';
import { isSameValue, valueIn, type Value } from '../../../src/form/edit/value.ts';
import { LONG } from '../../helpers/run/long.ts';
import { fixture } from '../../helpers/compile.ts';
import { Random, randomChange, randomFormData, randomFormWithReferences, randomRenaming, writeYaml } from './random-edits.ts'; // prettier-ignore

const CASES = LONG ? 2_000 : 200;
const LONG_TIME = { timeout: 600_000 };

/** Shipped forms and fixtures, also those with errors, as far as they are YAML. */
const written = ['forms', fixture('valid'), fixture('invalid')]
  .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => readFileSync(file, 'utf8'))
  .filter((text) => edit(text, ['x'], { do: 'set', value: 1 }).ok);

/** A text in one of several dresses that must not matter. */
function dressed(text: string, random: Random): string {
  const broken = random.chance(20) ? text.replaceAll('\n', '\r\n') : text;
  return random.chance(20) ? broken.trimEnd() : broken;
}

const read = (text: string): Value =>
  parse(text.replace(/^\uFEFF/, ''), { maxAliasCount: -1, logLevel: 'error' }) as Value;

/** Lines without the spaces at their ends, and without empty ones. */
const linesOf = (text: string): string[] => text.split(/\r?\n/).filter((line) => line.trim() !== '');

it(`makes ${CASES} random changes as meant, leaves other lines alone, and can undo each`, LONG_TIME, () => {
  let made = 0;
  let seed = 0;
  for (; made < CASES; seed++) {
    const random = new Random(seed);
    const text = random.chance(33) ? dressed(random.pick(written), random) : writeYaml(randomFormData(random), random);
    const data = structuredClone(read(text));
    const next = randomChange(data, random);
    if (!next) continue;
    const { path, change, expected } = next;
    const result = edit(text, path, change);
    if (!result.ok) {
      // A part that an anchor shares stays. A comment without a place in the new style is not lost.
      const mayBe = text.includes('*') ? /written (once|elsewhere)|would lose a comment/ : /would lose a comment/;
      expect(result.refusal.message, context(seed, path, change, text)).toMatch(mayBe);
      continue;
    }
    made++;
    const about = context(seed, path, change, text, result.text);
    const after = read(result.text);
    expect(isSameValue(after, expected), about).toBe(true);
    expect(applySplices(text, result.splices), about).toBe(result.text);
    expect(applySplices(result.text, invertSplices(text, result.splices)), about).toBe(text);
    expect(keepsOtherLines(text, result.text, data, path, change), about).toBe(true);
    if (change.do !== 'remove' && change.do !== 'set') expect(comments(result.text), about).toEqual(comments(text));
  }
  // Hardly any change is refused.
  expect(seed).toBeLessThan(CASES * 1.35);
});

it(`makes ${CASES / 2} random renamings with all references, and only lines with the id change`, LONG_TIME, () => {
  for (let seed = 0; seed < CASES / 2; seed++) {
    const random = new Random(1_000_000 + seed);
    const data = randomFormWithReferences(random);
    const text = writeYaml(data, random);
    const { path, change, expected } = randomRenaming(data, random);
    const result = edit(text, path, change);
    const about = context(1_000_000 + seed, path, change, text, result.ok ? result.text : result.refusal.message);
    expect(result.ok, about).toBe(true);
    if (!result.ok) continue;
    expect(isSameValue(read(result.text), expected), about).toBe(true);
    expect(applySplices(result.text, invertSplices(text, result.splices)), about).toBe(text);
    const id = String((valueIn(data, path) as { id: string }).id);
    const lines = result.text.split('\n');
    expect(
      text.split('\n').every((line, at) => line === lines[at] || line.includes(id)),
      about,
    ).toBe(true);
    expect(lines.length, about).toBe(text.split('\n').length);
  }
});

const comments = (text: string): string[] => commentsIn(text).map((one) => one.text).sort(); // prettier-ignore

function context(seed: number, path: Path, change: EditChange, before: string, after = ''): string {
  return [`seed ${seed}: ${JSON.stringify(path)} ${JSON.stringify(change)}`, before, '→', after].join('\n');
}

/**
 * Whether the lines that a change has nothing to do with are the same. It counts lines, so that it needs no knowledge of
 * how an edit works: a change of a value may touch the lines that the value has, and a new value has new ones.
 */
function keepsOtherLines(before: string, after: string, data: Value, path: Path, change: EditChange): boolean {
  const [a, b] = [linesOf(before), linesOf(after)];
  const [lost, come] = [missing(a, b), missing(b, a)];
  const size = sizeOf(valueIn(data, path));
  switch (change.do) {
    case 'set':
    case 'translate':
      return lost <= 2 * size + 1;
    // The line of a list on one line, or of `fields: []`.
    case 'add':
      return lost <= 1;
    case 'remove':
      return come <= 1 && lost <= 3 * size + 2;
    // All lines are still there, with another indent.
    case 'move': {
      const bare = (lines: string[]) => lines.map((line) => line.trim().replace(/,$/, ''));
      return missing(bare(a), bare(b)) <= (lost > 2 ? 3 : 2) + (isInFlow(before, change) ? size : 0);
    }
    default:
      return true;
  }
}

const isInFlow = (text: string, change: EditChange): boolean => change.do === 'move' && /[[{]/.test(text);

/** How many of `lines` are not among `others`, each counted as often as it occurs. */
function missing(lines: string[], others: string[]): number {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  }).length;
}

/** The number of lines that a value can have: one for each part of it, and for each line of its texts. */
function sizeOf(value: Value | undefined): number {
  if (typeof value === 'string') return value.split('\n').length + Math.ceil(value.length / 20);
  if (typeof value !== 'object' || value === null) return 1;
  return 1 + Object.values(value).reduce((sum: number, one) => sum + sizeOf(one), 0);
}
