/** Examples: the check walks each one with its answers. It must end at the ending that it names. */
import { textOfScalar } from '../faults/issue-message.ts';
import { todayAround } from '../fields/dates/date.ts';
import type { Answer, Answers } from '../runtime/condition.ts';
import { typeOf, type Field } from '../fields/fields.ts';
import { parseAnswer } from '../fields/parse-answer.ts';
import { sentence } from '../fields/problem-sentences.ts';
import { ADDRESS_PARTS } from '../fields/places/address.ts';
import { fieldCalled, type Form } from '../schema.ts';
import { onScreen, walk } from '../runtime/journey.ts';
import { didYouMean } from '../faults/nearest.ts';
import { isTouched, type Refused } from '../repair.ts';
import type { Doubts } from './doubts.ts';
import type { Journeys } from './explore.ts';
import type { Finding } from './finding.ts';
import { mayLeave, statesLeft } from '../runtime/wink.ts';

type Example = Form['examples'][number];

interface CheckState {
  refused: Refused;
  doubts: Doubts;
  journeys: Journeys;
}

/** The check does not judge an example that reaches a part with faults, or that names an unreachable ending. */
export function exampleFaults(form: Form, now: Date, { refused, doubts, journeys }: CheckState): Finding[] {
  const tries = { left: MAX_TRIES };
  return form.examples.flatMap((example, at): Finding[] => {
    const path = ['examples', at];
    if (isTouched(refused, path)) return [];
    const known = form.screens.flatMap((screen) =>
      screen.wink ? [screen.id] : screen.fields.map((field) => field.id),
    );
    const unknownIds = Object.keys(example.answers).filter((id) => !known.includes(id));
    if (unknownIds.length) {
      return unknownIds.map((id) => ({
        place: { path: [...path, 'answers'], find: id },
        message: `there is no field \`${id}\``,
        remedy: didYouMean(id, known, 'Use the id of a field or of a Wink screen.'),
        unknown: true as const,
      }));
    }
    const shapes = Object.entries(example.answers).flatMap(([id, answer]): Finding[] => {
      const field = fieldCalled(form, id);
      const wrong = field && !doubts.kinds.has(id) && shapeFault(field, answer);
      return wrong ? [{ place: { path: [...path, 'answers', id] }, ...wrong }] : [];
    });
    if (shapes.length) return shapes;
    const walked = journeys.reached.has(example.ends) ? follow(form, example, now, doubts) : undefined;
    if (!walked || walked.ending === example.ends) return [];
    const went = walked.path.join(' → ');
    const message = walked.ending
      ? `example "${example.name}" ends at \`${walked.ending}\`, not at \`${example.ends}\``
      : `example "${example.name}" stops at screen \`${walked.path.at(-1)}\`: ${walked.stopped}`;
    return [
      {
        place: { path: [...path, 'ends'] },
        message,
        remedy: walked.ending
          ? `Change the answers, or write \`ends: ${walked.ending}\`. The path was ${went} → ${walked.ending}.`
          : `${remedyFor(complete(form, example, now, doubts, tries))} The path was ${went}.`,
      },
    ];
  });
}

/** For all examples of a form together, because each try walks the complete form. */
const MAX_TRIES = 100;

/**
 * Answers with which the example ends where it says. They are for an author who added a question that the examples do
 * not answer yet.
 * Undefined if a few likely answers do not lead there.
 */
function complete(
  form: Form,
  example: Example,
  now: Date,
  doubts: Doubts,
  tries: { left: number },
): Answers | undefined {
  const walked = follow(form, example, now, doubts);
  if (walked?.ending === example.ends) return {};
  if (walked?.missing === undefined) return undefined;
  for (const answer of likelyAnswers(form, walked.missing, now)) {
    if (tries.left-- <= 0) return undefined;
    const added = { [walked.missing]: answer };
    const rest = complete(form, { ...example, answers: { ...example.answers, ...added } }, now, doubts, tries);
    if (rest) return { ...added, ...rest };
  }
  return undefined;
}

function likelyAnswers(form: Form, id: string, now: Date): Answer[] {
  const screen = form.screens.find((one) => one.id === id && one.wink);
  if (screen) return statesLeft(screen);
  const field = fieldCalled(form, id);
  if (!field) return [];
  const { values, sample, kind } = typeOf(field);
  const { min, max } = field as { min?: Answer; max?: Answer };
  const found = kind === 'list' ? undefined : values(field);
  const likely = found ?? [0, 1].map((number) => sample?.(field, number)).concat(min, max);
  return likely.filter(
    (one): one is Answer => one !== undefined && 'answer' in parseAnswer(field, one, todayAround(now)),
  );
}

