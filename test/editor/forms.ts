/** Forms for the tests of the editor. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { editAll, type Value } from '../../src/form/edit/edit.ts';
import { formGuide } from '../../src/form/docs/guide.ts';
import type { Changes } from '../../src/editor/outline/dependents.ts';
import { fixture } from '../helpers/compile.ts';

/** Each form that comes with Flipsite, and each good form of the tests. */
export const allForms = ['forms', 'src/form/templates', fixture('valid'), 'test/site/forms'].flatMap((folder) =>
  readdirSync(folder).filter((file) => file.endsWith('.yaml')).map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') })),
); // prettier-ignore

export const driver = readFileSync('forms/gig-driver.yaml', 'utf8');

export const dataOf = (text: string): Value => parse(text) as Value;

export const guide = formGuide();
export const kinds = Object.fromEntries(guide.types.map(({ type, kind }) => [type, kind]));

/** `text` after `changes`. A change that is refused is a mistake of the test. */
export function after(text: string, changes: Changes): string {
  const edited = editAll(text, changes);
  if (!edited.ok) throw new Error(`${edited.refusal.message}. ${edited.refusal.remedy}`);
  return edited.text;
}

/** The lines that only `one` of two texts has, as `- line` and `+ line`. */
export function difference(one: string, other: string): string[] {
  const [before, now] = [one.split('\n'), other.split('\n')];
  const rows = Array.from({ length: before.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let a = before.length - 1; a >= 0; a--)
    for (let b = now.length - 1; b >= 0; b--)
      (rows[a] ?? [])[b] = before[a] === now[b] ? (rows[a + 1]?.[b + 1] ?? 0) + 1 : Math.max(rows[a + 1]?.[b] ?? 0, rows[a]?.[b + 1] ?? 0); // prettier-ignore
  const lines: string[] = [];
  let [a, b] = [0, 0];
  while (a < before.length || b < now.length) {
    if (a < before.length && b < now.length && before[a] === now[b]) [a, b] = [a + 1, b + 1];
    else if (b >= now.length || (a < before.length && (rows[a + 1]?.[b] ?? 0) >= (rows[a]?.[b + 1] ?? 0)))
      lines.push(`- ${before[a++]}`);
    else lines.push(`+ ${now[b++]}`);
  }
  return lines;
}
