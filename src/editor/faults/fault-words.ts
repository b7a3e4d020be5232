/**
 * Errors for people who never see the text: with the titles of questions and screens in place of lines and ids. Pure.
 */
import { parse } from 'yaml';
import type { EditorFault } from '../../contract/editor.ts';
import { conditionInWords } from '../../form/check/words.ts';
import type { Path, Value } from '../../form/edit/edit.ts';
import { formatCount } from '../../form/format-count.ts';
import { hasLine, partsAtLine, type Outline, type OutlinePart } from '../../form/edit/outline.ts';
import { languagesOf } from '../../form/edit/value.ts';
import { compileCondition } from '../../form/logic/written-condition.ts';
import { endingsOf, idOf, listOf, mapOf, nameAt, placedFields, screensOf, textIn } from '../form-data.ts';
import { nameOfLanguage } from '../../form/wording/language-names.ts';
import { choiceName, hasName, nameOfChoice, nameOfKey } from '../panels/words.ts';
import { namesFor, OPERATOR_WORDS, questionsOf } from '../rules/questions.ts';
import type { RuleOperator } from '../rules/sentence.ts';

/** The settings of the form, also those that are lists. */
export const settingParts = ({ settings, notifications, params }: Outline): OutlinePart[] => [...settings, ...notifications, ...params]; // prettier-ignore

/** The part that a line belongs to, with its title: "Full name · 1 About you". Undefined between the parts. */
export function faultPlace(outline: Outline, data: Value, line: number): { path: Path; title: string } | undefined {
  const [outer, field] = partsAtLine(outline, line);
  const setting = settingParts(outline).find((part) => hasLine(part, line));
  if (!outer && setting?.path[0] === 'languages') return { path: ['languages'], title: 'Languages' };
  if (!outer) return setting && { path: [], title: 'The form' };
  const name = nameAt(data, outer.path);
  if (outer.kind === 'ending') return { path: outer.path, title: name || 'Ending' };
  const title = `${Number(outer.path[1]) + 1} ${name}`.trim();
  if (!field) return { path: outer.path, title };
  return { path: field.path, title: `${nameAt(data, field.path) || 'Question'} · ${title}` };
}

/** A text has errors, or doubts, or neither. */
export const faultCount = (faults: readonly EditorFault[]): string =>
  faults[0]?.isDoubt
    ? formatCount(faults.length, 'thing to check', 'things to check')
    : formatCount(faults.length, 'thing to fix', 'things to fix');

type FaultText = Pick<EditorFault, 'message' | 'remedy'>;

