/** Renders pages one after another. */
import { createTurns } from '../../site-limits/counting/turns.ts';
import type { Render } from './page-renderer.ts';

/**
 * `render`, for one page at a time. Other requests are answered between two pages: many pages that are rendered at once
 * would keep all of them waiting until the last page is done.
 */
export function renderInTurns(render: Render): Render {
  const inTurn = createTurns();
  return (request, locals) =>
    inTurn(async () => {
      const response = await render(request, locals);
      // Astro renders while the text is read.
      return new Response(await response.text(), response);
    });
}
