/** Draws cards on a thread of its own. See `cards.ts`. */
import { parentPort } from 'node:worker_threads';
import type { CardContent } from './card-content.ts';
import { drawCard, isTrap } from './draw-card.ts';

/** The picture as a PNG, or the reason why there is none. */
export type DrawnCard = { png: Uint8Array } | { problem: string };

const draw = (content: CardContent): Promise<DrawnCard> =>
  drawCard(content).then(
    (png) => ({ png }),
    (error: unknown) => {
      // Ends the thread. The card of the next form gets another one, with a new engine.
      if (isTrap(error)) process.exit();
      return { problem: error instanceof Error ? error.message : String(error) };
    },
  );

parentPort?.on('message', (content: CardContent) => {
  void draw(content).then((drawn) => parentPort?.postMessage(drawn));
});
// Its modules are loaded.
parentPort?.postMessage('ready');
