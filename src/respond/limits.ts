/** The limits of a form: whether it accepts answers now, and whether a unique answer is free. */
import { createHmac } from 'node:crypto';
import type { Answers } from '../form/runtime/condition.ts';
import { momentInWords, availabilityOf, type FormLimits, type Opening } from '../form/settings/limits.ts';
import type { Form } from '../form/schema.ts';
import { fillPipes } from '../form/runtime/text.ts';
import { betweenSentences, wordings, type Language } from '../form/wording/wording.ts';
import type { Database } from '../record/db/database.ts';
import { countCompleted } from '../record/submissions/tallies.ts';
import { findHolder, reserve } from '../record/submissions/unique-answers.ts';
import type { Submission } from '../record/submissions/submissions.ts';
import type { Services } from './services.ts';
import { fail, type Result } from './errors/api-error.ts';

/** Many requests for a page share one count. */
const COUNT_TTL_MS = 1_000;

/** @returns a function that counts the completed submissions of a form, at most a second ago */
export function recentCounts(db: Database, now: () => Date): (slug: string) => Promise<number> {
  const counts = new Map<string, { at: number; sent: Promise<number> }>();
  return (slug) => {
    const time = now().getTime();
    const known = counts.get(slug);
    if (known && Math.abs(time - known.at) < COUNT_TTL_MS) return known.sent;
    const sent = countCompleted(db, slug);
    sent.catch(() => counts.delete(slug));
    counts.set(slug, { at: time, sent });
    return sent;
  };
}

/** The limits of the current version: a new closing date applies to everyone, in every version. */
export const limitsOf = (services: Pick<Services, 'catalog'>, slug: string): FormLimits | undefined =>
  services.catalog.current(slug)?.form.limits;

/** Whether `slug` accepts new submissions. */
export async function openingNow(services: Services, slug: string): Promise<Opening> {
  const limits = limitsOf(services, slug);
  return availabilityOf(limits, services.now(), limits?.max === undefined ? 0 : await services.countCompleted(slug));
}

/** Why a form accepts no answers, as a title and a sentence. */
export function describeOpening(
  limits: FormLimits | undefined,
  opening: Exclude<Opening, 'open'>,
  language: Language,
): { title: string; text: string } {
  const words = wordings[language].server;
  const date = (which: 'opens' | 'closes') => ({ date: momentInWords(limits ?? {}, which, language) });
  if (opening === 'full') return { title: words.fullTitle, text: words.fullText };
  if (opening === 'not_open') return { title: words.opensTitle, text: fillPipes(words.opensOn, date('opens')) };
  return { title: words.closedTitle, text: fillPipes(words.closedOn, date('closes')) };
}

const CODES = { not_open: 'form_not_open', grace: 'form_closed', closed: 'form_closed', full: 'form_full' } as const;

/** The page shows the message, so it is in the language of the person. */
export function openingError(services: Services, slug: string, opening: Exclude<Opening, 'open'>, language: Language) {
  const { title, text } = describeOpening(limitsOf(services, slug), opening, language);
  return fail(CODES[opening], `${title}${betweenSentences(language)}${text}`);
}

/**
 * Why the limits of a form refuse a submission; exact in the transaction that submits it. One that is disqualified
 * counts to no limit, so only the close refuses it.
 */
export async function sendingError(
  services: Services,
  db: Database,
  form: Form,
  submission: Submission,
  answers: Answers,
  outcome: string,
): Promise<Result<never> | undefined> {
  const limits = limitsOf(services, form.slug);
  if (!limits) return undefined;
  const language = submission.language as Language;
  const counts = outcome === 'completed';
  const sent = counts && limits.max !== undefined ? await countCompleted(db, form.slug) : 0;
  const opening = availabilityOf(limits, services.now(), sent);
  if (opening === 'closed' || opening === 'full') return openingError(services, form.slug, opening, language);
  const conflict = counts ? await findConflict(services, db, form, submission.id, answers, language) : undefined;
  return (
    conflict &&
    fail(
      'invalid_answers',
      'Another submission already has one of these answers. Each of them can be sent once.',
      conflict,
    )
  );
}

/** The sentence for a unique answer that another submission has, with the screen of its field. */
export async function findConflict(
  services: Services,
  db: Database,
  form: Form,
  submissionId: string,
  answers: Answers,
  language: Language,
): Promise<{ screen: string; fields: Record<string, string> } | undefined> {
  const unique = uniqueAnswerOf(services, form.slug, answers);
  const holder = unique && (await findHolder(db, form.slug, unique.keyHashes));
  if (!holder || holder === submissionId) return undefined;
  const screen = form.screens.find(({ fields }) => fields.some(({ id }) => id === unique.field))?.id ?? '';
  return { screen, fields: { [unique.field]: wordings[language].server.taken } };
}

/** Reserves the unique answer of a submission, if its form has one and it is free. */
export async function reserveAnswer(
  services: UniqueAnswerServices,
  db: Database,
  slug: string,
  id: string,
  answers: Answers,
): Promise<void> {
  const unique = uniqueAnswerOf(services, slug, answers);
  const holder = unique && (await findHolder(db, slug, unique.keyHashes));
  if (unique && !holder) await reserve(db, slug, unique.keyHashes[0] ?? '', id);
}

type UniqueAnswerServices = Pick<Services, 'catalog' | 'keys'>;

/**
 * The unique field, and its answer as one HMAC for each key that may have stored it. The first is for storing it. An
 * HMAC keeps the answer secret even if few values are possible.
 */
function uniqueAnswerOf(
  services: UniqueAnswerServices,
  slug: string,
  answers: Answers,
): { field: string; keyHashes: string[] } | undefined {
  const field = limitsOf(services, slug)?.one_per;
  const answer = field === undefined ? undefined : answers[field];
  if (field === undefined || answer === undefined) return undefined;
  const normalized = String(answer).normalize('NFKC').trim().toLowerCase();
  const text = JSON.stringify(['taken', slug, field, normalized]);
  return { field, keyHashes: services.keys.map((key) => createHmac('sha256', key).update(text).digest('hex')) };
}
