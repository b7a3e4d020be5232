/** Answers as they are stored: as JSON, in which the sensitive ones are sealed. */
import type { Answer, Answers } from '../../form/runtime/condition.ts';
import { openText, sealText, type SealKeys } from '../crypto/seal.ts';

/** An answer in the store. No answer of any type has a part called `$sealed`. */
type Stored = Answer | { $sealed: string };
export type StoredAnswers = Record<string, Stored>;

/** `answers` with those to the fields in `sensitive` sealed. */
export function sealAnswers(
  keys: SealKeys,
  submission: string,
  answers: Answers,
  sensitive: ReadonlySet<string>,
): StoredAnswers {
  return Object.fromEntries(
    Object.entries(answers).map(([field, answer]): [string, Stored] => [
      field,
      sensitive.has(field) ? { $sealed: sealText(keys, [submission, field], JSON.stringify(answer)) } : answer,
    ]),
  );
}

/** Opens answers. One that can't be opened is left out, with the reason under its field, so the rest stays readable. */
export function openAnswers(
  keys: SealKeys,
  submission: string,
  stored: StoredAnswers,
): { answers: Answers; unreadable: Record<string, string> } {
  const answers: Answers = {};
  const unreadable: Record<string, string> = {};
  for (const [field, answer] of Object.entries(stored)) {
    if (!isSealed(answer)) {
      answers[field] = answer;
      continue;
    }
    const opened = openText(keys, [submission, field], answer.$sealed);
    if (opened.ok) answers[field] = JSON.parse(opened.value) as Answer;
    else unreadable[field] = opened.fault;
  }
  return { answers, unreadable };
}

const isSealed = (answer: Stored): answer is { $sealed: string } =>
  typeof answer === 'object' && '$sealed' in answer && typeof answer.$sealed === 'string';
