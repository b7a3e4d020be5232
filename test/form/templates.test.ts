/** The templates for new forms: complete, private, short, and in plain words in each of their languages. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMap, isScalar, parseDocument, visit } from 'yaml';
import { printFinding } from '../../scripts/prose/finding.ts';
import { checkPassage } from '../../scripts/prose/rules.ts';
import { notesOf } from '../../src/form/check/notes.ts';
import { printFault } from '../../src/form/faults/faults.ts';
import { parseForm } from '../../src/form/parse.ts';
import { widgetsOf } from '../../src/form/runtime/wink.ts';
import { fieldsOf, type Form } from '../../src/form/schema.ts';
import { sensitiveFields } from '../../src/form/inspect/sensitive.ts';
import { templates, type Template } from '../../src/form/templates/templates.ts';
import { someOf } from '../helpers/run/long.ts';
import { weighSmall } from '../helpers/weight.ts';
import { openTestSite, removeFolder, root, type TestSite } from '../helpers/site.ts';
import { compile, NOW } from '../helpers/compile.ts';

const named = templates.map((template) => [template.name, template] as const);
const formOf = ({ name, text }: Template): Form => compile(text(), `${name}.yaml`);

describe('the templates', () => {
  it('are the files beside them', () => {
    const files = readdirSync(path.join(root, 'src/form/templates')).filter((name) => name.endsWith('.yaml'));

    expect(templates.map(({ name }) => `${name}.yaml`).sort()).toEqual(files.sort());
  });

  it('are described in plain sentences', () => {
    expect(templates.flatMap(({ title, description }) => [...broken(title, 'heading'), ...broken(description)])).toEqual([]); // prettier-ignore
  });
});

describe.each(named)('the template %s', (_name, template) => {
  it('has no faults and no notes, today and in ten years, and its examples pass', () => {
    for (const now of [new Date(), NOW, new Date('2036-02-29T00:00:00Z')]) {
      const parsed = parseForm('form.yaml', template.text(), now);

      expect(parsed.ok ? notesOf(parsed.form) : parsed.faults.map(printFault)).toEqual([]);
    }
  });

  it('has an example for each of its endings and for each state in which people leave a Wink screen', () => {
    const { examples, endings, screens } = formOf(template);
    const winks = screens.filter(({ wink }) => wink).map(({ id }) => id);
    const states = (id: string) => examples.map(({ answers }) => String(answers[id]));

    expect(new Set(examples.map(({ ends }) => ends))).toEqual(new Set(endings.map(({ id }) => id)));
    for (const id of winks) expect(states(id)).toEqual(expect.arrayContaining(['connected', 'failed']));
  });

  it('is a form of the publisher’s own, not an example with an invented company, and asks for the company name', () => {
    const parsed = parseForm('form.yaml', template.text(), NOW);

    expect(formOf(template).example).toBeUndefined();
    expect(parsed.ok && parsed.doubts.map(({ message }) => message)).toEqual(['the company name is still “Your company”']); // prettier-ignore
  });

  it('is short, and ends in more than one way', () => {
    const form = formOf(template);

    expect(fieldsOf(form).filter(({ type, ...field }) => type !== 'statement' && !('follows' in field)).length).toSatisfy((count) => count >= 8 && count <= 14); // prettier-ignore
    expect(form.endings.length).toBeGreaterThanOrEqual(2);
  });

  it('says each text once for each of its languages, English first', () => {
    const { languages } = formOf(template);
    const once: string[] = [];
    const said: string[][] = [];
    visit(parseDocument(template.text()), {
      Pair(_key, { key, value }) {
        if (!isScalar(key) || !TEXTS.includes(String(key.value))) return;
        if (isMap(value)) said.push(value.items.map((item) => String(item.key)));
        else if (isScalar(value) && typeof value.value === 'string') once.push(value.value);
      },
    });

    expect(languages[0]).toBe('en');
    expect(languages.length).toBeGreaterThanOrEqual(2);
    expect(said.filter((one) => one.join() !== languages.join())).toEqual([]);
    // Names are the same in all languages.
    expect(once.filter((text) => !NAMES.includes(text))).toEqual([]);
  });

  it('is in plain English, its comments too', () => {
    const comments = [...template.text().matchAll(/(?:^ *# .*\n)+/gm)].map(([text]) => text.replace(/^ *# /gm, '').trim()); // prettier-ignore
    const headings: string[] = [];
    const sentences: string[] = comments.filter((text) => !/^\w+: \S+$/.test(text));
    visit(parseDocument(template.text()), {
      Pair(_key, { key, value }, parents) {
        if (!isScalar(key) || key.value !== 'en' || !isScalar(value)) return;
        const above = parents.at(-2) as { key?: { value?: unknown } } | undefined;
        (above?.key?.value === 'title' ? headings : sentences).push(String(value.value));
      },
    });

    expect(headings.length).toBeGreaterThan(0);
    expect([...sentences.flatMap((text) => broken(text)), ...headings.flatMap((text) => broken(text, 'heading'))]).toEqual([]); // prettier-ignore
  });

  it('asks for consent on every path that ends as completed', () => {
    const { examples, endings } = formOf(template);
    const completed = endings.filter(({ outcome }) => outcome === 'completed').map(({ id }) => id);
    const paths = examples.filter(({ ends }) => completed.includes(ends));

    expect(paths.filter(({ answers }) => answers['agree'] !== true)).toEqual([]);
  });

  it('keeps amounts of money, numbers of IDs, documents and signatures private', () => {
    const form = formOf(template);
    const hidden = sensitiveFields(form);
    const personal = fieldsOf(form).filter((field) => field.id !== 'amount' && (['money', 'file', 'signature'].includes(field.type) || ('format' in field && field.format) || /passport_number/.test(field.id))); // prettier-ignore

    expect(personal.filter(({ id }) => !hidden.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('names the countries of its phone numbers, addresses and currencies', () => {
    const countries = fieldsOf(formOf(template)).flatMap((field) => {
      if ('country' in field && field.country) return [field.country];
      return 'currency' in field && field.currency ? [field.currency.slice(0, 2)] : [];
    });

    expect(new Set(countries)).toEqual(new Set(template.countries ?? []));
  });
});

describe('a template with a Wink step', () => {
  const linking = templates.filter((template) => formOf(template).screens.some(({ wink }) => wink));

  it('is each one about work or pay', () => {
    expect(linking.map(({ name }) => name)).toEqual(['gig-onboarding', 'loan-prequalification', 'tenant-check', 'payroll-switch']); // prettier-ignore
  });

  it.each(linking.map((template) => [template.name, template] as const))(
    '%s lets people who cannot connect continue, and names the data that it reads',
    (_name, template) => {
      for (const { id, wink, next } of formOf(template).screens.filter((screen) => screen.wink)) {
        const states = next.flatMap(({ when }) =>
          JSON.stringify(when ?? '').includes(id) ? JSON.stringify(when) : [],
        );

        expect(states.join()).toContain('failed');
        expect(states.join()).toContain('skipped');
        expect(widgetsOf(wink).every(({ retrieve }) => retrieve.length > 0)).toBe(true);
      }
    },
  );
});

/** As of the forms that ship: see `test/publish/weight.test.ts`. */
const ONE_ROUND_TRIP = 14_000;

describe('the page of a template', () => {
  let site: TestSite;
  beforeAll(async () => {
    site = await openTestSite({ forms: Object.fromEntries(templates.map(({ name, text }) => [name, text()])) });
  });
  afterAll(async () => {
    await site.close();
    removeFolder(site.folder);
  });

  it.each(someOf(named, 2))('%s arrives in one round trip, in each of its languages', async (name, template) => {
    for (const language of formOf(template).languages) {
      const { bytes } = await weighSmall(`${site.origin}/${name}/${language}`);
      expect([language, bytes <= ONE_ROUND_TRIP, bytes]).toEqual([language, true, bytes]);
    }
  });
});

/** The keys of a form that hold texts. */
const TEXTS = ['title', 'description', 'label', 'help', 'text', 'pattern_hint', 'other'];
const NAMES = ['Grab', 'foodpanda', 'Lalamove', 'JoyRide', 'Metro Manila', 'Cebu', 'Davao'];

/** The rules of English that `text` breaks. */
const broken = (text: string, kind: 'heading' | 'paragraph' = 'paragraph'): string[] =>
  checkPassage({ text, kind, line: 1 }).map(({ message }) => printFinding({ file: text, line: 1, message }));
