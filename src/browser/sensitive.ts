/**
 * Answers to sensitive fields. Phones are shared, and anyone can read a browser's storage, so these answers stay in
 * this page's memory. After a reload the server returns them, and the person enters those again that it does not have.
 */
import type { Answer, Answers } from '../form/runtime/condition.ts';
import type { PageData, PageField, PageScreen } from '../contract/page.ts';
import type { DeviceState, PendingSave } from './device.ts';

type Screens = Pick<PageData, 'screens'>;
type Fields = Pick<PageData, 'screens' | 'version'>;

/** The `answers` to sensitive fields, or with `inverse` all others. */
export function pick<T extends Answers>({ screens }: Screens, answers: T, inverse = false): T {
  const ids = screens.flatMap(({ fields }) => fields.flatMap(({ id, sensitive }) => (sensitive ? id : [])));
  return Object.fromEntries(Object.entries(answers).filter(([id]) => ids.includes(id) !== inverse)) as T;
}

const hasSensitive = ({ screens }: Screens, { screen, answers }: PendingSave) =>
  screens.some(({ id, fields }) => id === screen && fields.some((field) => field.sensitive && field.id in answers));

/** Whether closing this page would lose a save. */
export const wouldLose = (data: Screens, { saves }: DeviceState): boolean =>
  saves.some((save) => hasSensitive(data, save));

/** The index from which saves stay in memory: the first with a sensitive answer, since order matters. */
function firstInMemory(data: Screens, saves: PendingSave[]): number {
  const at = saves.findIndex((save) => hasSensitive(data, save));
  return at < 0 ? saves.length : at;
}

/** Whether the draft has another version, and its page may come next. Only that one knows which answers are sensitive. */
const isOfAnother = (data: Fields, { version, incomplete }: DeviceState) => incomplete && version !== data.version;

const isSensitive = ({ fields }: PageScreen) => fields.some(({ sensitive }) => sensitive);

/** Whether the person enters the sensitive answer, and the page does not ask the server for it again: it lists private files. */
const isEntered = ({ kind, sensitive, value }: PageField) =>
  sensitive && kind !== 'files' && kind !== 'hidden' && !value;

/** The server can have the parts of an address in another order, and adds the country where the person enters none. */
function asText(answer: Answer | undefined, entered: Answer | undefined): string {
  if (typeof answer !== 'object') return JSON.stringify(answer);
  const { country } = Object(entered) as { country?: string };
  return JSON.stringify(
    Object.entries(answer)
      .filter(([part]) => country || part !== 'country')
      .sort(),
  );
}

/** Whether `screen` has an answer that `toStore` has emptied, and the person has entered none since. A page that resumes has none yet. */
export const isAskedAgain = (screen: PageScreen | undefined, { typed }: DeviceState): boolean =>
  Object.values(typed[screen?.id as string] ?? {}).includes('');

/**
 * The state to store without sensitive answers. A screen whose save stays in memory counts as not left. On it, and where the
 * person has changed the answer, an empty value says that the one of the server is too old, and the page asks again.
 */
export function toStore(data: Fields, state: DeviceState): Partial<DeviceState> {
  const { answers, params, typed, saves, passed } = state;
  if (isOfAnother(data, state)) return { params: pick(data, params, true) };
  const left = { ...state.left };
  for (const { screen, key } of saves) left[screen] = [...new Set(left[screen]).add(key)];
  const at = firstInMemory(data, saves);
  const waiting = saves.slice(at).map(({ screen }) => screen);
  const stored: DeviceState['typed'] = {};
  for (const [screen, entered] of Object.entries(typed)) {
    const kept = (stored[screen] = pick(data, entered, true));
    for (const field of data.screens.find(({ id }) => id === screen)?.fields ?? []) {
      if (!isEntered(field)) continue;
      const isChanged = asText(entered[field.id], entered[field.id]) !== asText(answers[field.id], entered[field.id]);
      if (isChanged || waiting.includes(screen)) kept[field.id] = '';
    }
  }
  return {
    answers: pick(data, answers, true),
    params: pick(data, params, true),
    typed: stored,
    saves: saves.slice(0, at),
    left,
    passed: passed.filter((screen) => !waiting.includes(screen)),
  };
}

