/**
 * Answers to sensitive fields. Phones are shared, and anyone can read what a browser keeps, so these answers stay in this
 * page's memory. After a reload the server gives them back, and what it did not get is asked again.
 */
import type { Answers } from '../form/runtime/condition.ts';
import type { PageData, PageScreen } from '../contract/page.ts';
import type { DeviceState, PendingSave } from './device.ts';

type Screens = Pick<PageData, 'screens'>;

/** `answers` to the sensitive fields, or with `other` those to all others. */
export function pick({ screens }: Screens, answers: Answers, other = false): Answers {
  const ids = screens.flatMap(({ fields }) => fields.flatMap(({ id, sensitive }) => (sensitive ? id : [])));
  return Object.fromEntries(Object.entries(answers).filter(([id]) => ids.includes(id) !== other));
}

const holds = ({ screens }: Screens, { screen, answers }: PendingSave) =>
  screens.some(({ id, fields }) => id === screen && fields.some((field) => field.sensitive && field.id in answers));

/** Whether a save would be lost with this page. */
export const wouldLose = (data: Screens, { saves }: DeviceState): boolean => saves.some((save) => holds(data, save));

/** Where the saves begin that stay in memory: at the first with a sensitive answer, as the order counts. */
function firstInMemory(data: Screens, saves: PendingSave[]): number {
  const at = saves.findIndex((save) => holds(data, save));
  return at < 0 ? saves.length : at;
}

const isSensitive = ({ fields }: PageScreen) => fields.some(({ sensitive }) => sensitive);

/** What goes to the device in place of what is in memory. A screen whose save stays in memory was not left, for the device. */
export function toStore(data: Screens, { answers, typed, saves, passed }: DeviceState): Partial<DeviceState> {
  const at = firstInMemory(data, saves);
  const waiting = saves.slice(at).map(({ screen }) => screen);
  const stored: DeviceState['typed'] = {};
  for (const [screen, entered] of Object.entries(typed)) stored[screen] = pick(data, entered, true);
  return {
    answers: pick(data, answers, true),
    typed: stored,
    saves: saves.slice(0, at),
    passed: passed.filter((screen) => !waiting.includes(screen)),
  };
}

/** What memory adds to what the device has. At first memory has nothing, and may have to ask the server. */
export function toMemory(data: Screens, stored: DeviceState, memory: DeviceState): Partial<DeviceState> {
  if (stored.start !== memory.start)
    return { incomplete: data.screens.some((one) => isSensitive(one) && stored.passed.includes(one.id)) };
  const held = memory.saves.slice(firstInMemory(data, memory.saves));
  return { ...restoreSensitive(data, stored, memory.answers, memory.typed), saves: [...stored.saves, ...held], passed: [...stored.passed, ...held.map(({ screen }) => screen)] }; // prettier-ignore
}

/** `stored` with the sensitive ones of `answers`, and of what was `typed` on each screen. */
export function restoreSensitive(
  data: Screens,
  stored: Pick<DeviceState, 'answers' | 'typed'>,
  answers: Answers,
  typed: DeviceState['typed'],
): Pick<DeviceState, 'answers' | 'typed'> {
  const filled: DeviceState['typed'] = {};
  for (const [screen, entered] of Object.entries(stored.typed))
    filled[screen] = { ...entered, ...pick(data, typed[screen] ?? {}) };
  return { answers: { ...stored.answers, ...pick(data, answers) }, typed: filled };
}

/** Whether `screen` was being filled in before a reload, and has a sensitive answer to be entered again. */
export const asksAgain = ({ fields, id }: PageScreen, shown: string[], given: Answers, { typed }: DeviceState): boolean =>
  !!typed[id] && fields.some(({ id: field, kind, value, sensitive }) => sensitive && kind !== 'files' && !value && shown.includes(field) && given[field] === undefined); // prettier-ignore
