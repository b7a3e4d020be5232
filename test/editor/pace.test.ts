/** Typing in a panel of a long form: each key is on the screen at once, and the form changes in the pauses. */
import { expect, it, vi } from 'vitest';
import { paceOf } from '../../src/editor/panels/pace.ts';

function spend(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

it('changes a short form with each key', () => {
  const made: string[] = [];
  const pace = paceOf((text) => made.push(text), { slowMs: 1_000 });
  for (const text of ['a', 'ab', 'abc']) pace.change(text);

  expect(made).toEqual(['a', 'ab', 'abc']);
});

it('changes a long form after the first key, and then when the person pauses', async () => {
  const made: string[] = [];
  const pace = paceOf((text) => (spend(3), made.push(text)), { slowMs: 1, pauseMs: 20 });
  for (const text of ['a', 'ab', 'abc']) pace.change(text);

  expect(made).toEqual(['a']);
  await vi.waitFor(() => expect(made).toEqual(['a', 'abc']));
});

it('loses no key when the person leaves the input, and makes no change twice', async () => {
  const made: string[] = [];
  const pace = paceOf((text) => (spend(3), made.push(text)), { slowMs: 1, pauseMs: 5 });
  for (const text of ['a', 'ab']) pace.change(text);
  pace.flush();
  pace.flush();
  await new Promise((resolve) => setTimeout(resolve, 30));

  expect(made).toEqual(['a', 'ab']);
});
