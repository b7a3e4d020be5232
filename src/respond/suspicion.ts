/** What makes a submission look like spam. Nothing here refuses anything. */
import { fieldsOf, TRAP, type Form } from '../form/schema.ts';
import type { EventQuery, RecordedEvent } from '../record/events.ts';
import type { SuspicionReason } from '../record/submissions/suspicion.ts';

/** What gave itself away at the start: a filled trap, or no proof of work where the form asks for one. */
export const startReasons = (trap: string | undefined, proven: boolean): SuspicionReason[] => [
  ...(trap?.trim() ? (['trap'] as const) : []),
  ...(proven ? [] : (['no_proof'] as const)),
];

/** What was entered into the trap of a form that a browser has posted itself. */
export const trapOf = (entries: [name: string, value: string][]): string | undefined =>
  entries.find(([name, value]) => name === TRAP && value.trim())?.[1];

/** Nobody reads a screen and sends it in less. */
const LEAST_MS = 2_000;
const LEAST_MS_A_FIELD = 500;
const TYPED = ['text', 'textarea', 'email', 'phone', 'url', 'number', 'money', 'address'];

/** The events that a submission's pace is judged by; no others are needed. */
export const PACE_EVENTS: EventQuery = {
  names: ['started', 'answersSaved', 'ACCOUNT_CONNECTED'],
  sources: ['server', 'webhook'],
  from: 'first',
};

/**
 * Whether a submission went from its first save to its end faster than a person types. What was on the first screen saved
 * was typed before the server knew of it, so only what came later is judged, and a form of one screen never is; nor is
 * one that a browser has posted itself, or one with a connected account, which speaks for a person.
 */
export function isTooFast(form: Form, events: RecordedEvent[], now: Date): boolean {
  const own = events.filter(({ source }) => source === 'server');
  if (own.some(({ name, data }) => name === 'started' && (data as { native?: boolean }).native)) return false;
  if (events.some(({ name, source }) => source === 'webhook' && name === 'ACCOUNT_CONNECTED')) return false;
  const [first, ...later] = own.filter(({ name }) => name === 'answersSaved');
  if (!first || !later.length) return false;
  const savedIn = ({ data }: RecordedEvent) => (data as { fields?: string[] }).fields ?? [];
  const before = new Set(savedIn(first));
  const after = new Set(later.flatMap(savedIn).filter((id) => !before.has(id)));
  const typed = fieldsOf(form).filter(({ id, type }) => after.has(id) && TYPED.includes(type));
  const least = LEAST_MS + LEAST_MS_A_FIELD * typed.length;
  const took = now.getTime() - Date.parse(first.receivedAt);
  // A clock that was set back meanwhile tells nothing.
  return took >= 0 && took < least;
}
