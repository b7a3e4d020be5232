/** Real definitions become forms that pass the check, and nothing of them is lost without a sentence. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { recognize } from '../../../src/form/import/import.ts';
import { textOfMarkdown } from '../../../src/form/import/plain-text.ts';
import { definition, definitions, imported } from './imported.ts';

const kinds = { surveyjs: 'surveyjs', typeform: 'typeform', github: 'github-issue-form' } as const;
const all = Object.entries(kinds).flatMap(([folder, kind]) =>
  readdirSync(path.join(definitions, folder)).map((name) => [`${folder}/${name}`, kind] as const),
);

/** Answers in a text. The import gives them other names. */
const PIPES = /\{\{[^{}]*\}\}|\{[a-z0-9_]+\}/g;

/** The letters of a text, which no change of its layout touches. */
const letters = (text: string): string => textOfMarkdown(text.replace(PIPES, '')).text.split('\n')[0]!.replace(/[^\p{L}\p{N}]/gu, '').slice(0, 40); // prettier-ignore

/** The titles of all questions, found without the reader of the source. */
function titlesIn(source: unknown): string[] {
  if (typeof source !== 'object' || source === null) return [];
  const { type, title, label, choices: _choices, ...others } = source as Record<string, unknown>;
  const own = typeof type === 'string' && !['thankyou_screen', 'image'].includes(type) ? [title, label] : [];
  const texts = own.map((text) =>
    typeof text === 'object' && text ? ((text as { default?: string }).default ?? Object.values(text)[0]) : text,
  );
  return [...texts.filter((text): text is string => typeof text === 'string'), ...Object.values(others).flatMap(titlesIn)]; // prettier-ignore
}

it('there are at least ten of each kind', () => {
  for (const kind of Object.values(kinds)) expect(all.filter((one) => one[1] === kind).length).toBeGreaterThanOrEqual(10); // prettier-ignore
});

describe.each(all)('%s', (name, kind) => {
  const text = definition(name);

  it('is recognized, and becomes a form that passes the check', () => {
    expect(recognize(text)).toBe(kind);
    expect(imported(text).faults).toEqual([]);
  });

  it('has each of its questions in the form, or in a sentence of the report', () => {
    const { text: written, sentences, data } = imported(text);
    const kept = JSON.stringify([data, sentences])
      .replace(PIPES, '')
      .replace(/\\n|[^\p{L}\p{N}]/gu, '');
    // A definition in JavaScript is found by its import only.
    const source: unknown = /^\s*\{\s*["}]/.test(text) || kind === 'github-issue-form' ? parse(text) : {};

    expect(titlesIn(source).map(letters).filter((title) => !kept.includes(title))).toEqual([]); // prettier-ignore
    expect(written).toMatch(/^# Imported from /);
  });
});
