/**
 * Exchanges counts between servers. Each server decides in its own memory, and never waits for another one. Now and then it
 * reports the amounts that matter. So all servers together exceed a limit by no more than they count between two exchanges.
 */
import { createHmac } from 'node:crypto';
import type { ReportCount, SharedCounts } from './shared-counts.ts';
import { SITE_LIMITS } from '../site-limits.ts';

export interface CountExchange extends SharedCounts {
  /** Removes the amounts that the other servers need from the memory, and returns them as JSON. Undefined if there are none. */
  drain(): string | undefined;
  /** Adds the amounts that another server drained. Ignores a text that it can't read. */
  add(counts: string): void;
}

/** A server keeps amounts below this part of a limit to itself. Most clients never reach it. */
const REPORTED_PART = 50;

const DAY_MS = 86_400_000;
const MAX_NAMES = SITE_LIMITS.addressesRemembered.value;

/** Strangers choose some keys, such as an email. Longer ones take no memory. */
const MAX_REMEMBERED_KEY = 100;

interface Shared {
  /** The smallest amount that is reported. */
  reportedFrom: number;
  windowMs: number;
  addOthers: Parameters<SharedCounts['share']>[2];
  /** Amounts by name that are too small to report. */
  kept: Map<string, number>;
  keptSince: number;
  /** Amounts by name for the next exchange. */
  due: Map<string, number>;
}

/** @param secret the same on all servers. Names are hashed with a key made from it, a new one each day (UTC) */
export function createCountExchange(secret: Buffer, now: () => Date): CountExchange {
  const counters = new Map<string, Shared>();
  const names = new Map<string, string>();
  let day = NaN;
  let dayKey: Buffer;
  let takenAt = now().getTime();

  function keyOfToday(): Buffer {
    const today = Math.floor(now().getTime() / DAY_MS);
    if (today !== day) {
      day = today;
      dayKey = createHmac('sha256', secret).update(`flipsite shared counts ${today}`).digest();
      names.clear();
    }
    return dayKey;
  }

  return {
    nameOf(key) {
      const secretOfDay = keyOfToday();
      const known = names.get(key);
      if (known !== undefined) return known;
      const name = createHmac('sha256', secretOfDay).update(key).digest('base64url').slice(0, 22);
      if (key.length <= MAX_REMEMBERED_KEY) setBounded(names, key, name);
      return name;
    },

    share(counter, { max, windowMs }, addOthers): ReportCount {
      const kept = new Map<string, number>();
      const due = new Map<string, number>();
      const reportedFrom = Math.max(1, max / REPORTED_PART);
      counters.set(counter, { reportedFrom, windowMs, addOthers, kept, keptSince: takenAt, due });
      return (name, amount) => {
        const total = (due.get(name) ?? kept.get(name) ?? 0) + amount;
        const [into, outOf] = Math.abs(total) >= reportedFrom ? [due, kept] : [kept, due];
        outOf.delete(name);
        if (total === 0) into.delete(name);
        else setBounded(into, name, total);
      };
    },

    drain() {
      const time = now().getTime();
      const counts: Record<string, Record<string, number>> = {};
      let room: number = SITE_LIMITS.reportedCounts.value;
      for (const [counter, { windowMs, kept, keptSince, due }] of counters) {
        // Older amounts no longer count on this server either.
        if (time - takenAt > windowMs) due.clear();
        if (time - keptSince > windowMs) {
          kept.clear();
          counters.get(counter)!.keptSince = time;
        }
        const taken = [...due].slice(0, room);
        room -= taken.length;
        if (taken.length) counts[counter] = Object.fromEntries(taken);
        for (const [name] of taken) due.delete(name);
      }
      takenAt = time;
      return Object.keys(counts).length ? JSON.stringify(counts) : undefined;
    },

    add(counts) {
      const time = now();
      for (const [counter, amounts] of Object.entries(parsed(counts))) {
        // A server of another version may have other counters.
        const addOthers = counters.get(counter)?.addOthers;
        if (addOthers) for (const [name, amount] of Object.entries(amounts)) addOthers(name, amount, time);
      }
    },
  };
}

function parsed(counts: string): Record<string, Record<string, number>> {
  try {
    return JSON.parse(counts) as Record<string, Record<string, number>>;
  } catch {
    return {};
  }
}

/** Sets a value, and drops the first one where there are too many. */
function setBounded<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  const [first] = map.keys();
  if (map.size > MAX_NAMES && first !== undefined) map.delete(first);
}