const remedyFor = (missing: Answers | undefined): string =>
  missing === undefined
    ? 'Change the answers.'
    : `Add \`${Object.entries(missing)
        .map(([id, answer]) => `${id}: ${inFlow(answer)}`)
        .join(', ')}\` to its answers.`;

/** A word as it is. Anything else as JSON, which is YAML too. */
const inFlow = (answer: Answer): string =>
  typeof answer === 'string' && /^(?!true$|false$|null$)[a-z]\w*$/i.test(answer) ? answer : JSON.stringify(answer);

interface Walked {
  path: string[];
  ending?: string;
  stopped: string;
  /** The field or the Wink screen that the example does not answer. */
  missing?: string | undefined;
}

/**
 * Walks one example. `stopped` has the reason if it could not continue. Undefined if its path has faults of its own.
 */
function follow(form: Form, example: Example, now: Date, { possibleTargets, answers }: Doubts): Walked | undefined {
  let stopped = '';
  let missing: string | undefined;
  const { path, ending } = walk(form, example.answers, (id, pathAnswers) => {
    const screen = form.screens.find((one) => one.id === id);
    if (!screen || possibleTargets.has(id) || screen.fields.some((field) => answers.has(field.id))) return false;
    if (screen.wink) {
      const states: string[] = statesLeft(screen);
      const state = example.answers[id];
      if (states.includes(textOfScalar(state)) && mayLeave(screen, { ...pathAnswers, [id]: state ?? '' })) return true;
      missing = state === undefined ? id : undefined;
      stopped =
        state === undefined
          ? `It needs a state, like ${id}: ${states[0]}`
          : states.includes(textOfScalar(state))
            ? `No rule that applies to these answers lets people leave it as ${textOfScalar(state)}`
            : `Its state cannot be ${textOfScalar(state)}, only ${states.join(' or ')}`;
      return false;
    }
    const { shown } = onScreen(screen, { ...pathAnswers }, example.answers);
    for (const field of screen.fields.filter((one) => shown.includes(one.id))) {
      const read = parseAnswer(field, withFileIds(field, example.answers[field.id]), todayAround(now));
      if ('answer' in read) continue;
      missing = example.answers[field.id] === undefined ? field.id : undefined;
      stopped = `\`${field.id}\`: ${sentence(field, read.problem, example.language ?? form.languages[0], read.also)}`;
      return false;
    }
    return true;
  });
  if (ending === undefined && !stopped) return undefined;
  return { path, ...(ending && { ending }), stopped, missing };
}

/** An answer in another form than answers to its field have. */
function shapeFault(field: Field, answer: Answer): Pick<Finding, 'message' | 'remedy'> | undefined {
  const { kind, like, values } = typeOf(field);
  const { id } = field;
  const isList = Array.isArray(answer);
  if (kind === 'parts') {
    const remedy = `Write \`${id}: ${(like?.(field) ?? '').replace(/^.*?(?=\{)/, '')}\`.`;
    if (typeof answer !== 'object' || isList)
      return { message: `\`${id}\` is an address, so its answer has several parts`, remedy };
    const stranger = Object.keys(answer).find((part) => !ADDRESS_PARTS.some((known) => known === part));
    if (stranger === undefined) return undefined;
    return {
      message: `\`${id}\` has no part \`${stranger}\``,
      remedy: `Use these parts: ${ADDRESS_PARTS.join(', ')}.`,
    };
  }
  if (isList || (kind !== 'files' && kind !== 'list')) return undefined;
  const one = kind === 'files' ? 'cv.pdf' : values(field)?.includes(answer as string) ? answer : values(field)?.[0];
  const message = `the answer to \`${id}\` is not a list${kind === 'files' ? ' of files' : ''}`;
  return { message, remedy: `Write \`${id}: [${String(one)}]\`.` };
}

/** An author can't know the ids of files. In an example any text means a file, such as cv: [cv.pdf]. */
const withFileIds = (field: Field, answer: Answer | undefined): Answer | undefined =>
  typeOf(field).kind === 'files' && Array.isArray(answer)
    ? answer.map((_, at) => NO_FILE.replace(/0$/, String(at % 10)))
    : answer;

const NO_FILE = '00000000-0000-4000-8000-000000000000';
