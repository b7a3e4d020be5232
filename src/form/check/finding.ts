import type { FaultPlace } from '../faults/faults.ts';
import type { Screen } from '../schema.ts';

/** A fault before it is placed in a file. */
export interface Finding {
  place: FaultPlace;
  message: string;
  remedy?: string;
  /** The name is unknown. This is uncertain where the schema has refused something that may be called so. */
  unknown?: true;
}

/**
 * Where the field at `index` of a compiled screen stands in the file. A field that follows from another one's key stands
 * where that one does.
 */
export function pathOfField(screen: Screen, at: number, index: number): PropertyKey[] {
  const written = screen.fields.slice(0, index + 1).filter(({ follows }) => !follows).length;
  return ['screens', at, 'fields', written - 1];
}
