/**
 * Fits a draft to the form language. The check of forms finds the faults, and the import leaves out each faulty part,
 * with a sentence about it. So an import passes the check, and needs no second description of the language.
 */
import { check } from '../check/check.ts';
import type { ValueMap } from '../edit/value.ts';
import { titleIn } from '../changes/change-sentences.ts';
import { fieldCalled, FORM_SIZES, formSchema, type Form } from '../schema.ts';
import { removeEmptyScreens, Words, writeDraft, type DraftField, type DraftForm, type DraftScreen, type DraftValue, type WrittenDraft } from './draft.ts'; // prettier-ignore
import { quoted, type ReportBuilder } from './report.ts';
import { finishTexts, withoutPipes } from './texts.ts';

/** Each round leaves something out at each place with an error. Only a hostile text needs more rounds. */
const MAX_ROUNDS = 12;

/** A place in the data with an error, and the reason, to follow "because". */
interface Problem {
  path: readonly PropertyKey[];
  reason: string;
}

/** @returns the data of a form; it passes the check wherever leaving things out is enough */
export function fitToLanguage(draft: DraftForm, report: ReportBuilder, now: Date): ValueMap {
  removeEmptyScreens(draft);
  fitCounts(draft, report);
  removeBackwardJumps(draft, report);
  const texts = finishTexts(draft, report);
  for (let round = 0; ; round++) {
    const written = writeDraft(draft, texts.languages, texts.write);
    const problems = problemsOf(written.data, now);
    if (!problems.length) return written.data;
    const plan = problems.map((problem) => planFor(draft, written, problem, report));
    if (round === MAX_ROUNDS || !plan.map((act) => act?.()).includes(true)) {
      report.add('The form still has errors. The editor shows them.');
      return written.data;
    }
    removeEmptyScreens(draft);
  }
}

function problemsOf(data: ValueMap, now: Date): Problem[] {
  const parsed = formSchema.safeParse(data);
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, code, message }) => ({
      path,
      // Our own messages begin with a verb, such as "is more than max", and may end with a remedy.
      reason: code === 'custom' ? `it ${message.split(/[.;]/)[0] ?? ''}` : 'Flipsite does not accept it',
    }));
  }
  const form = { ...parsed.data, slug: 'imported' } as Form;
  return check(form, now).map(({ place, message }) => ({ path: place.path, reason: withLabels(message, form) }));
}

/** The import makes the ids, so people know a question only by its label. */
function withLabels(message: string, form: Form): string {
  return message.replaceAll(/`(\w+)`/g, (code, id: string) => {
    const field = fieldCalled(form, id);
    return field && 'label' in field && field.label ? quoted(titleIn(form, field.label)) : code;
  });
}

/** Needed to change a text. */
type TextTools = { pipe: DraftForm['pipe']; report: ReportBuilder };

/** A change that was made, or undefined if it was made before. */
type Repair = () => boolean;

/**
 * The change that removes a problem. Its places are those of `written`, so it is found before the next change is made.
 */
function planFor(
  draft: DraftForm,
  { data, rules }: WrittenDraft,
  { path, reason }: Problem,
  report: ReportBuilder,
): Repair | undefined {
  const [list, at, within, index, key] = path;
  const tools: TextTools = { pipe: draft.pipe, report };
  if (list === 'title' || list === 'description') return draft[list] && unpipe(draft, list, tools);
  if (list === 'params' && typeof at === 'number') return without(draft.params, draft.params[at], (param) => report.add(`The value ${quoted(param)} from the link was left out.`)); // prettier-ignore
  if (list === 'endings') {
    const id = (data.endings as ValueMap[] | undefined)?.[Number(at)]?.id;
    const ending = draft.endings.find((one) => one.id === id);
    if (!ending) return undefined;
    if (within === 'title' || within === 'text') return unpipe(ending, within, tools);
    if (within === 'redirect') {
      return change(ending.redirect !== undefined, () => {
        report.about(ending.name, `its address ${String(ending.redirect).slice(0, 100)} was left out, because Flipsite does not accept it.`); // prettier-ignore
        ending.redirect = undefined;
      });
    }
    if (draft.endings.length === 1) return undefined;
    return without(draft.endings, ending, () => {
      report.add(`The ending ${quoted(ending.name)} was left out, because no path leads to it.`);
      for (const { jumps } of draft.screens) removeWhere(jumps, ({ to }) => to === ending);
    });
  }
  const screen = list === 'screens' && typeof at === 'number' ? draft.screens[at] : undefined;
  if (!screen) return undefined;
  if (within === 'title' || within === 'text') return unpipe(screen, within, tools);
  if (within === 'next') {
    const origin = rules[Number(at)]?.[Number(index)];
    if (origin && 'jump' in origin) return without(screen.jumps, origin.jump, () => report.about(screen.name, `the jump to ${quoted(origin.jump.to.name)} was left out, because ${reason}.`)); // prettier-ignore
    return origin && change(origin.shown.shownIf !== undefined, () => dropCondition(origin.shown, reason, report));
  }
  const field = within === 'fields' ? screen.fields[Number(index)] : undefined;
  if (!field) return change(draft.screens.includes(screen) && draft.screens.length > 1, () => removeScreen(draft, screen, report)); // prettier-ignore
  return planForField(screen, field, key, reason, tools);
}

