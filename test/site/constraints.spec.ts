/** The browser and the server agree on every answer: what one takes, the other takes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { todayAround } from '../../src/form/fields/date.ts';
import { readAnswer, typeOf, type Field } from '../../src/form/fields/fields.ts';
import { fromEntries, type Entries } from '../../src/form/from-entries.ts';
import { parseForm } from '../../src/form/parse.ts';
import { values, type Entered, type Tried } from '../helpers/values.ts';
import { startSite, type RunningSite } from './running-site.ts';
import { expect, test } from './site-test.ts';
import { openForm } from './walk.ts';

interface Difference {
  fields: string[];
  values: Entered[];
  browser: 'takes' | 'refuses';
  why: string;
}

/** Where they differ, and why that is right. */
const DIFFERENCES: Difference[] = [];

/** Every field of a type, once optional and once required, and one that keeps the screen from being left. */
const formOf = (type: string, { fields }: Tried): string =>
  JSON.stringify({
    title: type,
    screens: [
      {
        id: 'one',
        title: type,
        fields: [
          ...Object.entries(fields).flatMap(([id, keys]) => [
            { id, type, label: id, ...keys },
            { id: `${id}_required`, type, label: `${id} required`, required: true, ...keys },
          ]),
          { id: 'last', type: 'text', label: 'Last', required: true },
        ],
      },
    ],
    endings: [{ id: 'done', title: 'Done' }],
  });

interface Verdict {
  id: string;
  value: Entered;
  /** What the control made of the value, as a form sends it. */
  entries: Entries;
  /** The sentence that the page shows. */
  said?: string;
}

/** Puts each field's values into its controls one after the other, presses Continue each time, and reads the errors. */
function tryInPage(json: string): Promise<string> {
  const tried = JSON.parse(json) as [id: string, values: Entered[]][];
  const [form] = document.forms as unknown as [HTMLFormElement];
  const stop = (event: Event) => (event.target as HTMLInputElement).type !== 'checkbox' && event.stopPropagation();
  // The page keeps what is typed with every input; for so many inputs that takes minutes.
  addEventListener('input', stop, true);

  const named = (name: string) => [...form.querySelectorAll<HTMLInputElement>(`[name="${name}"]`)];

  /** As pasted, where one can paste: the browser itself drops what does not fit. */
  function type(control: HTMLInputElement, text: string): void {
    control.value = '';
    if (/select|date|time/.test(control.type)) {
      control.value = text;
      return;
    }
    control.focus();
    control.select();
    if (text) document.execCommand('insertText', false, text);
  }

  function enter(id: string, value: Entered): void {
    if (Array.isArray(value)) {
      for (const control of named(id)) control.checked = false;
      for (const one of value) named(id).find((control) => control.value === one)?.click();
    } else if (typeof value === 'object') {
      for (const control of form.querySelectorAll<HTMLInputElement>(`[name^="${id}."]`)) {
        const part = control.name.slice(id.length + 1);
        type(control, Object.hasOwn(value, part) ? (value[part] ?? '') : '');
      }
    } else for (const control of named(id)) type(control, value);
  }

  async function pressed(): Promise<void> {
    form.querySelector('.summary')?.remove();
    form.querySelector<HTMLElement>('.screen.now [data-next]')?.click();
    for (let turns = 0; turns < 100 && !form.querySelector('.summary'); turns++) await Promise.resolve();
  }

  return (async () => {
    const verdicts: Verdict[] = [];
    const rounds = Math.max(...tried.map(([, all]) => all.length));
    for (let round = 0; round < rounds; round++) {
      const now = tried.filter(([, all]) => round < all.length);
      for (const [id, all] of now) enter(id, all[round] ?? '');
      const entries = [...new FormData(form)] as Entries;
      await pressed();
      for (const [id, all] of now) {
        const own = entries.filter(([name]) => name === id || name.startsWith(`${id}.`));
        const said = document.getElementById(`f-${id}-e`)?.lastElementChild?.lastChild?.textContent;
        verdicts.push({ id, value: all[round] ?? '', entries: own, ...(said && { said }) });
      }
    }
    removeEventListener('input', stop, true);
    return JSON.stringify(verdicts);
  })();
}

const short = (value: Entered): string => JSON.stringify(value).replace(/(.)\1{30,}/g, (run, sign: string) => `${sign}×${run.length}`); // prettier-ignore

let site: RunningSite;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'flipsite-entered-'));
  for (const [type, tried] of Object.entries(values)) writeFileSync(path.join(folder, `${slugOf(type)}.yaml`), formOf(type, tried));
  site = await startSite({ FORMS_DIR: folder, RATE_LIMIT: 'off' });
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
});
const slugOf = (type: string) => type.replaceAll('_', '-');

for (const [type, tried] of Object.entries(values)) {
  test(`what is entered as ${type} is taken by the browser and the server alike`, async ({ page }) => {
  const now = new Date();
  const parsed = parseForm(`${slugOf(type)}.yaml`, formOf(type, tried), now);
  if (!parsed.ok) throw new Error(parsed.faults.map(({ message }) => message).join('\n'));
  const fieldOf = (id: string) => parsed.form.screens[0]?.fields.find((field) => field.id === id) as Field;
    await openForm(page, `${site.origin}/${slugOf(type)}`);
    const ids = Object.keys(tried.fields).flatMap((id) => [id, `${id}_required`]);
    const verdicts = JSON.parse(await page.evaluate(tryInPage, JSON.stringify(ids.map((id) => [id, tried.values])))) as Verdict[];
    const found = new Set<string>();
    for (const { id, value, entries, said } of verdicts) {
      const field = fieldOf(id);
      const read = readAnswer(field, fromEntries(typeOf(field).kind, id, entries), todayAround(now));
      const refused = 'problem' in read;
      if (refused === Boolean(said)) continue;
      found.add(`${id.replace(/_required$/, '')} ← ${short(value)}: the browser ${said ? 'refuses' : 'takes'} it; server ${'problem' in read ? read.problem : short((read.answer ?? null) as never)}; left ${short(entries.filter(([,v])=>v!=='').map(([,v])=>v).join('|'))}`);
    }
    console.log([...found].sort().join('\n'));
    console.log(verdicts.length, found.size);
    console.log(new Set(verdicts.filter(v=>v.said && /Check this|Check the/.test(v.said)).map(v=>v.id+' '+v.said)));
  });
}
