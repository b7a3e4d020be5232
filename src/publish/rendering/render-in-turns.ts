/** Renders pages one after another. Clients have their turns one after another too. */
import { currentClient } from '../../site-limits/counting/current-client.ts';
import { createTurnsByKey } from '../../site-limits/counting/turns.ts';
import type { Render } from './page-renderer.ts';

/**
 * `render`, for one page at a time. Other requests are answered between two pages: many pages that are rendered at once
 * would keep all of them waiting until the last page is done. A client with many pages delays those of others by one at most.
 */
export function renderInTurns(render: Render): Render {
  const inTurn = createTurnsByKey(1);
  return (request, locals) =>
    inTurn(currentClient(), async () => {
      const response = await render(request, locals);
      // Astro renders while the text is read.
      return new Response(await response.text(), response);
    });
}
