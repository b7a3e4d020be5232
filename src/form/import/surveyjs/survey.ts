/** A definition of SurveyJS → a draft. */
import type { ValueMap } from '../../edit/value.ts';
import { NotCarried, conditionFrom, type Comparable, type Test } from '../conditions.ts';
import { Words, type DraftEnding, type DraftField, type DraftForm, type DraftScreen } from '../draft.ts';
import { startIds } from '../ids.ts';
import { partTitle, thanks } from '../own-words.ts';
import { quoted, type ReportBuilder } from '../report.ts';
import { isObject, readKeys, type SourceKeys } from '../source-keys.ts';
import { parseExpression } from './expression.ts';
import { LOOK } from './left-out.ts';
import { questionReader } from './questions.ts';

/** No person nests panels deeper. */
const MAX_PANELS = 10;

/** The settings of a survey that are its look, or that Flipsite does by itself. */
const SURVEY_LOOK = [
  ...LOOK, 'logo', 'logoPosition', 'logoWidth', 'logoHeight', 'logoFit', 'showProgressBar', 'progressBarType', 'progressBarLocation', 'showTitle', 'showPageTitles', 'showPageNumbers', 'widthMode', 'requiredText', 'requiredMark', 'fitToContainer', 'headerView', 
  'questionErrorLocation', 'questionDescriptionLocation', 'questionTitlePattern', 'showTOC', 'tocLocation', 'themeVariables', 'backgroundOpacity', 'showBrandInfo', 'focusFirstQuestionAutomatic', 'focusOnFirstError', 'autoFocusFirstQuestion', 'autoFocusFirstError', 'showPrevButton', 'showNavigationButtons',
  'navigationButtonsLocation', 'goNextPageAutomatic', 'autoAdvanceEnabled', 'allowCompleteSurveyAutomatic', 'autoAdvanceAllowComplete', 'checkErrorsMode', 'validationEnabled', 'textUpdateMode', 'sendResultOnPageNext', 'storeOthersAsComment', 'clearInvisibleValues', 'maxTextLength', 'maxOthersLength', 'partialSendEnabled',
  'completeText', 'pageNextText', 'pagePrevText', 'startSurveyText', 'previewText', 'editText', 'emptySurvey', 'loadingHtml', 'numberOfColumns', 'mode', 'surveyId', 'surveyPostId', 'surveyShowDataSaving', 'showCompletedPage', 'showCompletePage', 'keepIncorrectValues', 'questionsOnPageMode', 'processTextMode', 'showPreviewBeforeComplete', 'isSinglePage', 'gridLayoutEnabled', 'lazyRendering', 'validateVisitedEmptyFields', 'cookieName', 'showTimer', 'showTimerPanel', 'timerLocation', 'showTimerPanelMode', 'timerInfoMode', 'firstPageIsStarted', 'firstPageIsStartPage', 'questionTitleTemplate',
]; // prettier-ignore

const IN_WORDS = new Map([
  ['calculatedValues', 'The calculated values'],
  ['maxTimeToFinish', 'The time limit'],
  ['timeLimit', 'The time limit'],
  ['timeLimitPerPage', 'The time limit of pages'],
  ['maxTimeToFinishPage', 'The time limit of pages'],
  ['navigateToUrlOnCondition', 'The addresses that depend on answers'],
  ['questionsOrder', 'The random order of questions'],
  ['firstPageIsStarted', 'The start page is the first screen. Its special role'],
  ['completedBeforeHtml', 'The text for people who have answered before'],
]);

/**
 * @param survey the parsed definition
 * @param untitled the title of a survey without one
 */