/** Keys that a field must have. */
const NEEDED = ['id', 'type', 'options'];
const TEXTS = [
  'label',
  'help',
  'text',
  'placeholder',
  'pattern_hint',
  'min_label',
  'max_label',
  'other',
  'none_of_these',
];

function planForField(
  screen: DraftScreen,
  field: DraftField,
  key: PropertyKey | undefined,
  reason: string,
  { pipe, report }: TextTools,
): Repair {
  const { keys } = field;
  if (key === 'show_when') {
    return change(field.shownIf !== undefined, () => {
      dropCondition(field, reason, report);
    });
  }
  if (typeof key === 'string' && TEXTS.includes(key) && keys[key] instanceof Words && isAboutPipe(reason)) return unpipe(keys, key, { pipe, report }); // prettier-ignore
  if (key === 'options' && isAboutPipe(reason)) return change(Array.isArray(keys.options), () => unpipeOptions(keys.options as DraftValue[], { pipe, report })); // prettier-ignore
  if (typeof key === 'string' && !NEEDED.includes(key) && Object.hasOwn(keys, key) && key !== 'label') {
    return change(true, () => {
      report.about(field.name, `“${key}” was left out, because ${reason}.`);
      delete keys[key];
      if (key === 'pattern') delete keys.pattern_hint;
    });
  }
  return without(screen.fields, field, () => report.lose(field.name, `Flipsite does not accept it: ${reason}.`));
}

function dropCondition(thing: { name: string; shownIf?: ValueMap | undefined }, reason: string, report: ReportBuilder) {
  report.about(thing.name, `its condition was left out, because ${reason}. It is always shown.`);
  thing.shownIf = undefined;
}

function removeScreen(draft: DraftForm, screen: DraftScreen, report: ReportBuilder): void {
  for (const field of screen.fields) report.lose(field.name, 'No path leads to it.');
  if (!screen.fields.length) report.add(`The screen ${quoted(screen.name)} was left out, because no path leads to it.`);
  draft.screens.splice(draft.screens.indexOf(screen), 1);
  for (const { jumps } of draft.screens) removeWhere(jumps, ({ to }) => to === screen);
}

/** Reasons about a text begin with the name in braces that cannot be filled in. */
const isAboutPipe = (reason: string): boolean => reason.startsWith('{');

/** Replaces a piped answer that cannot be filled in there with dots. */
function unpipe<Key extends string>(owner: { [key in Key]?: unknown }, key: Key, { pipe, report }: TextTools): Repair {
  const words = owner[key];
  return change(words instanceof Words, () => {
    const { main, byLanguage } = words as Words;
    const texts = [...byLanguage].map(([language, text]) => [language, withoutPipes(text.replace(pipe.pattern, '…'))] as const); // prettier-ignore
    if (texts.every(([language, text]) => text === byLanguage.get(language))) return;
    report.add(`${quoted(main)} has “…” in place of an answer that cannot be filled in there.`);
    owner[key] = new Words(new Map(texts));
  });
}

function unpipeOptions(options: DraftValue[], tools: TextTools): void {
  for (const option of options) {
    if (typeof option === 'object' && option !== null && 'label' in option) unpipe(option, 'label', tools)();
  }
}

