/** The pieces of a body while it is on its way. */
import { expect, it } from 'vitest';
import { addPiece } from '../../../src/site-limits/counting/pieces.ts';

it('are joined again and again, because each takes memory of its own', () => {
  const pieces: Uint8Array[] = [];
  let most = 0;
  for (let at = 0; at < 1_000; at++) {
    addPiece(pieces, Uint8Array.of(at % 256));
    most = Math.max(most, pieces.length);
  }
  expect(most).toBeLessThan(50);
  expect([...Buffer.concat(pieces)]).toEqual(Array.from({ length: 1_000 }, (_, at) => at % 256));
});
