/** Renders pages one after another. */
import type { Render } from './page-renderer.ts';

/** Of the event loop between two pages. A save takes about as many. */
const TURNS = 3;

/**
 * `render`, for one page at a time. Other requests are answered between two pages: many pages that are rendered at once
 * would keep all of them waiting until the last page is done.
 */
export function renderInTurns(render: Render): Render {
  let last: Promise<unknown> = Promise.resolve();
  return (request, locals) => {
    const rendered = last.then(async () => {
      for (let turns = 0; turns < TURNS; turns++) await new Promise((turn) => setImmediate(turn));
      const response = await render(request, locals);
      // Astro renders while the text is read.
      return new Response(await response.text(), response);
    });
    last = rendered.catch(() => undefined);
    return rendered;
  };
}
