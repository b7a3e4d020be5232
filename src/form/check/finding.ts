import type { FaultPlace } from '../faults/faults.ts';
import type { Screen } from '../schema.ts';

/** A fault before it is placed in a file. */
export interface Finding {
  place: FaultPlace;
  message: string;
  remedy?: string;
  /** See `FormFault`. */
  text?: string;
  /** The name is unknown. This is uncertain if the schema has refused something that may have this name. */
  unknown?: true;
}

/**
 * The place in the file of the field at `index` of a compiled screen. A field that follows from a key of another field
 * has the place of that field.
 */
export function pathOfField(screen: Screen, at: number, index: number): PropertyKey[] {
  const written = screen.fields.slice(0, index + 1).filter(({ follows }) => !follows).length;
  return ['screens', at, 'fields', written - 1];
}
