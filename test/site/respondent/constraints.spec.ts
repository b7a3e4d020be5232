/** The browser and the server agree on every answer: they accept the same values. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { todayAround } from '../../../src/form/fields/dates/date.ts';
import type { Field } from '../../../src/form/fields/fields.ts';
import { answerIn, parseAnswer } from '../../../src/form/fields/parse-answer.ts';
import type { Entries } from '../../../src/form/runtime/from-entries.ts';
import { someOf } from '../../helpers/run/long.ts';
import { values as all, type Entered, type Tried } from '../../helpers/samples/values.ts';
import { compile, fieldOf } from '../../helpers/compile.ts';
import { startSite, type RunningSite } from '../running-site.ts';
import { expect, test } from '../site-test.ts';
import { openForm } from '../walk.ts';

/** Chromium itself checks a long text in a field for emails in quadratic time: for a million characters, it takes hours. */
const isEndless = (type: string, value: Entered) => type === 'email' && String(value).length > 10_000;

const values: Record<string, Tried> = Object.fromEntries(
  Object.entries(all).map(([type, tried]) => {
    const tryable = tried.values.filter((value) => !isEndless(type, value));
    return [type, { ...tried, values: [...someOf(tryable, 25)] }];
  }),
);

interface Difference {
  fields: string[];
  values: string[];
  browser: 'takes' | 'refuses';
  why: string;
}

/** Where they differ, and why that is right. */
const DIFFERENCES: Difference[] = [
  {
    fields: ['phone', 'phone_ph', 'phone_mx', 'phone_us'],
    values: ['+999 123 4567', '+1 000 000 0000'],
    browser: 'takes',
    why: 'no network has the number, as only the server knows; the page knows the numbers of its own country',
  },
  {
    fields: ['phone_ph', 'phone_mx', 'phone_us'],
    values: ['0000 000 0000'],
    browser: 'takes',
    why: 'what begins with 00 may be a number of another country',
  },
  {
    fields: ['phone_mx', 'phone_us'],
    values: ['0917 123 4567', '(0917) 123-4567', '0917.123.4567', '0917/1234567', '0917–123–4567', '0917‑123‑4567', '٠٩١٧ ١٢٣ ٤٥٦٧', '۰۹۱۷۱۲۳۴۵۶۷'],
    browser: 'takes',
    why: 'numbers of Mexico and of countries that share a code, and those in other digits, are held to their length',
  },
  { fields: ['phone_mx'], values: ['0917 123 4567 8'], browser: 'takes', why: 'as above' },
  {
    fields: ['phone_us'],
    values: ['917 123 4567', '0917 123', '0111 111 1111', '02 8123 4567', '1234 5678'],
    browser: 'takes',
    why: 'as above',
  },
  {
    fields: ['mx_curp'],
    values: [` ${'x'.repeat(18)} `, 'HEGG560427MVZRRL05', 'HEGG561327MVZRRL04'],
    browser: 'takes',
    why: 'the page does not know check digits and dates of birth',
  },
  {
    fields: ['mx_rfc'],
    values: ['123-456-788-000', 'GODE561231GR9', 'GODE561331GR8', 'Ñ&GODE561231'],
    browser: 'takes',
    why: 'as above',
  },
  { fields: ['id_nik'], values: ['317101 410195 0000', '317101 721395 0001'], browser: 'takes', why: 'as above' },
  { fields: ['ph_sss'], values: ['00-0000000-0'], browser: 'takes', why: 'as above' },
  {
    fields: ['url'],
    values: ['999.1.1.1', 'ac<me.com', 'ac^me.com', 'ac|me.com', 'acme.com:99999'],
    browser: 'takes',
    why: 'only a parser of addresses knows',
  },
  {
    fields: ['email'],
    values: ['\u202Aana@mail.example\u202C'],
    browser: 'refuses',
    why: 'a browser has its own grammar of email addresses',
  },
]; // prettier-ignore

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
  /** Which of the values was entered. */
  at: number;
  /** The answer in the controls, as the page reads it. */
  entries: Entries;
  /** The sentence that the page shows. */
  said?: string;
}

