/**
 * Finds the part of a form that the preview names, the screen that is open in the editor, and the wait before a new
 * page.
 */
import type { Path, Value } from '../../form/edit/edit.ts';
import { listOf, mapOf } from '../form-data.ts';
import { pauseAfter } from '../model/pause.ts';

const indexOf = (parts: Value[], id: string): number => parts.findIndex((part) => mapOf(part)['id'] === id);

/** The path of a screen, or of a question on it. Undefined if the form no longer has the screen. */
export function pathOfPart(data: Value | undefined, screen: string, field?: string): Path | undefined {
  const screens = listOf(mapOf(data)['screens']);
  const at = indexOf(screens, screen);
  if (at < 0) return undefined;
  const within = field === undefined ? -1 : indexOf(listOf(mapOf(screens[at])['fields']), field);
  return within < 0 ? ['screens', at] : ['screens', at, 'fields', within];
}

/** The id of the screen that `path` leads into. */
export function openScreen(data: Value | undefined, path: Path | undefined): string | undefined {
  const [list, at] = path ?? [];
  if (list !== 'screens' || typeof at !== 'number') return undefined;
  const id = mapOf(listOf(mapOf(data)['screens'])[at])['id'];
  return typeof id === 'string' ? id : undefined;
}

/** The time without a key before a new page: the shortest one, and the longest one while a person types. In ms. */
const [PAUSE_MS, MAX_PAUSE_MS] = [150, 300];

/** How often the preview waits, one time after another. So it also follows a person who types for long. */
const MAX_WAITS = 15;

/**
 * The pace of a person who types: the longest of the last times between two keys, each of which counts less with each
 * key. A pause begins again.
 *
 * @param pace the result for the key before, in ms
 * @param sinceLast the time since that key, in ms
 */
const paceAfter = (pace: number, sinceLast: number): number =>
  sinceLast < MAX_PAUSE_MS && pace < MAX_PAUSE_MS ? Math.max(sinceLast, 0.9 * pace) : sinceLast;

/** Tells the preview to load the newest draft, but seldom between two keys. */
export interface Follower {
  /** @param at the time of a key, in ms as in events */
  noteKey(at: number): void;
  /** A draft was saved, or a page of the preview is ready. It may be older than the newest draft. */
  follow(): void;
  stop(): void;
}

/** @param send tells the preview to wait, or that a newer draft is saved */
export function createFollower(send: (what: 'wait' | 'saved') => void, now = () => performance.now()): Follower {
  let [pressedAt, pace] = [-Infinity, Infinity];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waits = 0;
  function follow(): void {
    clearTimeout(timer);
    const wait = pressedAt + pauseAfter(pace, PAUSE_MS, MAX_PAUSE_MS) - now();
    if (wait > 0) timer = setTimeout(follow, wait);
    waits = wait > 0 && waits < MAX_WAITS ? waits + 1 : 0;
    send(waits ? 'wait' : 'saved');
  }
  return {
    noteKey(at) {
      pace = paceAfter(pace, at - pressedAt);
      pressedAt = at;
    },
    follow,
    stop: () => clearTimeout(timer),
  };
}
