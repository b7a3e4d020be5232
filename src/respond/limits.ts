/** The limits of a form, decided: whether it takes answers now, and whether an answer that can be sent once is free. */
import { createHmac } from 'node:crypto';
import type { Answers } from '../form/runtime/condition.ts';
import { momentInWords, openingOf, type FormLimits, type Opening } from '../form/limits.ts';
import type { Form } from '../form/schema.ts';
import { fillPipes } from '../form/runtime/text.ts';
import { betweenSentences, wordings, type Language } from '../form/wording/wording.ts';
import type { Database } from '../record/db/database.ts';
import { countSent } from '../record/submissions/tallies.ts';
import { findHolder, reserve } from '../record/submissions/unique-answers.ts';
import type { Submission } from '../record/submissions/submissions.ts';
import type { Services } from './services.ts';
import { fail, type Result } from './api-error.ts';

/** A page that many ask for is not counted for each of them. */
const COUNT_LASTS_MS = 1_000;

/** How many of a form count to its limit, as it was at most a second ago. */
export function recentCounts(db: Database, now: () => Date): (slug: string) => Promise<number> {
  const counts = new Map<string, { at: number; sent: Promise<number> }>();
  return (slug) => {
    const time = now().getTime();
    const known = counts.get(slug);
    if (known && Math.abs(time - known.at) < COUNT_LASTS_MS) return known.sent;
    const sent = countSent(db, slug);
    sent.catch(() => counts.delete(slug));
    counts.set(slug, { at: time, sent });
    return sent;
  };
}

/** Those of the form as it is published now: who has moved the close means everyone, whatever version they fill in. */
export const limitsOf = (services: Pick<Services, 'catalog'>, slug: string): FormLimits | undefined =>
  services.catalog.current(slug)?.form.limits;

/** Whether `slug` takes answers from somebody new. */
export async function openingNow(services: Services, slug: string): Promise<Opening> {
  const limits = limitsOf(services, slug);
  return openingOf(limits, services.now(), limits?.max === undefined ? 0 : await services.countCompleted(slug));
}

/** Why a form takes no answers, as a title and a sentence. */
export function openingInWords(
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

/** The page shows the message to the person, so it is in their language. */
export function openingError(services: Services, slug: string, opening: Exclude<Opening, 'open'>, language: Language) {
  const { title, text } = openingInWords(limitsOf(services, slug), opening, language);
  return fail(CODES[opening], `${title}${betweenSentences(language)}${text}`);
}

/**
 * Why a submission cannot be sent under its form's limits. Exact within the transaction that sends it. What ends early
 * takes nobody's place, so only the close stops it.
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
  const sent = counts && limits.max !== undefined ? await countSent(db, form.slug) : 0;
  const opening = openingOf(limits, services.now(), sent);
  if (opening === 'closed' || opening === 'full') return openingError(services, form.slug, opening, language);
  const taken = counts ? await findConflict(services, db, form, submission.id, answers, language) : undefined;
  return (
    taken &&
    fail(
      'invalid_answers',
      'Another submission already has one of these answers. Each of them can be sent once.',
      taken,
    )
  );
}

/** The sentence under a field whose answer another submission holds, and the field's screen. */
export async function findConflict(
  services: Services,
  db: Database,
  form: Form,
  submissionId: string,
  answers: Answers,
  language: Language,
): Promise<{ screen: string; fields: Record<string, string> } | undefined> {
  const once = onceOf(services, form.slug, answers);
  const holder = once && (await findHolder(db, form.slug, once.keyHashes));
  if (!holder || holder === submissionId) return undefined;
  const screen = form.screens.find(({ fields }) => fields.some(({ id }) => id === once.field))?.id ?? '';
  return { screen, fields: { [once.field]: wordings[language].server.taken } };
}

/** Notes that a submission holds its answer, where the form has one that can be sent once. */
export async function reserveAnswer(
  services: Keeper,
  db: Database,
  slug: string,
  id: string,
  answers: Answers,
): Promise<void> {
  const once = onceOf(services, slug, answers);
  const held = once && (await findHolder(db, slug, once.keyHashes));
  if (once && !held) await reserve(db, slug, once.keyHashes[0] ?? '', id);
}

type Keeper = Pick<Services, 'catalog' | 'keys'>;

/**
 * The field, and its answer as a hash that cannot be guessed from the store alone, however few answers there can be: one
 * for each key that it may have been stored under, the first of which is for storing it.
 */
function onceOf(services: Keeper, slug: string, answers: Answers): { field: string; keyHashes: string[] } | undefined {
  const field = limitsOf(services, slug)?.one_per;
  const answer = field === undefined ? undefined : answers[field];
  if (field === undefined || answer === undefined) return undefined;
  const same = String(answer).normalize('NFKC').trim().toLowerCase();
  const text = JSON.stringify(['taken', slug, field, same]);
  return { field, keyHashes: services.keys.map((key) => createHmac('sha256', key).update(text).digest('hex')) };
}