/** Runs in the page: puts the values into the controls one after the other, presses Continue, and reads the errors. */
async function enterAll(json: string): Promise<string> {
  const { ids, values } = JSON.parse(json) as { ids: string[]; values: Entered[] };
  const [form] = document.forms as unknown as [HTMLFormElement];
  // The page stores the answers at every input, which takes long for so many.
  const hold = (event: Event) => (event.target as HTMLInputElement).type === 'checkbox' || event.stopPropagation();
  addEventListener('input', hold, true);

  // The text in it, even if its script says which number that is.
  const text = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value') as { get(): string };
  const textIn = (control: HTMLInputElement) =>
    Object.hasOwn(control, 'value') ? text.get.call(control) : control.value;

  const controlsOf = (id: string) => [...form.querySelectorAll<HTMLInputElement>(`[name="${id}"],[name^="${id}."]`)];

  /** Pastes, if the control accepts it: the browser drops text that is no number. */
  function paste(control: HTMLInputElement, text: string): void {
    const pasted = !/select|date|time/.test(control.type);
    control.value = pasted ? '' : text;
    control.focus();
    if (pasted && text) document.execCommand('insertText', false, text);
  }

  function enter(id: string, value: Entered): void {
    const controls = controlsOf(id);
    if (Array.isArray(value)) {
      for (const control of controls) control.checked = false;
      for (const one of value) controls.find((control) => control.value === one)?.click();
    } else {
      for (const control of controls) {
        const part = typeof value === 'object' ? value[control.name.slice(id.length + 1)] : value;
        paste(control, part ?? '');
      }
    }
  }

  async function press(): Promise<void> {
    form.querySelector('.summary')?.remove();
    form.querySelector<HTMLElement>('.now [data-next]')?.click();
    for (let turns = 0; turns < 100 && !form.querySelector('.summary'); turns++) await Promise.resolve();
  }

  const waits = () =>
    [...form.querySelectorAll<HTMLElement>('[data-amount]')].some((one) => !Object.hasOwn(one, 'value'));
  for (let tries = 0; tries < 100 && waits(); tries++) await new Promise((done) => setTimeout(done, 50));
  const verdicts: Verdict[] = [];
  for (const [at, value] of values.entries()) {
    for (const id of ids) enter(id, value);
    await press();
    for (const id of ids) {
      const entries = controlsOf(id)
        .filter(({ type, checked }) => checked || !/radio|checkbox/.test(type))
        .map((control): [string, string] => [control.name, textIn(control)]);
      const said = document.getElementById(`f-${id}-e`)?.lastElementChild?.lastChild?.textContent;
      verdicts.push({ id, at, entries, ...(said && { said }) });
    }
  }
  return JSON.stringify(verdicts);
}

/** A value as a test may print it. */
const brief = (value: Entered): string =>
  JSON.stringify(value).replace(/(.)\1{29,}/gu, (run, sign: string) => `${sign}×${[...run].length}`);

const told = (id: string, value: Entered, browser: Difference['browser']) =>
  `${id} ← ${brief(value)}: the browser ${browser} it, the server does not agree`;

/** The problem that the server finds with the values of the controls. */
function serverProblem(field: Field, entries: Entries, now: Date): string | undefined {
  const read = parseAnswer(field, answerIn(field, 'en', entries), todayAround(now));
  return 'answer' in read ? undefined : read.problem;
}

/** A day far from the limits that move with it. Near one, the server takes a day that is allowed in another time zone. */
const NOW = new Date('2026-11-15T12:00:00Z');

let site: RunningSite;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'flipsite-entered-'));
  for (const [type, tried] of Object.entries(values)) {
    writeFileSync(path.join(folder, `${slugOf(type)}.yaml`), formOf(type, tried));
  }
  site = await startSite({ FORMS_DIR: folder, RATE_LIMIT: 'off' });
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
});
const slugOf = (type: string) => type.replaceAll('_', '-');

for (const [type, tried] of someOf(Object.entries(values), 3)) {
  test(`the browser and the server accept the same values of ${type}`, async ({ page }) => {
    const form = compile(formOf(type, tried));
    await page.clock.setFixedTime(NOW);
    await openForm(page, `${site.origin}/${slugOf(type)}`);
    const ids = Object.keys(tried.fields).flatMap((id) => [id, `${id}_required`]);
    // As JSON, which carries half characters too.
    const verdicts = await page.evaluate(enterAll, JSON.stringify({ ids, values: tried.values }));

    const found = new Set<string>();
    const unexplained: string[] = [];
    for (const { id, at, entries, said } of JSON.parse(verdicts) as Verdict[]) {
      const value = tried.values[at] ?? '';
      const browser = said ? 'refuses' : 'takes';
      const problem = serverProblem(fieldOf(form, id), entries, NOW);
      // The page leaves the length to the server: a control that limits it would cut a text.
      if (/long$/.test(problem ?? '') && !said) continue;
      if ((problem === undefined) === Boolean(said)) {
        found.add(told(id.replace(/_required$/, ''), value, browser));
      }
      if (said === 'Check this answer') unexplained.push(`${id} ← ${brief(value)}`);
    }
    expect.soft(unexplained).toEqual([]);
    const known = DIFFERENCES.flatMap(({ fields, values: differing, browser }) =>
      fields
        .filter((id) => id in tried.fields)
        .flatMap((id) =>
          differing.filter((value) => tried.values.includes(value)).map((value) => told(id, value, browser)),
        ),
    );
    expect([...found].sort()).toEqual(known.sort());
  });
}