export function readSurvey(survey: Record<string, unknown>, report: ReportBuilder, untitled: string): DraftForm {
  const keys = readKeys(survey);
  const ids = startIds();
  const languages = new Set<string>();
  const questions = questionReader(report, (name) => languages.add(name));
  const { words } = questions;
  const known = new Map<string, Comparable>();
  /** Things with conditions. They are read after all names are known. */
  const conditional: { thing: { name: string; shownIf?: ValueMap | undefined }; expressions: string[] }[] = [];
  const places = new Map<string, DraftScreen>();
  const valueNames = new Set<string>();

  const title = words(keys.get('title')) ?? new Words(untitled);
  const description = words(keys.get('description'));
  const listed = keys.list('pages');
  const loose = keys.list('elements', 'questions');
  const pages = [...(loose.length ? [{ elements: loose }] : []), ...listed].filter(isObject);
  const shownBy = visibleTriggers(keys);
  const screens = pages.map((page, index) => readPage(page, index));

  function readPage(value: Record<string, unknown>, index: number): DraftScreen {
    const page = readKeys(value);
    const name = page.text('name') ?? '';
    const own = words(page.get('title'));
    const isOnly = pages.length === 1;
    const heading = own ?? (isOnly ? title : partTitle(index + 1));
    if (!own && !isOnly) report.add('Screens without a title were named “Part 1”, “Part 2” and so on. Give each one a title.'); // prettier-ignore
    const fields: DraftField[] = [];
    const screen: DraftScreen = { id: ids.take(name, `part_${index + 1}`), name: heading.main, title: heading, fields, jumps: [] }; // prettier-ignore
    const text = words(page.get('description')) ?? (isOnly ? description : undefined);
    if (text) screen.text = text;
    if (name) places.set(name, screen);
    const conditions = conditionsOf(page, name);
    if (conditions.length) conditional.push({ thing: screen, expressions: conditions });
    if (isHidden(page, conditions)) loseHidden(page, 0);
    else readElements(page.list('elements', 'questions'), screen, [], 0);
    reportUnread(page, heading.main);
    const isEmpty = !page.list('elements', 'questions').length && !text && !isOnly;
    if (own && isEmpty) report.add(`The page ${quoted(heading.main)} was left out, because it has no questions and no text.`); // prettier-ignore
    return screen;
  }

  /** The expressions that show something: its own, and those of triggers. */
  function conditionsOf(own: SourceKeys, name: string): string[] {
    const visibleIf = own.text('visibleIf');
    const triggered = shownBy.get(name) ?? [];
    if (triggered.length) own.skip('visible');
    return [...(visibleIf ? [visibleIf] : []), ...(triggered.length ? [triggered.map((one) => `(${one})`).join(' or ')] : [])]; // prettier-ignore
  }

  function readElements(elements: unknown[], screen: DraftScreen, outer: string[], depth: number): void {
    for (const element of elements) {
      const own = readKeys(element);
      const name = own.text('name') ?? '';
      const ownConditions = conditionsOf(own, name);
      const conditions = [...outer, ...ownConditions];
      if (isHidden(own, ownConditions)) loseHidden(own, depth);
      else if (own.get('type') === 'panel') readPanel(own, screen, conditions, depth);
      else {
        reportShared(own, name);
        const triggered = shownBy.has(name);
        const value = triggered && isObject(element) ? { ...element, visible: undefined } : element;
        for (const read of questions.read(value)) place(read, element, screen, conditions);
      }
    }
  }

  /** Reports each question in a part that no condition and no trigger shows. */
  function loseHidden(own: SourceKeys, depth: number): void {
    const inner = depth < MAX_PANELS ? own.list('elements', 'questions') : [];
    for (const one of inner) loseHidden(readKeys(one), depth + 1);
    if (!inner.length) report.lose(words(own.get('title'))?.main ?? own.text('name') ?? '', 'It is never shown, or only by a program.'); // prettier-ignore
  }

  /** Questions with one `valueName` have one answer there. */
  function reportShared(own: SourceKeys, name: string): void {
    const shared = own.text('valueName');
    if (!shared) return;
    if (valueNames.has(shared)) report.about(words(own.get('title'))?.main ?? name, 'it shared its answer with another question. Now people answer both.'); // prettier-ignore
    valueNames.add(shared);
  }

  function readPanel(panel: SourceKeys, screen: DraftScreen, conditions: string[], depth: number): void {
    const heading = words(panel.get('title'));
    if (depth >= MAX_PANELS) {
      report.lose(heading?.main ?? panel.text('name') ?? '', `It is inside more than ${MAX_PANELS} panels.`);
      return;
    }
    panel.skip('name', 'type');
    for (const text of [heading, words(panel.get('description'))]) {
      if (!text) continue;
      const field: DraftField = { id: ids.take(`about_${text.main}`, 'about'), name: text.main, keys: { type: 'statement', text } }; // prettier-ignore
      screen.fields.push(field);
      if (conditions.length) conditional.push({ thing: field, expressions: conditions });
    }
    readElements(panel.list('elements', 'questions'), screen, conditions, depth + 1);
    reportUnread(panel, heading?.main ?? 'A panel');
  }

  function place(
    { idFrom, name, keys: own, asked }: ReturnType<typeof questions.read>[number],
    element: unknown,
    screen: DraftScreen,
    conditions: string[],
  ): void {
    const field: DraftField = { id: ids.take(idFrom, 'question'), name, keys: own };
    screen.fields.push(field);
    const value = readKeys(element).text('valueName');
    for (const one of [idFrom, value ?? idFrom]) if (!known.has(one)) known.set(one, { id: field.id, ...asked });
    if (known.get(idFrom)?.id === field.id) places.set(idFrom, screen);
    if (conditions.length) conditional.push({ thing: field, expressions: conditions });
  }

  function reportUnread(own: SourceKeys, name: string): void {
    for (const key of own.unread()) {
      if (LOOK.includes(key)) report.addLook();
      else report.about(name, `its setting “${key.slice(0, 40)}” was left out.`);
    }
  }

  const find = (name: string): Comparable | undefined => known.get(name);
  function condition(expressions: string[], name: string, otherwise: string): ValueMap | undefined {
    try {
      const tests: Test[] = expressions.map(parseExpression);
      return conditionFrom(tests.length === 1 && tests[0] ? tests[0] : { group: 'all', tests }, find);
    } catch (error) {
      if (!(error instanceof NotCarried)) throw error;
      report.about(name, `its condition ${expressions.join(' and ').slice(0, 150)} was left out. ${error.message} ${otherwise}`); // prettier-ignore
      return undefined;
    }
  }
  for (const { thing, expressions } of conditional) {
    const shownIf = condition(expressions, thing.name, 'It is always shown.');
    if (shownIf) thing.shownIf = shownIf;
  }

  const endings = readEndings();
  for (const trigger of keys.list('triggers').slice(0, 1_000)) readJump(readKeys(trigger));
  const preview = keys.get('showPreviewBeforeComplete');
  const review = preview && preview !== 'noPreview' ? true : undefined;

  function readEndings(): DraftEnding[] {
    const redirect = keys.text('navigateToUrl');
    const found: DraftEnding[] = keys.list('completedHtmlOnCondition').slice(0, 100).flatMap((value, index) => {
      const one = readKeys(value);
      const text = words(one.get('html'));
      const shownIf = condition([one.text('expression') ?? ''], `The page at the end ${index + 1}`, 'The page was left out too.');
      return text && shownIf ? [{ ...ending(ids.take('', `done_${index + 1}`), text), shownIf }] : [];
    }); // prettier-ignore
    const last = words(keys.get('completedHtml'));
    const usual = last ? ending(ids.take('done', 'done'), last) : { id: ids.take('done', 'done'), name: 'Thank you', title: thanks() }; // prettier-ignore
    return [...found, { ...usual, ...(redirect && { redirect }) }];
  }

  /** Triggers that end the survey, or skip questions. */
  function readJump(trigger: SourceKeys): void {
    const type = trigger.text('type');
    if (type === 'visible') return;
    const expression = trigger.text('expression') ?? oldExpression(trigger);
    const target = type === 'complete' ? endings.at(-1) : type === 'skip' ? places.get(trigger.text('gotoName') ?? '') : undefined; // prettier-ignore
    if (!target || !expression) {
      const what = type === 'setvalue' || type === 'copyvalue' || type === 'runExpression' ? 'sets an answer' : `of the type “${String(type).slice(0, 40)}”`; // prettier-ignore
      report.add(`A trigger that ${what.startsWith('of') ? `is ${what}` : what} was left out${expression ? `: ${expression.slice(0, 150)}` : ''}.`); // prettier-ignore
      return;
    }
    const when = condition([expression], `The trigger ${type ?? ''}`, 'The trigger was left out too.');
    const read = when && [...expression.matchAll(/\{([^{}]{1,300})\}/g)].map(([, name = '']) => screens.indexOf(places.get(name.trim()) as DraftScreen)); // prettier-ignore
    const from = read && screens[Math.max(...read)];
    if (when && from) from.jumps.push({ when, to: target });
  }

  for (const key of keys.unread()) {
    if (['locale', 'triggers', 'showPreviewBeforeComplete'].includes(key)) continue;
    if (SURVEY_LOOK.includes(key)) report.addLook();
    else report.add(`${IN_WORDS.get(key) ?? `The setting “${key.slice(0, 40)}” of the survey`} was left out.`);
  }
  const locale = keys.text('locale');
  return {
    title,
    ...(description && { description }),
    params: [],
    review,
    screens,
    endings,
    language: locale && !languages.has(locale) ? locale : 'en',
    pipe: { pattern: /\{([^{}\n]{1,300})\}/g, idOf: (name) => known.get(name.trim())?.id },
  };
}