const change =
  (isNeeded: boolean, run: () => void): Repair =>
  () => {
    if (isNeeded) run();
    return isNeeded;
  };

/** Removes `one` from `list`, if it is still there. */
const without =
  <T>(list: T[], one: T | undefined, tell: (one: T) => void): Repair =>
  () => {
    if (one === undefined || !list.includes(one)) return false;
    tell(one);
    list.splice(list.indexOf(one), 1);
    return true;
  };

function removeWhere<T>(list: T[], isWrong: (one: T) => boolean): void {
  for (let at = list.length - 1; at >= 0; at--) if (isWrong(list[at] as T)) list.splice(at, 1);
}

/** Splits screens that are too long, and leaves out parts above the limits of a form. */
function fitCounts(draft: DraftForm, report: ReportBuilder): void {
  const limit = <T extends { name: string }>(list: T[], maxCount: number, what: string): T[] => {
    const rest = list.splice(maxCount);
    if (rest.length) report.add(`${rest.length.toLocaleString('en-US')} ${what} were left out, because a form has at most ${maxCount.toLocaleString('en-US')}. The first of them is ${quoted(rest[0]?.name ?? '')}.`); // prettier-ignore
    return rest;
  };
  let left = FORM_SIZES.fields;
  const lost: DraftField[] = [];
  for (const { fields } of draft.screens) {
    // A choice with the key `other` asks a second question.
    const count = fields.findIndex(({ keys }) => (left -= keys.other ? 2 : 1) < 0);
    if (count >= 0) lost.push(...fields.splice(count));
  }
  if (lost.length) report.loseMany(lost.length, `A form has at most ${FORM_SIZES.fields.toLocaleString('en-US')} questions. The first of them is ${quoted(lost[0]?.name ?? '')}. Split the form into several.`); // prettier-ignore
  removeEmptyScreens(draft);
  draft.screens = draft.screens.flatMap((screen) => splitScreen(screen));
  const beyond = draft.screens.slice(FORM_SIZES.screens).reduce((count, { fields }) => count + fields.length, 0);
  report.loseMany(beyond, `A form has at most ${FORM_SIZES.screens} screens.`);
  const gone: unknown[] = [
    ...limit(draft.screens, FORM_SIZES.screens, 'screens'),
    ...limit(draft.endings, FORM_SIZES.endings, 'endings'),
  ];
  const more = draft.params.splice(FORM_SIZES.params);
  if (more.length) report.add(`Values from the link were left out, because a form has at most ${FORM_SIZES.params}: ${more.slice(0, 10).join(', ')}.`); // prettier-ignore
  for (const { jumps, name } of draft.screens) {
    const before = jumps.length;
    removeWhere(jumps, ({ to }) => gone.includes(to));
    if (jumps.length < before) report.about(name, 'a jump was left out, because its target was.');
  }
}

function splitScreen(screen: DraftScreen): DraftScreen[] {
  if (screen.fields.length <= FORM_SIZES.fieldsOnScreen) return [screen];
  const parts: DraftScreen[] = [];
  for (let at = 0; at < screen.fields.length; at += FORM_SIZES.fieldsOnScreen) {
    const fields = screen.fields.slice(at, at + FORM_SIZES.fieldsOnScreen);
    parts.push(at === 0 ? screen : { ...screen, id: `${screen.id}_part_${parts.length + 1}`, text: undefined, fields, jumps: [] }); // prettier-ignore
  }
  const last = parts.at(-1);
  if (last && last !== screen) {
    last.jumps = screen.jumps;
    screen.jumps = [];
  }
  screen.fields = screen.fields.slice(0, FORM_SIZES.fieldsOnScreen);
  return parts;
}

/** A form leads only forward. People go back with the Back link. */
function removeBackwardJumps(draft: DraftForm, report: ReportBuilder): void {
  const places = new Map<unknown, number>(draft.screens.map((screen, at) => [screen, at]));
  draft.screens.forEach((screen, at) => {
    removeWhere(screen.jumps, ({ to }) => {
      const isBack = (places.get(to) ?? Infinity) <= at;
      if (isBack) report.about(screen.name, `the jump back to ${quoted(to.name)} was left out. People can go back with the Back link.`); // prettier-ignore
      return isBack;
    });
  });
}
