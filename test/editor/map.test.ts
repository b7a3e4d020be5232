/** The map shows each screen once, no two boxes overlap, and every way is there. */
import { describe, expect, it } from 'vitest';
import { journeyMap, mapInWords, type JourneyMap } from '../../src/editor/map/journey-map.ts';
import { reachedFrom } from '../../src/editor/map/graph.ts';
import { layOutLayers } from '../../src/editor/map/layers.ts';
import { Random } from '../form/edit/random-edits.ts';
import { someOf } from '../helpers/run/long.ts';
import { allForms, dataOf, driver, kinds } from './forms.ts';

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

const overlap = (one: Area, other: Area): boolean =>
  one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height; // prettier-ignore

function expectReadable({ boxes, arrows, width, height }: JourneyMap): void {
  const areas: Area[] = [...boxes, ...arrows.flatMap(({ label }) => label ?? [])];
  const isInside = (one: Area) =>
    one.x >= 0 && one.y >= 0 && one.x + one.width <= width && one.y + one.height <= height;
  expect(areas.filter((one) => !isInside(one))).toEqual([]);
  // One assertion for the thousands of pairs, since each takes longer than the comparison.
  expect(areas.flatMap((one, at) => areas.slice(at + 1).filter((other) => overlap(one, other)))).toEqual([]);
  for (const { d, conditions, label, isBack } of arrows) {
    expect(d).toMatch(/^M[\d.]+ [\d.]+/);
    expect(d).not.toMatch(/NaN|undefined|Infinity/);
    if (!isBack && conditions.length) expect(label).toBeDefined();
  }
}

/** A form of `count` screens with random rules. */
function randomForm(count: number, seed: number): string {
  const random = new Random(seed);
  const screens = Array.from({ length: count }, (_, at) => {
    const later = Array.from({ length: count - at }, (_, index) => `s${at + index}`).slice(1);
    const rules = Array.from({ length: random.below(3) }, () => `{ when: { q${random.below(at + 1)}: ${random.pick(['true', 'false'])} }, go: ${random.pick([...later, 'done', 'later'])} }`); // prettier-ignore
    return `  - { id: s${at}, title: Screen ${at}, fields: [{ id: q${at}, type: yes_no, label: Is this question ${at}? }], next: [${rules.join(', ')}] }`;
  });
  return `title: Random\nscreens:\n${screens.join('\n')}\nendings: [{ id: done, title: Done }, { id: later, title: Later }]\n`;
}

describe('the map', () => {
  it.each(someOf(allForms, 10))(
    'of a form has each screen and ending once, and nothing overlaps: $file',
    ({ text }) => {
      const data = dataOf(text) as { screens: { id: string }[]; endings: { id: string }[] };
      const map = journeyMap(data as never, kinds);
      expect(map.boxes.map(({ id }) => id)).toEqual([...data.screens, ...data.endings].map(({ id }) => id));
      expectReadable(map);
      expect(map.boxes.filter(({ isReached }) => !isReached)).toEqual([]);
    },
  );

  it.each([1, 3, 10, 30, 60])('of random forms with %i screens can be read', (count) => {
    for (const seed of someOf([...Array(20).keys()], 3)) expectReadable(journeyMap(dataOf(randomForm(count, seed)), kinds)); // prettier-ignore
  });

  it('is the same for the same form', () => {
    const data = dataOf(randomForm(30, 7));
    expect(journeyMap(data, kinds)).toEqual(journeyMap(data, kinds));
  });

  it('has the main way straight down', () => {
    const map = journeyMap(dataOf(driver), kinds);
    const middle = (id: string) => map.boxes.filter((box) => box.id === id).map(({ x, width }) => x + width / 2)[0];
    expect(new Set(['start', 'about', 'work', 'connect'].map(middle)).size).toBe(1);
  });

  it('says conditions with the texts of questions and answers', () => {
    const map = journeyMap(dataOf(driver), kinds);
    const texts = map.arrows.flatMap(({ conditions }) => conditions.map(({ text }) => text));
    expect(texts).toContain('Are you 21 or older? No');
    expect(texts).toContain("Which driver's license do you hold? None yet");
    const lines = map.arrows.flatMap(({ conditions }) => conditions.map((one) => one.lines.join(' ')));
    expect(lines).toContain('Unsuccessful or skipped');
    const words = mapInWords(map).flatMap(({ ways }) => ways);
    expect(words).toContain('If Are you 21 or older? No, go to Not yet, but soon.');
    expect(words).toContainEqual(expect.stringMatching(/^If unsuccessful or skipped, go to /));
  });

  it('shows a screen that no journey reaches, and a way back', () => {
    const text =
      'title: A\nscreens:\n  - { id: a, title: A, next: c }\n  - { id: b, title: B }\n  - { id: c, title: C, next: [{ when: { x: 1 }, go: a }] }\nendings: [{ id: done, title: Done }]\n';
    const map = journeyMap(dataOf(text), kinds);
    expect(map.boxes.filter(({ isReached }) => !isReached).map(({ id }) => id)).toEqual(['b']);
    expect(map.arrows.filter(({ isBack }) => isBack).map(({ from, to }) => [from, to])).toEqual([['c', 'a']]);
    expectReadable(map);
  });

  it.each<unknown>([null, {}, { screens: 'x' }, { screens: [null, 3, { id: 4 }, { id: 'a', next: 7 }, { id: 'a' }], endings: {} }, { screens: [{ id: 'a', fields: 'x', next: [null, { go: ['b'] }] }] }])('of a form with errors in its shape is drawn as far as it goes: %j', (data) => {
    expectReadable(journeyMap(data as never, kinds));
  }); // prettier-ignore

  it('leaves out the next screen where rules name every possible answer', () => {
    const text =
      'title: A\nscreens:\n  - { id: a, title: A, fields: [{ id: q, type: yes_no, label: Q, required: true }], next: [{ when: { q: true }, go: c }, { when: { q: false }, go: done }] }\n  - { id: b, title: B }\n  - { id: c, title: C }\nendings: [{ id: done, title: Done }]\n';
    expect(reachedFrom(dataOf(text), kinds).has('b')).toBe(false);
  });

  it('lays out 200 screens, and no edges at all', () => {
    expectReadable(journeyMap(dataOf(randomForm(200, 1)), kinds));
    expect(layOutLayers([], [])).toMatchObject({ nodes: [], edges: [] });
    expect(layOutLayers([{ id: 'a', width: 10, height: 10 }], [{ from: 'a', to: 'a', weight: 1 }, { from: 'a', to: 'z', weight: 1 }]).edges).toHaveLength(2); // prettier-ignore
  });
});
