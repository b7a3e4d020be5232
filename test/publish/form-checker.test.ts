/** The thread that compiles texts of forms, and ends one that takes too long. */
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { openFormChecker, type FormChecker } from '../../src/publish/check/form-checker.ts';
import { PLAIN } from '../helpers/api/client.ts';
import { SLOW_FORM } from '../helpers/samples/large-forms.ts';
import { NOW } from '../helpers/database.ts';
import { itLong } from '../helpers/run/it-long.ts';

/** Stops the work that takes long. */
let hasty: FormChecker;
/** Has time for all other work, also on a busy machine. */
let checker: FormChecker;
beforeAll(() => {
  hasty = openFormChecker(300);
  checker = openFormChecker(20_000);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => Promise.all([hasty.close(), checker.close()]));

const check = (text: string, by = checker) => by.check({ file: 'forms/driver.yaml', text, now: NOW });

it('compiles a text, or names its errors with their places', async () => {
  expect(await check(PLAIN)).toMatchObject({ ok: true, form: { slug: 'driver', title: 'Plain' } });
  expect(await check('title: 1')).toMatchObject({ ok: false, faults: expect.arrayContaining([expect.objectContaining({ file: 'forms/driver.yaml', line: 1 })]) }); // prettier-ignore
});

it('refuses a text that takes too long, keeps the server free during the check, and checks the next one', async () => {
  let turns = 0;
  const turning = setInterval(() => turns++, 10);
  const refused = await check(SLOW_FORM, hasty);
  clearInterval(turning);
  expect(refused).toMatchObject({ ok: false, faults: [{ message: 'the check of this form takes too long' }] });
  // A busy machine may need longer for the next one, too.
  let tries = 0;
  await expect.poll(async () => (await check(`${PLAIN}# ${tries++}\n`, hasty)).ok, { timeout: 20_000 }).toBe(true);
  expect(turns).toBeGreaterThan(20);
});

it('keeps the server free while it looks for the differences of two long texts', async () => {
  const lines = (step: number) => Array.from({ length: 300_000 }, (_, n) => `#${(n * step) % 7}`).join('\n');
  let turns = 0;
  const turning = setInterval(() => turns++, 10);
  const found = await checker.difference({ before: lines(3), after: lines(5) });
  clearInterval(turning);
  expect([found, turns > 20]).toEqual([undefined, true]);
  expect(await checker.difference({ before: 'a\nb', after: 'a\nc' })).toMatchObject([{ from: 1 }]);
});

it('refuses a text at once for a minute after its check was ended, because other texts wait for it', async () => {
  const input = { file: 'forms/again.yaml', text: SLOW_FORM };
  const answerAtOnce = () => Promise.race([hasty.check({ ...input, now: new Date() }), setImmediate('waits')]);
  await hasty.check({ ...input, now: NOW });
  expect(await answerAtOnce()).toMatchObject({ faults: [{ message: 'the check of this form takes too long' }] });
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 61_000);
  await expect.poll(answerAtOnce).toBe('waits');
});

it('names a key that is very long by its beginning, without a long search for the key that was meant', async () => {
  const long = 'x'.repeat(200_000);
  for (const text of [`${PLAIN.trimEnd()}\n? ${long}\n: 1\n`, PLAIN.replace('title: Plain', `title: Plain\nbrand: { ${long}: 1 }`)])
    expect(await check(text)).toMatchObject({ ok: false, faults: expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(/has an unknown key `x{60}…`$/) })]) }); // prettier-ignore
});

it('finds the websites in a text, also one that grows without bound when it is read', async () => {
  const websites = (text: string) => checker.websites({ text });
  expect(await websites('title: 1\nembed: { allow: [https://a.example, 2] }\n')).toEqual(['https://a.example']);
  expect(await websites('title: T\n')).toEqual([]);
  expect(await websites(`${Array.from({ length: 2_000 }, (_, n) => `key${n}: 1`).join('\n')}\n`)).toEqual([]);
  const aliases = Array.from({ length: 8 }, (_, n) => `a${n}: &a${n} [${n ? Array(9).fill(`*a${n - 1}`).join(',') : '1'}]`); // prettier-ignore
  expect(await websites(`${aliases.join('\n')}\nembed: { allow: [https://a.example] }\n`)).toBeUndefined();
});

itLong(
  'changes texts, compares forms and finds places beside the server too, and stops the work that takes too long',
  async () => {
    let turns = 0;
    const turning = setInterval(() => turns++, 10);
    const edited = await hasty.edit({ text: SLOW_FORM, changes: [[['title'], { do: 'set', value: 'Quick' }]] });
    const findings = [{ place: { path: ['title'] }, message: 'wrong', remedy: 'Write another one.' }];
    const located = await hasty.locate({ file: 'forms/driver.yaml', text: SLOW_FORM, findings });
    clearInterval(turning);
    expect(edited).toBeUndefined();
    expect(located).toMatchObject([{ message: 'the check of this form takes too long' }]);
    expect(turns).toBeGreaterThan(20);

    const parsed = await check(PLAIN);
    if (!parsed.ok) throw new Error('The form has errors.');
    const after = { ...parsed.form, title: 'Quick' };
    expect(await checker.compare({ before: parsed.form, after, earlier: [] })).toContainEqual(expect.objectContaining({ sentence: expect.stringContaining('“Quick”') })); // prettier-ignore
    expect(await checker.edit({ text: PLAIN, changes: [[['title'], { do: 'set', value: 'Quick' }]] })).toMatchObject({ ok: true, text: PLAIN.replace('title: Plain', 'title: Quick') }); // prettier-ignore
    expect(await checker.locate({ file: 'forms/driver.yaml', text: PLAIN, findings })).toMatchObject([{ line: 2, message: 'wrong' }]); // prettier-ignore
  },
);

itLong('imports a form beside the server, and refuses an import that takes too long with a sentence', async () => {
  const survey = JSON.stringify({ title: 'Survey', elements: [{ type: 'text', name: 'a' }] });
  const large = `name: x\nbody:\n${' - type: input\n   attributes: { label: Q }\n'.repeat(20_000)}`;
  const refused = await hasty.import({ text: large, title: 'Form', now: NOW });
  const imported = await checker.import({ text: survey, title: 'Form', now: NOW });
  expect(refused).toEqual({ ok: false, message: 'The import takes too long. Split the form into several.' });
  expect(imported).toMatchObject({ ok: true, kind: 'surveyjs', report: { carried: { questions: 1 } } });
});

itLong('reads a text without its end once', async () => {
  const text = `{ elements: ["${"\\'".repeat(100_000)}`;
  const imported = await checker.import({ text, title: 'Form', now: NOW });
  expect(imported).toMatchObject({ ok: false, message: expect.stringContaining('begins like JSON') });
});
