/** One way through a form: the check's, the server's and the browser's are the same for every form and all answers. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Device, DeviceState } from '../../src/browser/device.ts';
import { openNavigation } from '../../src/browser/navigation.ts';
import { explore } from '../../src/form/check/explore.ts';
import type { Answers } from '../../src/form/runtime/condition.ts';
import { parseForm } from '../../src/form/parse.ts';
import type { Form } from '../../src/form/schema.ts';
import type { PageData } from '../../src/contract/page.ts';
import { pageData } from '../../src/publish/rendering/page-data.ts';
import { evaluateForm } from '../../src/respond/evaluate.ts';
import { LONG } from '../helpers/run/long.ts';
import { randomForm } from '../helpers/samples/random-forms.ts';

const CASES = LONG ? 10_000 : 100;

const now = new Date('2026-11-24T12:00:00Z');
const site = { api: '', base: '', scripts: { v2: '', v1: '' } };

/** The storage of a page, without a page. */
function inMemory(): Device {
  let kept = { answers: {}, passed: [] as string[], params: {} } as DeviceState;
  return {
    name: '',
    lasting: false,
    get state() {
      return kept;
    },
    update: (change) => (kept = { ...kept, ...change }),
  };
}

/** Walks as the page does: screen after screen, with the answers in the controls of each. */
function browserWalk(form: Form, answers: Answers): string[] {
  const data = JSON.parse(JSON.stringify(pageData(form, 'v', 'en', site, (chunk) => `/${chunk}.js`))) as PageData;
  const device = inMemory();
  const navigation = openNavigation(data, device);
  const path: string[] = [];
  for (let screen = data.screens[0]; screen;) {
    path.push(screen.id);
    const own = screen.fields.map(({ id }) => id);
    const inControls = Object.fromEntries(Object.entries(answers).filter(([id]) => own.includes(id)));
    const { answers: screenAnswers } = navigation.evaluate(screen, inControls);
    const next = navigation.next(screen, screenAnswers);
    device.update({
      answers: { ...device.state.answers, ...screenAnswers },
      passed: [...device.state.passed, screen.id],
    });
    expect(navigation.reached().path.slice(0, path.length)).toEqual(path);
    if ('ending' in next) return [...path, next.ending];
    screen = navigation.screen(next.screen);
  }
  return path;
}

/** Found before: a sum of the screen itself, shown only where a field beside it is not answered. */
const FOUND = JSON.stringify({
  title: 'A sum',
  screens: [
    { id: 'first', title: 'First', fields: [{ id: 'stars', type: 'rating', label: 'Stars', required: false }] },
    {
      id: 'second',
      title: 'Second',
      fields: [
        { id: 'why', type: 'text', label: 'Why', required: false },
        { id: 'sum', type: 'computed', label: 'Sum', value: 'stars + stars', show_when: { why: { answered: false } } },
      ],
      next: [{ when: { sum: { less_than: 11 } }, go: 'low' }],
    },
  ],
  endings: [
    { id: 'done', title: 'Done' },
    { id: 'low', title: 'Low' },
  ],
});

it(`the check, the server and the browser agree on the way in ${CASES} random journeys`, () => {
  let good = 0;
  fc.assert(
    fc.property(
      randomForm.chain(({ text, answers }) => fc.tuple(fc.constant(text), answers)),
      ([text, answers]) => {
        const parsed = parseForm('random.yaml', text, now);
        fc.pre(parsed.ok);
        if (!parsed.ok) return;
        good++;
        const { form } = parsed;
        const { path, ending, errors } = evaluateForm(form, answers, 'en', now);
        expect(errors).toEqual({});
        const way = [...path, ending ?? 'nowhere'];
        expect(browserWalk(form, answers)).toEqual(way);
        const { edges, reached } = explore(form);
        way.slice(1).forEach((to, at) => {
          expect(edges.map((edge) => `${edge.from} → ${edge.to}`)).toContain(`${way[at]} → ${to}`);
          expect(reached).toContain(to);
        });
      },
    ),
    { numRuns: CASES, maxSkipsPerRun: 200, examples: [[[FOUND, { stars: 3, why: 'x' }]]] },
  );
  expect(good).toBeGreaterThanOrEqual(CASES);
}, 600_000);
