/** The drawn pictures of forms, for social networks: each is drawn once while it is kept, beside the server. */
import { LRUCache } from 'lru-cache';
import { currentClient } from '../../site-limits/counting/current-client.ts';
import { createTurnsByKey } from '../../site-limits/counting/turns.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { makePicture, type Page } from '../rendering/pages.ts';
import { openThread } from '../thread.ts';
import type { CardContent } from './card-content.ts';
import type { DrawnCard } from './card-worker.ts';

export interface Cards {
  /** Whether the picture at an address was drawn, or can be tried. */
  canDraw(path: string): boolean;
  /** A picture that is in memory. */
  cached(path: string): Page | undefined;
  /** The picture for an address, drawn now unless it is in memory. Undefined where it can't be drawn. The reason is logged. */
  draw(path: string, content: CardContent): Promise<Page | undefined>;
  close(): Promise<void>;
}

/**
 * The memory of the thread, without that of the engine. The engine's grows with the logo, which has a bounded number of
 * pixels.
 */
const MEMORY_MB = 128;

/** A card takes some 20 ms, and the first one a second. A busy machine takes many times as long. */
const MAX_MS = 20_000;

/** The idle time of the thread. The engine and the fonts take 100 MB, which a server needs for other work. */
const IDLE_MS = 10_000;

/** The time without a new attempt after a card could not be drawn. */
const RETRY_MS = 3_600_000;
const FAILURES_KEPT = 10_000;

export interface CardOptions {
  /** @param reason without a full stop */
  onProblem(reason: string, content: CardContent): void;
  /** The longest time for one card, and the memory for all pictures; others are for tests. */
  maxMs?: number;
  maxBytes?: number;
}

/** Opens the cards of a site. The thread starts for the first one. */
export function openCards({
  onProblem,
  maxMs = MAX_MS,
  maxBytes = SITE_LIMITS.cardPicturesBytes.value,
}: CardOptions): Cards {
  const file = new URL('./card-worker.ts', import.meta.url);
  const thread = openThread<CardContent, DrawnCard>(file, { memoryMb: MEMORY_MB, maxMs, idleMs: IDLE_MS });
  const pictures = new LRUCache<string, Page>({
    maxSize: maxBytes,
    sizeCalculation: ({ plain }) => plain.length + 1_024,
  });
  const failed = new LRUCache<string, true>({ max: FAILURES_KEPT, ttl: RETRY_MS });
  /** By client and address. After a start, one client may ask for all of them. */
  const drawing = new Map<string, Promise<Page | undefined>>();
  const inTurn = createTurnsByKey(1);
  let isClosed = false;

  async function drawNow(path: string, content: CardContent): Promise<Page | undefined> {
    const drawn = await thread
      .work(content)
      .catch((error: unknown): DrawnCard => ({ problem: (error as Error).message }));
    if (drawn && 'png' in drawn) {
      const picture = makePicture(Buffer.from(drawn.png), 'image/png');
      pictures.set(path, picture);
      return picture;
    }
    if (isClosed) return undefined;
    failed.set(path, true);
    onProblem(drawn?.problem ?? 'It takes too much time or memory', content);
    return undefined;
  }

  return {
    canDraw: (path) => !failed.has(path),
    cached: (path) => pictures.get(path),
    async draw(path, content) {
      const client = currentClient();
      const name = `${client} ${path}`;
      const kept = pictures.get(path) ?? drawing.get(name);
      if (kept || failed.has(path)) return kept;
      // Another client may have it drawn meanwhile.
      const inTime = async () => pictures.get(path) ?? (failed.has(path) ? undefined : drawNow(path, content));
      const picture = inTurn(client, inTime).finally(() => drawing.delete(name));
      drawing.set(name, picture);
      return picture;
    },
    close() {
      isClosed = true;
      return thread.close();
    },
  };
}
