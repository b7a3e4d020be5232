/** A reading that goes to another thread in changes: it arrives complete, and parts that are the same stay the same objects. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { edit } from '../../../src/form/edit/edit.ts';
import { changeOf, readAll, withChange, type TextReading } from '../../../src/form/edit/reading.ts';
import { formOf } from '../../helpers/samples/large-forms.ts';
import { fixture } from '../../helpers/compile.ts';
import type { Value } from '../../../src/form/edit/value.ts';
import { Random, randomChange } from './random-edits.ts';

const texts = ['forms', fixture('valid'), fixture('invalid')]
  .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => readFileSync(file, 'utf8'))
  .filter((text) => edit(text, ['x'], { do: 'set', value: 1 }).ok);

/** Both ends of the way to another thread. */
function openWay() {
  let [sent, received]: (TextReading | undefined)[] = [];
  return (text: string): { change: object; reading: TextReading } => {
    const before = sent;
    sent = readAll(text);
    const change = structuredClone(changeOf(before, sent));
    return { change, reading: (received = withChange(received, change)) };
  };
}

/** The text after a random change of its data. */
function changed(text: string, random: Random): string {
  const next = randomChange(structuredClone(readAll(text).data ?? null), random);
  const edited = next && edit(text, next.path, next.change);
  return edited?.ok ? edited.text : text;
}

it('arrives as it was sent, whatever was sent before', () => {
  const send = openWay();
  for (const seed of Array(40).keys()) {
    const random = new Random(seed);
    const text = random.pick(texts);
    const cut = text.slice(0, random.below(text.length));
    for (const one of [text, changed(text, random), cut, changed(text, random)]) {
      const [{ reading }, complete] = [send(one), structuredClone(readAll(one))];
      expect(reading, `seed ${seed}`).toEqual(complete);
      // The order of keys, too.
      expect(JSON.stringify(reading), `seed ${seed}`).toBe(JSON.stringify(complete));
    }
  }
});

it('keeps each screen that a key did not change, and sends little', () => {
  const send = openWay();
  const text = formOf(50);
  const before = send(text).reading;
  const { change, reading } = send(text.replace('Question a of screen 7', 'Question x of screen 7'));
  const screens = ({ data }: TextReading): Value[] => (data as { screens: Value[] }).screens;
  const isNew = (parts: readonly unknown[], old: readonly unknown[]) =>
    parts.flatMap((one, at) => (one === old[at] ? [] : [at]));

  expect(isNew(screens(reading), screens(before))).toEqual([7]);
  expect(isNew(reading.outline.screens, before.outline.screens)).toEqual([7]);
  expect(JSON.stringify(screens(reading))).toBe(JSON.stringify((parse(text.replace('Question a of screen 7', 'Question x of screen 7')) as { screens: Value[] }).screens)); // prettier-ignore
  const bytes = JSON.stringify(change, (_, one: unknown) => (typeof one === 'bigint' ? 0 : one)).length;
  expect(bytes).toBeLessThan(JSON.stringify(before).length / 10);
});
