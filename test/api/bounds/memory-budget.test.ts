/** The work that the memory of large bodies takes. */
import { expect, it, vi } from 'vitest';
import { createMemoryBudget } from '../../../src/api/bounds/memory-budget.ts';

it('looks at each slow sender once, although many lose their places at once', async () => {
  const [senders, bytes] = [1_000, 100];
  const memory = createMemoryBudget(2 * senders * bytes);
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const ended = Promise.withResolvers<void>();
  const slow: { grow(): void; gone: AbortSignal }[] = [];
  const works = Array.from({ length: senders }, () =>
    memory(async (reserve, place) => {
      reserve(bytes);
      place.waits();
      slow.push({ grow: () => reserve(bytes), gone: place.signal });
      await ended.promise;
    }),
  );
  // Half of the memory is in use, and then all of it.
  for (const { grow } of slow) grow();

  clock.mockReturnValue(60_000);
  clock.mockClear();
  await memory(async (reserve) => reserve(bytes));
  expect(slow.filter(({ gone }) => gone.aborted)).toHaveLength(senders / 2);
  expect(clock.mock.calls.length).toBeLessThan(2 * senders);
  clock.mockRestore();
  ended.resolve();
  await Promise.all(works);
});
