/** Renders pages one after another. Clients have their turns one after another too. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createTurnsByKey } from '../../site-limits/counting/turns.ts';
import type { Render } from './page-renderer.ts';

const EVERYONE = '';

/** The client who gets the page. */
const current = new AsyncLocalStorage<string>();

/**
 * Runs `run`, which may render pages for a client.
 * @param client the key of its address
 */
export const renderFor = <R>(client: string, run: () => R): R => current.run(client, run);

/** Runs `run`, which renders a page that everyone gets. So others wait for no other page of the client who asked first. */
export const renderForEveryone = <R>(run: () => R): R => current.run(EVERYONE, run);

/**
 * `render`, for one page at a time. Other requests are answered between two pages: many pages that are rendered at once
 * would keep all of them waiting until the last page is done. A client with many pages delays those of others by one at most.
 */
export function renderInTurns(render: Render): Render {
  const inTurn = createTurnsByKey(1);
  return (request, locals) =>
    inTurn(current.getStore() ?? EVERYONE, async () => {
      const response = await render(request, locals);
      // Astro renders while the text is read.
      return new Response(await response.text(), response);
    });
}
