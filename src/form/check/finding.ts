import type { Place } from '../faults.ts';

/** A fault before it is placed in a file. */
export interface Finding {
  place: Place;
  message: string;
  remedy?: string;
}
