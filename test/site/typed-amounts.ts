/** Types the amounts of the table into a page, and compares the page's results. */
import { expect } from 'playwright/test';
import { sentence } from '../../src/form/fields/problem-sentences.ts';
import type { Language } from '../../src/form/wording/wording.ts';
import { formOfAmounts, spellings } from '../helpers/samples/amounts.ts';
import { compile, fieldOf } from '../helpers/compile.ts';

interface Typed {
  id: string;
  typed: string;
}

interface Read extends Typed {
  /** The text in the control once the person left it. */
  shown: string;
  /** The page's answer. */
  kept?: unknown;
  /** The sentence that the page shows. */
  said?: string;
}

/** Runs in the page: types each row, leaves the control, presses Continue and reads the page's result. */
export async function typeAll(json: string): Promise<string> {
  const rounds = JSON.parse(json) as Typed[][];
  const [form] = document.forms as unknown as [HTMLFormElement];
  const text = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value') as { get(): string };
  const controlOf = (id: string) => form.elements.namedItem(id) as HTMLInputElement;
  const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
  const [first] = rounds[0] ?? [];
  for (let tries = 0; tries < 100 && first && !Object.hasOwn(controlOf(first.id), 'value'); tries++) await pause(50);

  const read: Read[] = [];
  for (const rows of rounds) {
    for (const { id, typed } of rows) {
      const control = controlOf(id);
      control.focus();
      control.select();
      document.execCommand('delete');
      if (typed) document.execCommand('insertText', false, typed);
      control.blur();
    }
    form.querySelector('.summary')?.remove();
    form.querySelector<HTMLElement>('.now [data-next]')?.click();
    for (let turns = 0; turns < 100 && !form.querySelector('.summary'); turns++) await Promise.resolve();
    const kept = localStorage.getItem(`flipsite:${location.pathname.slice(1)}`) ?? '{}';
    const answers = (JSON.parse(kept) as { typed: Record<string, Record<string, unknown>> }).typed['one'] ?? {};
    for (const { id, typed } of rows) {
      const said = document.getElementById(`f-${id}-e`)?.lastElementChild?.lastChild?.textContent ?? undefined;
      read.push({ id, typed, shown: text.get.call(controlOf(id)), kept: answers[id], ...(said !== undefined && { said }) });
    }
  }
  return JSON.stringify(read);
} // prettier-ignore

/** The rows of a language, in rounds in which no field has two. */
export function roundsIn(language: Language): Typed[][] {
  const rounds: Typed[][] = [];
  const count = new Map<string, number>();
  for (const { id, typed } of spellings.filter((one) => one.language === language)) {
    const at = count.get(id) ?? 0;
    count.set(id, at + 1);
    (rounds[at] ??= []).push({ id, typed });
  }
  return rounds;
}

/** Compares the page's result for each row with the table. */
export function expectRead(language: Language, json: string): void {
  const form = compile(formOfAmounts(language));
  const rows = new Map(spellings.filter((one) => one.language === language).map((one) => [nameOf(one), one.outcome]));
  const read = JSON.parse(json) as Read[];
  expect(read).toHaveLength(rows.size);
  const found = read.map(({ id, typed, kept, said }) => {
    const of = fieldOf(form, id);
    const asked = sentence(of, 'type', language, [], typed);
    const unclear = asked !== sentence(of, 'type', language);
    return [nameOf({ id, typed }), !said ? kept : unclear && said === asked ? 'ask' : 'error'];
  });
  expect(found).toEqual(found.map(([name]) => [name, rows.get(String(name))]));
  // A question about the meaning shows the typed text.
  const asked = read.filter((one) => rows.get(nameOf(one)) === 'ask');
  expect(asked.map(({ shown }) => shown)).toEqual(asked.map(({ typed }) => typed));
}

const nameOf = ({ id, typed }: Typed) => `${id} ← ${typed}`;
