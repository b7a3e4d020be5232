/** Whether a form accepts answers now, by its limits. */
import { momentInWords, momentOf, availabilityOf, type LimitsNow, type Availability } from '../form/settings/limits.ts';
import { fillPipes } from '../form/runtime/text.ts';
import { languageOf, type Form } from '../form/schema.ts';
import { betweenSentences, joinSentences, wordings, type Language } from '../form/wording/wording.ts';
import { asSite } from '../site-limits/counting/current-client.ts';
import { wasPublishedBy } from '../record/versions.ts';
import type { Services } from './services.ts';
import { fail } from './errors/api-error.ts';

/** Many requests for a page share one read. */
const READ_TTL_MS = 1_000;
/** If the database takes longer, the last value has to do. The submit counts again, in its transaction. */
const READ_WAIT_MS = 1_000;

/**
 * @param read reads something about a form, such as the number of its completed submissions
 * @returns the same, at most a second ago. While the database can't be reached, the last value, so that pages are served
 */
export function keepRecent<T>(
  read: (slug: string) => Promise<T>,
  now: () => Date,
  waitMs = READ_WAIT_MS,
): (slug: string) => Promise<T> {
  const reads = new Map<string, { at: number; value: Promise<T> }>();
  const last = new Map<string, { value: T }>();

  async function readOrLast(slug: string): Promise<T> {
    const reading = read(slug).then((value) => (last.set(slug, { value }), value));
    const before = last.get(slug);
    if (!before) return reading;
    const late = new Promise<T>((resolve) => setTimeout(() => resolve(before.value), waitMs).unref());
    return Promise.race([reading.catch(() => before.value), late]);
  }

  return (slug) => {
    const time = now().getTime();
    const known = reads.get(slug);
    if (known && Math.abs(time - known.at) < READ_TTL_MS) return known.value;
    const value = asSite(() => readOrLast(slug));
    value.catch(() => reads.delete(slug));
    reads.set(slug, { at: time, value });
    return value;
  };
}

/** The limits of the current version: a new closing date applies to everyone, in every version. */
export const formLimitsOf = (services: Pick<Services, 'catalog'>, slug: string): LimitsNow | undefined =>
  services.catalog.current(slug)?.form.limits;

/** Whether `slug` accepts new submissions. */
export async function availabilityNow(services: Services, slug: string): Promise<Availability> {
  const limits = formLimitsOf(services, slug);
  return availabilityOf(limits, services.now(), limits?.max === undefined ? 0 : await services.countCompleted(slug));
}

/**
 * Whether a page of a version can have been opened before the form closed. Without JavaScript it has no draft yet, and is posted
 * in the hour after the close.
 */
export async function wasOpen(services: Services, slug: string, version: string): Promise<boolean> {
  const limits = formLimitsOf(services, slug);
  const closes = limits && !limits.unopened ? momentOf(limits, 'closes') : undefined;
  return closes !== undefined && wasPublishedBy(services.db, slug, version, closes.toISOString());
}

/**
 * Why a form accepts no answers, as a title and a sentence. The sentence is empty if a member closed a form that has no
 * time zone: in UTC, the day of people can be another one.
 */
export function describeAvailability(
  limits: LimitsNow | undefined,
  availability: Exclude<Availability, 'open'>,
  language: Language,
): { title: string; text: string } {
  const words = wordings[language].server;
  const date = (which: 'opens' | 'closes') => ({ date: momentInWords(limits ?? {}, which, language) });
  // In the hour in which people who have started may finish, it may be full too.
  if (availability === 'full' && !limits?.closedByHand) return { title: words.fullTitle, text: words.fullText };
  if (availability === 'not_open') return { title: words.opensTitle, text: fillPipes(words.opensOn, date('opens')) };
  const isDayUnsure = limits?.closedByHand && !limits.timezone;
  return { title: words.closedTitle, text: isDayUnsure ? '' : fillPipes(words.closedOn, date('closes')) };
}

const CODES = { not_open: 'form_not_open', grace: 'form_closed', closed: 'form_closed', full: 'form_full' } as const;

/** The page shows the message in place of the form, so it is in the language of the person, and names whom to ask. */
export function unavailableError(
  services: Services,
  slug: string,
  availability: Exclude<Availability, 'open'>,
  language: Language,
) {
  const limits = formLimitsOf(services, slug);
  const { title, text } = describeAvailability(limits, availability, language);
  const between = betweenSentences(language);
  const reason = `${title}${between}${text}`.trim();
  const questions = `${wordings[language].server.questions} ${limits?.contact}${between.trim()}`;
  return fail(CODES[availability], limits?.contact ? joinSentences(language, reason, questions) : reason);
}

/** The same about a form that was removed, in the language `wanted` if the form has it. */
export function removedError(form: Form, wanted: string | undefined) {
  const language = languageOf(form, wanted) ?? form.languages[0];
  const { gone, goneText } = wordings[language].server;
  return fail('form_removed', `${gone}${betweenSentences(language)}${goneText}`);
}
