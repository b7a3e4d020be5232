/** The first contact that carries an answer creates a draft. */
import type { StartRequest, StartedSubmission } from '../contract/api.ts';
import type { Database } from '../record/db/database.ts';
import { wasReplacedSince } from '../record/versions.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { storeIfFirst, replay, type IdempotentResult } from '../record/idempotency.ts';
import { newId } from '../record/ids.ts';
import { wordings, type Language } from '../form/wording/wording.ts';
import { createSubmission, findSubmission, type Submission } from '../record/submissions/submissions.ts';
import { recordServerEvent, type Services } from './services.ts';
import { openingNow, openingError } from './limits.ts';
import { paramsOf } from './params.ts';
import { solvedBy, useUp } from './proof.ts';
import { conflict, done, fail, type Result } from './api-error.ts';
import { startReasons } from './suspicion.ts';
import { expiryOf, tokenFor } from './token.ts';

/**
 * Begins a submission of the form `slug`.
 * @param key the request's `Idempotency-Key`: the same start is one submission
 */
export async function start(
  services: Services,
  slug: string,
  { trap, proof, ...given }: StartRequest,
  key: string | undefined,
): Promise<Result<StartedSubmission>> {
  const current = services.catalog.current(slug);
  if (!current) return fail('unknown_form', 'There is no form with this slug.');
  if (current.removed) return fail('form_removed', 'This form was removed and accepts no new submissions.');
  const version = given.version ?? current.version;
  const now = services.now();
  if (key !== undefined && key.length < SITE_LIMITS.startKeyCharacters.value) return fail('invalid_request', SHORT_KEY);
  const form = await services.catalog.version(slug, version);
  if (!form) return fail('invalid_request', 'version is not a published version of this form.');
  const language = given.language ?? form.languages[0];
  if (!form.languages.some((one) => one === language)) {
    return fail('invalid_request', `language must be one of ${form.languages.join(', ')}.`);
  }
  const params = paramsOf(form, given.params ?? {});
  const attempt = { scope: `start:${slug}`, key, body: given, now };
  if (
    version !== current.version &&
    !(await mayStillStart(services, slug, version, now)) &&
    !(await replay(services.db, attempt))
  )
    return fail('form_changed', wordings[language as Language].server.changed);
  const opening = await openingNow(services, slug);
  // What was begun in time stays begun, however late it is asked for again.
  if (opening !== 'open' && !(await replay(services.db, attempt)))
    return openingError(services, slug, opening, language as Language);
  // A retry comes with a proof of its own, and is the same start all the same: neither is part of what is compared.
  // Asked of everyone once the form asks it now: naming an older version is no way round.
  const asked = current.form.proof_of_work;
  const solved = asked ? await solvedBy(services, slug, proof) : undefined;
  const id = newId(now);
  const begin = async (trx: Database): Promise<IdempotentResult<{ id: string }>> => {
    const stored = await storeIfFirst(trx, attempt, { id });
    if (stored.conflict || stored.replayed) return stored;
    const proven = !asked || (solved !== undefined && (await useUp(trx, solved, now)));
    const suspicion = startReasons(trap, proven);
    await createSubmission(trx, { id, form: slug, version, language, params, suspicion, now });
    const started = { language, ...(suspicion.length && { suspicion }) };
    await recordServerEvent(trx, { id }, 'started', started, now);
    return stored;
  };
  const stored = await services.db.transaction(begin, { locksRow: true });
  if (stored.conflict) return conflict();
  if (!stored.replayed) return done(startedAs(services, { id, version, language, createdAt: now.toISOString() }));
  const earlier = await findSubmission(services.db, stored.response.id);
  if (!earlier) throw new Error(`There is no submission ${stored.response.id}, which was begun under this key.`);
  // Its token opens a person's answers. Later than this, somebody else may have come to the same key.
  if (now.getTime() - Date.parse(earlier.createdAt) > SITE_LIMITS.startReplayMs.value)
    return fail('idempotency_conflict', OLD_KEY);
  return done(startedAs(services, earlier));
}

const SHORT_KEY = `The Idempotency-Key of a start must have at least ${SITE_LIMITS.startKeyCharacters.value} characters. Use a random one, such as a UUID.`;
const OLD_KEY = 'This Idempotency-Key started a submission more than a minute ago. Use a new key to start another one.';

/** Whether `version` is on pages that people may have open, or that a CDN still has: it was current not long ago. */
const mayStillStart = ({ db }: Services, slug: string, version: string, now: Date): Promise<boolean> =>
  wasReplacedSince(db, slug, version, new Date(now.getTime() - SITE_LIMITS.replacedVersionDays.value * DAY_MS));

const DAY_MS = 86_400_000;

const startedAs = (
  { keys }: Services,
  { id, version, language, createdAt }: Pick<Submission, 'id' | 'version' | 'language' | 'createdAt'>,
): StartedSubmission => ({ id, token: tokenFor(keys, id), version, language, expiresAt: expiryOf(createdAt) });