/**
 * The additions of memory to the stored state. After a reload memory is empty and may need the server.
 * @param address the values in the address of this page
 */
export function toMemory(
  data: Fields,
  stored: DeviceState,
  memory: DeviceState,
  address: DeviceState['params'],
): Partial<DeviceState> {
  const params = withSensitive(data, stored.params, address);
  // A link can have opened a draft with answers on screens that were not left, such as those of an invitation. It has no `openedAt`.
  const isOwn = stored.openedAt && stored.version === data.version;
  const hasSaved = ({ id }: PageScreen) => (isOwn && stored.passed.includes(id)) || (stored.id && (!isOwn || stored.typed[id])); // prettier-ignore
  if (stored.start !== memory.start)
    return { params, incomplete: stored.incomplete || data.screens.some((one) => isSensitive(one) && hasSaved(one)) };
  if (isOfAnother(data, memory)) return { incomplete: true };
  // Where another tab has left the screen since, its save counts once it does not wait in that tab's memory.
  const counts = ({ screen, key }: PendingSave) => {
    const keys = stored.left?.[screen] ?? [];
    const isNewest = !keys.includes(key) || memory.saves.some((save) => save.key === keys.at(-1));
    return isNewest || !stored.passed.includes(screen);
  };
  const memorySaves = memory.saves.slice(firstInMemory(data, memory.saves)).filter(counts);
  // Only this page knows if it still needs the server: it may update the state before the answers arrive. Another tab may
  // have saved other ones.
  const incomplete = memory.incomplete || (stored.revision !== memory.revision && data.screens.some(isSensitive));
  const waiting = memorySaves.map(({ screen }) => screen);
  // Without those that the person changes again.
  const passed = waiting.filter((screen) => memory.passed.includes(screen));
  return { ...restoreOwn(data, stored, memory, waiting), params, incomplete, saves: [...stored.saves, ...memorySaves], passed: [...stored.passed, ...passed] }; // prettier-ignore
}

/** The stored values of a link, with the sensitive ones of the address if it is that of the same link. */
function withSensitive(data: Screens, stored: DeviceState['params'], address: DeviceState['params']) {
  const now: Record<string, string | undefined> = { link: stored['link'], ...pick(data, address, true) };
  const isSame = Object.keys({ ...stored, ...now }).every((name) => stored[name] === now[name]);
  return isSame ? { ...stored, ...pick(data, address) } : stored;
}

/**
 * `stored` with the parts that only memory has: sensitive answers and values, and all answers of screens whose saves are
 * `waiting` there. Another tab may have stored its own answers to these, and be closed since.
 */
function restoreOwn(
  data: Screens,
  stored: DeviceState,
  memory: DeviceState,
  waiting: string[],
): Pick<DeviceState, 'answers' | 'typed'> {
  const screens = data.screens.map((screen) =>
    waiting.includes(screen.id)
      ? { ...screen, fields: screen.fields.map((field) => ({ ...field, sensitive: true })) }
      : screen,
  ) as PageScreen[];
  const merge = (of: Screens, from: Answers, own = from) => ({ ...pick(of, from, true), ...pick(of, own) });
  const typed = Object.entries(stored.typed).map(([id, from]) => [id, merge(data, from, memory.typed[id])]);
  return {
    answers: merge({ screens }, stored.answers, memory.answers),
    typed: Object.fromEntries(typed) as DeviceState['typed'],
  };
}

/** Whether a reload interrupted `screen`, and it has a sensitive answer to enter again. */
export const needsSensitiveAgain = (
  { fields, id }: PageScreen,
  { shown, answers }: { shown: string[]; answers: Answers },
  typed: DeviceState['typed'],
): boolean =>
  !!typed[id] &&
  fields.some((field) => isEntered(field) && shown.includes(field.id) && answers[field.id] === undefined);