/** Errors in the writing of the text itself: the outline has no control for them. */
const IN_TEXT =
  /^(`\w+` of )?option |^a colon |unknown key|duplicate key|quotes|starts with \{|true or false|, not (text|a list|a map)|^the file /;

/**
 * An error in the words of the outline: titles, the names of controls and of answers.
 * @param types the names of the types of field
 */
export function faultInWords(
  { message, remedy }: FaultText,
  data: Value,
  types: readonly { type: string; name: string }[],
): FaultText {
  if (IN_TEXT.test(message)) return { message: withTitles(message, data), remedy };
  const named = [...`${message} ${remedy ?? ''}`.matchAll(/`([\w-]+)`/g)].map(([, word = '']) => word);
  const questions = questionsOf(data, {});
  const answers = named.map((id) => questions.find((one) => one.id === id)).find((one) => one?.answers)?.answers;
  const label = (value: string) =>
    choiceName(named[0] ?? '', value) ?? answers?.find((one) => String(one.value) === value)?.label ?? value;
  const type = String(placedFields(data).find(({ id }) => named.includes(id))?.field['type']);
  const limits = (text: string) =>
    text.replace(/`(min|max)`(?! of `)/g, (_, key: string) => `“${nameOfKey(key, type)}”`);
  const inWords = (text: string) => inEditorWords(limits(withLabels(text, label, answers !== undefined)), data);
  const kind = types.find(({ type }) => remedy === `Write \`type: ${type}\`.`);
  if (kind) return { message: inWords(message), remedy: `Choose “${kind.name}” as the kind of answer.` };
  return { message: inWords(message), remedy: remedy === undefined ? undefined : inWords(remedy) };
}

/** A list of possible values by their labels: "Write a possible answer: Employed, Not working." */
function withLabels(text: string, label: (value: string) => string, answersAreListed: boolean): string {
  const labels = (_: string, before: string, values: string) => before + values.split(', ').map(label).join(', ');
  return (answersAreListed ? text.replace(/\bWrite (a possible answer)/, 'Choose $1') : text)
    .replace(/(possible (?:answers?|values): |one of these values: )([^.]+)/i, labels)
    .replace(/(possible answer \()([^)]+)/, labels)
    .replace(/^Write ([\w-]+)\. Possible/, (_, value: string) => `Choose ${label(value)}. Possible`);
}

const namesOfChoices = (key: string, list: string): string =>
  list.split(', ').map((one) => `“${nameOfChoice(key, one)}”`).join(' and '); // prettier-ignore

/** Sentences about the text itself, each with its sentence for the outline. */
const SENTENCES: readonly (readonly [RegExp, string | ((all: string, part: string) => string)])[] = [
  [/Write a later screen or an ending, like `go: [\w-]+`\./, 'Choose a later screen or an ending under “After this screen”.'],
  [/Add a rule that leads to it, like `go: [\w-]+`, or delete it\./, 'Choose it under “After this screen” of an earlier screen, or delete it.'],
  [/Move the rule without `when` to the end\./, 'Move the rule that always applies to the end, or delete it.'],
  [/^the id `([\w-]+)` is already used/, 'the name “$1” in rules and exports is already used'],
  [/^the id `([\w-]+)` is reserved/, 'the name “$1” in rules and exports is reserved'],
  [/^Write another id, like `([\w-]+)`\.$/, 'Write another name, like $1.'],
  [/is not an? (valid )?id$/, 'is not a valid name'],
  [/^the id "/, 'the name "'],
  [/^Write a(nother| shorter) id\.$/, 'Write a$1 name.'],
  [/`when` of rule/, 'rule'],
  [/Write (`(?:when|type|via|require|revoke): )/, 'Choose $1'],
  [/, (?:image|application)\/[\w.-]*\w/g, ''],
  [/Write a possible answer: true, false\./, 'Choose Yes or No.'],
  [/Write two notifications: .*$/, 'Use a notification of its own for each.'],
  [/^Write another id, like `([\w-]+)`\. Each.*$/, 'Write another name, like $1. Each screen, question, ending and value from the link has its own.'],
  [/^Write a condition like .*$/, 'Choose a question and an answer for the rule.'],
  [/Use the id of a field or of a Wink screen\./, 'Choose a question, or a screen for the work account.'],
  [/^Write (`[\w-]+`)\.$/, 'Choose $1.'],
  [/Add `(\w+): true` to (field `\w+`)\./, 'Tick `$1` at $2.'],
  [/Add `retrieve: \[([\w, ]+)\]`( to a Wink screen)?/, (_, list) => `Tick ${namesOfChoices('retrieve', list)} under \`retrieve\``],
  [/Add `template: tpl-…`/, 'Fill in “Invite template at Smile”'],
  [/(?:Add|Write) `(\w+): …`(?: \([^)]*\))?/, 'Fill in `$1`'],
  [/Write `(\w+): true`/, 'Tick `$1`'],
  [/Write `(\w+): false`/, 'Do not tick `$1`'],
  [/Change the answers, or write `ends: ([\w-]+)`\./, 'Change the answers of the example in Text, or its ending to `$1`.'],
  [/Add at least one option, like `[^`]*`\./, 'Add at least one option.'],
  [/ \(line \d+\)/g, ''],
  [/^(\d+ texts have no translation for \w+): .*$/, '$1'],
  [/no translation for (\w+)/, (_, language) => `no translation in ${nameOfLanguage(language)}`],
  [/^Write `\w+: \{.*….*\}`\.$/, 'Write it under “Languages”.'],
  [/^Write `\w+: \{.*….*\}`\. Do the same for the others\.$/, 'Write them under “Languages”. To see them, tick “Show only missing and old texts” there.'],
  [/Write `languages: \[[^`]*`, or/, 'Add the language under “Languages”, or'],
  [/Name the fields to compare, like `[^`]*`\./, 'Choose the questions to compare.'],
  [/Write (`\{ [^`]*\}`)\./, 'Change the rule to: $1.'],
  [/ in quotes, like "(#\w+)"/, ', like $1'],
  [/(in digits, like) `\w+: 18`/, '$1 1500'],
  [/^Use one of these types: .*$/, 'Choose another kind of answer.'],
]; // prettier-ignore

/** Words of the form language, each with the outline's word. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\blabel of (?=field|option)/g, ''],
  [/\bhelp of /g, 'hint of '],
  [/\bfields\b/g, 'questions'],
  [/\bfield\b/g, 'question'],
  [/\bparams?\b/g, 'value from the link'],
  [/\bsensitive\b/g, 'private'],
  [/\bjourney reaches\b/g, 'path leads to'],
  [/\bWink screen\b/g, 'screen for the work account'],
];

/**
 * A sentence of the form language in the words of the outline: “Full name”, not `full_name`; “People must answer this”,
 * not `required: true`. A word that the form does not know stays as it is written.
 */
export function inEditorWords(sentence: string, data: Value): string {
  const plain = SENTENCES.reduce((text, [from, to]) => text.replace(from, to as string), sentence);
  const path = (ids: string) => ids.split(' → ').map((id) => titleOf(data, id) ?? id).join(' → '); // prettier-ignore
  return plain
    .replace(/\boption `([^`]+)`/g, (_, value: string) => `option “${untranslatedOption(data, value)}”`)
    .replace(/`(\w+)` of `(\w+)`/g, (all, key: string, owner: string) =>
      hasName(key) && hasName(owner) ? `“${nameOfKey(key, owner)}”` : all,
    )
    .replace(/The path was ([^.]+)\./, (_, ids: string) => `The path was ${path(ids)}.`)
    .replace(
      /(Use one of: |Use one of these: )([\w, -]+)\./,
      (_, before: string, ids: string) =>
        `${before}${ids
          .split(', ')
          .map((id) => titleOf(data, id) ?? id)
          .join(', ')}.`,
    )
    .split(/(`[^`]*`)/)
    .map((piece, at) =>
      at % 2 ? named(piece.slice(1, -1), data) : WORDS.reduce((text, [from, to]) => text.replace(from, to), piece),
    )
    .join('');
}

/** A piece of code by the name that the outline has for it. Without one, the piece as code. */
function named(code: string, data: Value): string {
  const title = titleOf(data, code);
  if (title) return title;
  if (code.startsWith('{ ')) return ruleInWords(code, data) ?? `\`${code}\``;
  const [, key = code, choice] = /^(\w+): ([^{[]+)$/.exec(code) ?? [];
  if (!hasName(key)) return operatorName(code) ?? `\`${code}\``;
  return choice === undefined || choice === 'true'
    ? `“${nameOfKey(key)}”`
    : `“${nameOfKey(key)}: ${choiceName(key, choice) ?? choice}”`;
}

const operatorName = (code: string): string | undefined =>
  Object.hasOwn(OPERATOR_WORDS, code) ? `“${OPERATOR_WORDS[code as RuleOperator]}”` : undefined;

/** A written condition as a sentence: “Are you working? is Employed”. Undefined where it is about no question of the form. */
function ruleInWords(code: string, data: Value): string | undefined {
  const written = parse(code) as Value;
  const questions = questionsOf(data, {});
  const areKnown = Object.keys(mapOf(written)).every((id) => questions.some((one) => one.id === id));
  return areKnown ? `“${conditionInWords(compileCondition(written), namesFor(questions))}”` : undefined;
}

/** The title of a screen, an ending or a question, in quotes. */
function titleOf(data: Value, id: string): string | undefined {
  const path = pathOf(data, id);
  const title = path && nameAt(data, path);
  return title ? `“${title}”` : undefined;
}

/** A sentence about the text with the titles of parts in place of their ids. Keys stay as they are written. */
const withTitles = (sentence: string, data: Value): string =>
  sentence.replace(/\b(field|screen|ending) `([\w-]+)`/g, (written, kind: string, id: string) => {
    const title = titleOf(data, id);
    return title ? `${kind === 'field' ? 'question' : kind} ${title}` : written;
  });

/** The name in the main language of the option `value` that lacks a translation. Other questions can have the same value. */
function untranslatedOption(data: Value, value: string): string {
  const languages = languagesOf(data);
  const lacks = (text: Value) => typeof text === 'object' && languages.some((one) => !mapOf(text)[one]);
  const options = placedFields(data).flatMap(({ field }) => listOf(field['options']).map(mapOf));
  const option = options.find((one) => one['value'] === value && Object.values(one).some(lacks));
  return textIn(option?.['label'], languages[0]) || value;
}

function pathOf(data: Value, id: string): Path | undefined {
  const [screen, ending] = [screensOf(data), endingsOf(data)].map((list) => list.findIndex((one) => idOf(one) === id));
  if (screen !== undefined && screen >= 0) return ['screens', screen];
  if (ending !== undefined && ending >= 0) return ['endings', ending];
  return placedFields(data).find((field) => field.id === id)?.path;
}
