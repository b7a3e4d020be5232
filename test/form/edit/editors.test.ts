/** Bugs of other editors of YAML, each with a test that ours does not have it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commentsIn } from '../../../src/form/edit/comments.ts';
import { edit, type Path } from '../../../src/form/edit/edit.ts';
import { locate } from '../../../src/form/edit/locate.ts';
import { outline } from '../../../src/form/edit/outline.ts';
import { changedLines, edited, refusal } from './edited.ts';

const shipped = readdirSync('forms').filter((file) => file.endsWith('.yaml')).map((file) => readFileSync(join('forms', file), 'utf8')); // prettier-ignore

const HOUSE_STYLE = `# Coach: keep the title short.
title:   Work for us      # aligned
languages: [en, es]       # aligned too
my_own_key: { z: 1,  a: 2 }
limits: { closes: 2026-12-31 }
schedule: '0 9 * * *'


screens:
- id: about
  title: "About"
  fields:
  - { id: z, type: text, label: ${'A long question '.repeat(10)}end }
  - { type: text, label: B, id: a }
  text: >-
    A text that a person broke
    after a few words.
endings: [{ id: done, title: Done }]
`;

const set = (path: Path, value: string) => changedLines(HOUSE_STYLE, edited(HOUSE_STYLE, path, { do: 'set', value }));

describe('an edit', () => {
  it.each(shipped)('changes one line in git where one word of a shipped form changes', (form) => {
    const folder = mkdtempSync(join(tmpdir(), 'edit-'));
    const { screens } = parse(form) as { screens: { title: string | { en: string } }[] };
    const title = screens[0]?.title ?? '';
    const path = typeof title === 'string' ? ['screens', 0, 'title'] : ['screens', 0, 'title', 'en'];
    const value = (typeof title === 'string' ? title : title.en).replace(/ \w+/, ' other');
    writeFileSync(join(folder, 'before.yaml'), form);
    writeFileSync(join(folder, 'after.yaml'), edited(form, path, { do: 'set', value }));
    const diff = execFileSync('sh', ['-c', 'git diff --no-index --numstat before.yaml after.yaml || true'], { cwd: folder, encoding: 'utf8' }); // prettier-ignore
    expect(diff).toMatch(/^1\t1\t/);
  });

  it('keeps comments, also beside the change (Decap CMS, Home Assistant, Stoplight, Swagger, Rancher)', () => {
    expect(set(['title'], 'Drive')).toEqual(['-title:   Work for us      # aligned', '+title:   Drive      # aligned']);
  });

  it('keeps keys that it does not know (Decap CMS, TinaCMS)', () => {
    expect(edited(HOUSE_STYLE, ['my_own_key', 'a'], { do: 'set', value: 3 })).toContain(
      'my_own_key: { z: 1,  a: 3 }\n',
    );
    expect(edited(HOUSE_STYLE, ['screens', 0, 'title'], { do: 'set', value: 'B' })).toContain('my_own_key: { z: 1,  a: 2 }\n'); // prettier-ignore
  });

  it('keeps the indent of lists (Sveltia)', () => {
    expect(edited(HOUSE_STYLE, ['screens', 0, 'next', 0], { do: 'add', value: { when: { a: [{ b: 'c' }] }, go: 'done' } })).toContain('\n  next:\n  - when:\n'); // prettier-ignore
  });

  it('does not fold long lines (TinaCMS)', () => {
    expect(set(['screens', 0, 'title'], 'You')).toEqual(['-  title: "About"', '+  title: "You"']);
    expect(edited('title: A\n', ['title'], { do: 'set', value: 'word '.repeat(100).trim() }).split('\n')).toHaveLength(2); // prettier-ignore
  });

  it('does not fold a text again that a person has folded', () => {
    expect(set(['screens', 0, 'text'], 'A text that a person wrote after a few words.')).toEqual([
      '-    A text that a person broke',
      '+    A text that a person wrote',
    ]);
  });

  it('keeps the order of keys (Nuxt Studio, Kestra)', () => {
    expect(set(['screens', 0, 'fields', 1, 'label'], 'C')).toEqual(['-  - { type: text, label: B, id: a }', '+  - { type: text, label: C, id: a }']); // prettier-ignore
  });

  it('does not turn a date into a time (Nuxt Studio)', () => {
    expect(edited(HOUSE_STYLE, ['limits', 'max'], { do: 'add', value: 500 })).toContain('limits: { closes: 2026-12-31, max: 500 }\n'); // prettier-ignore
  });

  it('keeps the quotes of other values (Kestra)', () => {
    expect(set(['schedule'], '0 8 * * *')).toEqual(["-schedule: '0 9 * * *'", "+schedule: '0 8 * * *'"]);
  });

  it('writes the first entry of an emptied list on a separate line (Kestra)', () => {
    const value = { id: 'q', type: 'text', label: 'Q' };
    const emptied = edited(edited(HOUSE_STYLE, ['screens', 0, 'fields', 1], { do: 'remove' }), ['screens', 0, 'fields', 0], { do: 'remove' }); // prettier-ignore
    expect(emptied).toContain('\n  fields: []\n');
    expect(edited(emptied, ['screens', 0, 'fields', 0], { do: 'add', value })).toContain('\n  fields:\n  - { id: q, type: text, label: Q }\n'); // prettier-ignore
  });

  it('leaves a list a list, and writes no [object Object] (Kestra)', () => {
    const value = [{ value: 'a', label: { en: 'A', es: 'Á' } }, 'b'];
    const text = edited(HOUSE_STYLE, ['screens', 0, 'fields', 1, 'options'], { do: 'add', value });
    expect(text).not.toMatch(/object Object|\|-/);
    expect((parse(text) as { screens: { fields: { options: unknown }[] }[] }).screens[0]?.fields[1]?.options).toEqual(value);
  }); // prettier-ignore

  it('does not touch a text that it cannot read, and still shows its parts (Kestra, Rill)', () => {
    const broken = HOUSE_STYLE.replace('title: "About"', 'title: Note: this');
    expect(refusal(broken, ['title'], { do: 'set', value: 'B' })).toBe('the text of the form has an error that keeps it from being read'); // prettier-ignore
    const { hasSyntaxError, screens } = outline(broken);
    expect(hasSyntaxError).toBe(true);
    expect(screens[0]?.parts.map(({ id }) => id)).toEqual(['z', 'a']);
  });

  it('changes nothing where a view is opened or a value is set again (TinaCMS, Front Matter CMS, Nuxt Studio, Harness)', () => {
    for (const text of [HOUSE_STYLE, ...shipped]) {
      outline(text);
      locate(text, 100);
      const data = parse(text) as Record<string, never>;
      for (const key of Object.keys(data))
        expect(edit(text, [key], { do: 'set', value: structuredClone(data[key] ?? null) })).toEqual({ ok: true, text, splices: [] }); // prettier-ignore
    }
  });

  it('keeps several blank lines and aligned comments (the yaml package)', () => {
    const after = edited(HOUSE_STYLE, ['screens', 0], { do: 'add', value: { id: 'new', title: 'New' } });
    expect(after).toContain("schedule: '0 9 * * *'\n\n\nscreens:\n");
    expect(commentsIn(after)).toEqual(commentsIn(HOUSE_STYLE));
  });
});
