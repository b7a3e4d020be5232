/** The result of a dress rehearsal: stored submissions, tried with a version that is not published yet. */
import { fieldCalled, type Form } from '../schema.ts';
import { formatCount } from '../format-count.ts';
import { nameOf, say, titleIn, type Phrase, type Quote } from './change-sentences.ts';

/** Numbers of submissions: unfinished ones, and submitted ones. */
interface Tried {
  drafts: number;
  sent: number;
}

export interface Rehearsal {
  tried: Tried;
  /** Whether there are more drafts than `tried` has. */
  hasMoreDrafts: boolean;
  /** Submissions that were not tried, because one of their sensitive answers can't be opened. */
  unreadable: number;
  /** Submissions that would end elsewhere, by the id of the new ending. */
  ends: (Tried & { ending: string })[];
  /**
   * Submissions that would stop where they did not stop before, by the id of a question or of a Wink screen.
   * `again`: there is an answer, and it no longer counts.
   */
  asked: (Tried & { id: string; again: boolean })[];
  /** Submissions that would reach no ending, and that no one could correct. */
  breaks: Tried;
  /** Answers to removed questions, and answers that are removed options. A sensitive answer is not named. */
  lost: (Tried & { field: string; option?: string })[];
}

/**
 * The result in English sentences, such as `3 sent submissions would now end at “Declined”.`
 * @param before the published form, which names the questions that `after` no longer has
 */
export function rehearsalInWords(rehearsal: Rehearsal, before: Form, after: Form): string[] {
  const { tried, hasMoreDrafts, unreadable, ends, asked, lost } = rehearsal;
  if (tried.drafts + tried.sent === 0) return ['There are no submissions to try the new version with.'];
  const phrases: Phrase[] = [
    () => `Flipsite tried ${countsInWords(tried)} with the new version.`,
    ...(hasMoreDrafts ? [() => 'there are more unfinished submissions. The newest ones were tried.'] : []),
    ...ends.map((one) => (q: Quote) => `${countsInWords(one)} would now end at ${q(nameOf(after, one.ending))}.`),
    ...asked.map((one) => (q: Quote) => `${countsInWords(one)} would ${stopInWords(after, one, q)}.`),
    () => outcomeInWords(rehearsal),
    ...lost.map((one) => (q: Quote) => lossInWords(before, one, q)),
    ...(tried.drafts
      ? [() => 'unfinished submissions keep the version that they were started on, so this counts for new people.']
      : []),
    ...(unreadable ? [() => `${formatCount(unreadable, 'submission')} could not be tried, because sensitive answers cannot be read.`] : []), // prettier-ignore
  ];
  return phrases.map((phrase) => say(phrase));
}

/** `3 sent submissions and 1 unfinished submission`. */
function countsInWords({ drafts, sent }: Tried): string {
  const parts = [...(sent ? [formatCount(sent, 'sent submission')] : []), ...(drafts ? [formatCount(drafts, 'unfinished submission')] : [])]; // prettier-ignore
  return parts.join(' and ');
}

/** Whether the submissions reach an ending. “As before” only where no question stops them. */
function outcomeInWords({ tried, ends, asked, breaks }: Rehearsal): string {
  if (breaks.drafts + breaks.sent) return `${countsInWords(breaks)} would reach no ending.`;
  const isOne = tried.drafts + tried.sent === 1;
  if (ends.length + asked.length) return `${isOne ? 'it' : 'all of them'} can still reach an ending.`;
  return isOne ? 'it ends as before.' : 'all of them end as before.';
}

function stopInWords(after: Form, { id, again }: Rehearsal['asked'][number], q: Quote): string {
  if (!fieldCalled(after, id)) return `stop at the Wink widget on ${q(nameOf(after, id))}`;
  return again ? `be asked for ${q(nameOf(after, id))} again` : `also be asked for ${q(nameOf(after, id))}`;
}

function lossInWords(before: Form, { field, option, drafts, sent }: Rehearsal['lost'][number], q: Quote): string {
  const count = formatCount(drafts + sent, 'person', 'people');
  const name = nameOf(before, field);
  const asked = fieldCalled(before, field);
  if (option === undefined) return `${count} answered ${q(name)}, which is no longer asked. Their answers stay.`;
  const choices = asked && 'options' in asked ? asked.options : [];
  const label = choices.find(({ value }) => value === option)?.label;
  const chosen = option === HIDDEN_OPTION ? 'an option' : q(label === undefined ? option : titleIn(before, label));
  return `${count} chose ${chosen} for ${q(name)}, which is no longer offered. Their answers stay.`;
}

/** In place of an option that is a sensitive answer. No option has an empty value. */
export const HIDDEN_OPTION = '';
