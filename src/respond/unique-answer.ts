/** Unique answers: whether another submission has the same one, and reserving it. */
import { createHmac } from 'node:crypto';
import type { Answers } from '../form/runtime/condition.ts';
import type { Form } from '../form/schema.ts';
import { fillPipes } from '../form/runtime/text.ts';
import { formatWait } from '../form/wording/format-wait.ts';
import { wordings, type Language } from '../form/wording/wording.ts';
import type { Database } from '../record/db/database.ts';
import { findHolder, reserve } from '../record/submissions/unique-answers.ts';
import { formLimitsOf } from './availability.ts';
import { fail, type Result } from './errors/api-error.ts';
import type { Services } from './services.ts';

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
  return errorOf(form, unique.field, wordings[language].server.taken);
}

/** The error for a person who has sent taken answers too often: how long to wait, at the field of the answer. */
export function triedTooOften(services: Services, form: Form, language: Language, waitMs: number): Result<never> {
  const seconds = Math.ceil(waitMs / 1_000);
  const message = fillPipes(wordings[language].server.passwordWait, { wait: formatWait(language, seconds) });
  const { one_per: field = '' } = formLimitsOf(services, form.slug) ?? {};
  return fail('rate_limited', message, { ...errorOf(form, field, message), retryAfter: seconds });
}

/** A sentence for a field, with the screen of the field. */
const errorOf = (form: Form, field: string, text: string) => ({
  screen: form.screens.find(({ fields }) => fields.some(({ id }) => id === field))?.id ?? '',
  fields: { [field]: text },
});

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
  const field = formLimitsOf(services, slug)?.one_per;
  const answer = field === undefined ? undefined : answers[field];
  if (field === undefined || answer === undefined) return undefined;
  // People do not see signs such as a space without width, or a second space, so these make no other answer.
  const visible = String(answer)
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  const normalized = visible.replace(/\s+/g, ' ').trim().toLowerCase();
  const text = JSON.stringify(['taken', slug, field, normalized]);
  return { field, keyHashes: services.keys.map((key) => createHmac('sha256', key).update(text).digest('hex')) };
}
