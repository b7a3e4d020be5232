/** Signs that a submission is spam. They refuse nothing. */
import { typeOf, type Field } from '../form/fields/fields.ts';
import { TRAP } from '../form/id.ts';
import { fieldsOf, type Form } from '../form/schema.ts';
import type { RecordedEvent } from '../record/events.ts';
import type { EventQuery } from '../record/event-queries.ts';
import type { SuspicionReason } from '../record/submissions/suspicion.ts';

/** The reasons at the start: a filled trap, or no proof of work where the form asks for one. */
export const startReasons = (trap: string | undefined, proven: boolean): SuspicionReason[] => [
  ...(trap?.trim() ? (['trap'] as const) : []),
  ...(proven ? [] : (['no_proof'] as const)),
];

/** The value of the trap field in a form posted without JavaScript. */
export const trapOf = (entries: [name: string, value: string][]): string | undefined =>
  entries.find(([name, value]) => name === TRAP && value.trim())?.[1];

/** A person needs longer to read and complete a screen. */
const MIN_MS = 2_000;
const MIN_MS_PER_FIELD = 500;

/** The events that `isTooFast` needs. */
export const PACE_EVENTS: EventQuery = {
  names: ['started', 'answersSaved', 'ACCOUNT_CONNECTED'],
  sources: ['server', 'webhook'],
  from: 'first',
};

/**
 * Whether a submission was faster than a person types, from its first save to its end. The fields of the first save are
 * not counted: they were typed before the server knew of the draft. Nor are those that the link filled in, or that begin with
 * a `default`. So a form of one screen is never too fast, nor is a form posted without JavaScript, nor one with a connected
 * account or an invitation, which only a person has.
 * @param openMs how long ago the page says that it was first opened: without a network, all saves wait, and arrive at once
 */
export function isTooFast(form: Form, events: RecordedEvent[], now: Date, openMs = 0): boolean {
  const own = events.filter(({ source }) => source === 'server');
  const started = own.find(({ name }) => name === 'started')?.data as
    | { native?: boolean; invitation?: string; prefilled?: string[] }
    | undefined;
  if (started?.native || started?.invitation !== undefined) return false;
  if (events.some(({ name, source }) => source === 'webhook' && name === 'ACCOUNT_CONNECTED')) return false;
  const [first, ...later] = own.filter(({ name }) => name === 'answersSaved');
  if (!first || !later.length) return false;
  const savedIn = ({ data }: RecordedEvent) => (data as { fields?: string[] }).fields ?? [];
  const before = new Set([...savedIn(first), ...(started?.prefilled ?? [])]);
  const after = new Set(later.flatMap(savedIn).filter((id) => !before.has(id)));
  const hasDefault = (field: Field) => 'default' in field && field.default !== undefined;
  const isTyped = (field: Field) => after.has(field.id) && !hasDefault(field) && typeOf(field).typed;
  const typed = fieldsOf(form).filter(isTyped);
  const minMs = MIN_MS + MIN_MS_PER_FIELD * typed.length;
  const tookMs = now.getTime() - Date.parse(first.receivedAt);
  // A clock that was set back proves nothing.
  return tookMs >= 0 && Math.max(tookMs, openMs) < minMs;
}
