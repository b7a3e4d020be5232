/** How much of the memory is in use once everything that nothing holds is gone. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of the heap that something holds. */
export function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Whether the object of `ref` was collected. Ask in a later turn than the one that used it last. */
export function isGone(ref: WeakRef<object>): boolean {
  collect();
  return ref.deref() === undefined;
}
