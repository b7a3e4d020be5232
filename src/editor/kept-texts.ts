/** Texts that are not saved, on the device: by form, member and page, until the server has them. */
import type { DraftToSave } from '../contract/editor.ts';
import type { DeviceText } from './model/autosave.ts';

export interface KeptText extends DraftToSave {
  /** Its key in the store. */
  key: string;
  /** The time at which the device stored it. ISO 8601. */
  at: string;
}

export interface KeptTexts extends DeviceText {
  /** The newest text that another page left unsaved, unless it is the text `saved`. */
  find(saved: string): KeptText | undefined;
  /** Removes a text that was found. */
  discard(kept: KeptText): void;
}

/**
 * @param store the browser's storage. If it is undefined, no text is kept
 * @param name the form and the member
 */
export function openKeptTexts(store: Storage | undefined, name: string): KeptTexts {
  const prefix = `flipsite:draft:${name}:`;
  const own = `${prefix}${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;

  /**
   * If the storage is full or closed, it keeps nothing. The text is still on the page, and the page says that it is not
   * saved.
   */
  function attempt<T>(use: (open: Storage) => T): T | undefined {
    try {
      return store && use(store);
    } catch {
      return undefined;
    }
  }

  const read = (open: Storage, key: string): KeptText | undefined => {
    const value = JSON.parse(open.getItem(key) ?? 'null') as Partial<KeptText> | null;
    const { text, base, at } = value ?? {};
    return typeof text === 'string' && typeof base === 'number' && typeof at === 'string' ? { key, text, base, at } : undefined; // prettier-ignore
  };

  return {
    keep: (draft) =>
      void attempt((open) => open.setItem(own, JSON.stringify({ ...draft, at: new Date().toISOString() }))),
    forget: () => void attempt((open) => open.removeItem(own)),
    find: (saved) =>
      attempt((open) => {
        const keys = Object.keys(open).filter((key) => key.startsWith(prefix) && key !== own);
        const texts = keys.flatMap((key) => attempt(() => read(open, key)) ?? []);
        for (const { key, text } of texts) if (text === saved) open.removeItem(key);
        return texts.filter(({ text }) => text !== saved).sort((a, b) => (a.at < b.at ? 1 : -1))[0];
      }),
    discard: ({ key }) => void attempt((open) => open.removeItem(key)),
  };
}
