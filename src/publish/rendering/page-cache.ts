/** Keeps rendered pages in memory, up to a number of bytes. */
import { LRUCache } from 'lru-cache';
import type { Page } from './pages.ts';

/**
 * Called before a page is rendered for a stranger instead of taken from the cache. May refuse it by throwing.
 * @param bytes of the page, where they are known
 */
export type MayRender = (bytes?: number) => Promise<void>;

export interface PageCache {
  /** The page if it is kept. */
  kept(name: string): Page | undefined;
  /** The page that is kept or being made, or else a new one. @param mayRender is asked before a new one is made */
  page(name: string, make: () => Promise<Page>, mayRender?: MayRender): Promise<Page>;
}

/**
 * The latest pages by name, up to a number of bytes. Each is rendered once while it is kept, or while its rendering
 * runs.
 */
export function createPageCache(maxBytes: number): PageCache {
  const pages = new LRUCache<string, Page>({ maxSize: maxBytes, sizeCalculation: pageSizeOf });
  const making = new Map<string, Promise<Page>>();
  return {
    kept: (name) => pages.get(name),
    async page(name, make, mayRender) {
      const known = pages.get(name) ?? making.get(name);
      if (known) return known;
      await mayRender?.();
      const page = making.get(name) ?? make().finally(() => making.delete(name));
      making.set(name, page);
      pages.set(name, await page);
      return page;
    },
  };
}

/** The approximate size of a page in memory, with its headers and its name. In bytes. */
export const pageSizeOf = ({ plain, br, gzip }: Page, name: string): number =>
  plain.length + (br?.length ?? 0) + (gzip?.length ?? 0) + 2 * name.length + 2_048;