/** Whether only a program can show it. */
const isHidden = (own: SourceKeys, conditions: string[]): boolean => own.get('visible') === false && !conditions.length;

/** The names that triggers show → the expressions of those triggers. */
function visibleTriggers(keys: SourceKeys): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const value of keys.list('triggers').slice(0, 1_000)) {
    const trigger = readKeys(value);
    if (trigger.text('type') !== 'visible') continue;
    const expression = trigger.text('expression') ?? oldExpression(trigger);
    if (!expression) continue;
    for (const name of [...trigger.list('questions'), ...trigger.list('pages')]) {
      if (typeof name === 'string') found.set(name, [...(found.get(name) ?? []), expression]);
    }
  }
  return found;
}

/** The expression of an old trigger, which has a name, an operator and a value. */
function oldExpression(trigger: SourceKeys): string | undefined {
  const [name, value] = [trigger.text('name'), trigger.get('value')];
  if (!name || /[{}]/.test(name)) return undefined;
  const operator = trigger.text('operator') ?? 'equal';
  if (operator === 'empty' || operator === 'notempty') return `{${name}} ${operator}`;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  return `{${name}} ${operator} ${typeof value === 'string' ? `'${value.replaceAll("'", '')}'` : String(value)}`;
}

/** An ending whose first line is its title. */
function ending(id: string, words: Words): DraftEnding {
  const lines = new Map([...words.byLanguage].map(([language, text]) => [language, text.split('\n')]));
  const [head, rest] = [new Map<string, string>(), new Map<string, string>()];
  for (const [language, [first = '', ...others]] of lines) {
    const isShort = first.length <= 120;
    head.set(language, isShort ? first : 'Thank you');
    const text = (isShort ? others : [first, ...others]).join('\n').trim();
    if (text) rest.set(language, text);
  }
  const title = new Words(head);
  return { id, name: title.main, title, ...(rest.size && { text: new Words(rest) }) };
}
