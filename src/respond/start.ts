/** Starts a draft at the first contact that carries an answer. */
import type { StartRequest, StartedSubmission, VersionStatus } from '../contract/api.ts';
import type { DeviceClass } from '../record/links/clicks.ts';
import type { Published } from '../publish/catalog.ts';
import type { Database } from '../record/db/database.ts';
import { formState } from '../record/forms/form-states.ts';
import { hasVersion, wasReplacedSince } from '../record/versions.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { storeIfFirst, replay, type IdempotentResult } from '../record/idempotency.ts';
import { newId } from '../record/ids.ts';
import { fieldsOf } from '../form/schema.ts';
import { languageCodes, wordings, type Language } from '../form/wording/wording.ts';
import { createSubmission, findStarted, type Submission } from '../record/submissions/submissions.ts';
import { recordServerEvent, type Services } from './services.ts';
import { availabilityNow, removedError, unavailableError } from './availability.ts';
import { campaignLinkOf, paramsAtStart } from './params.ts';
import { verifyProof, consumeChallenge } from './access/proof.ts';
import { conflict, done, fail, type Result } from './errors/api-error.ts';
import { startReasons } from './spam-signs.ts';
import { tokenExpiry } from '../record/submissions/lifetime.ts';
import { tokenFor } from './access/token.ts';

/**
 * Starts a submission of the form `slug`.
 * @param key the request's `Idempotency-Key`; the same key and body are one submission
 * @param device the kind of device that the person uses, for Results
 */
export async function start(
  services: Services,
  slug: string,
  { trap, proof, ...request }: StartRequest,
  key: string | undefined,
  device?: DeviceClass,
): Promise<Result<StartedSubmission>> {
  const current = await findPublished(services, slug, request.version);
  if (!current) return fail('unknown_form', 'There is no form with this slug.');
  if (current.removed) return removedError(current.form, request.language);
  const version = request.version ?? current.version;
  const now = services.now();
  if (key !== undefined && key.length < SITE_LIMITS.startKeyCharacters.value) return fail('invalid_request', SHORT_KEY);
  const attempt = { scope: `start:${slug}`, key, body: request, now };
  // Anyone can name any version, so a form is read only where a submission may start on it.
  const isCurrent = version === current.version;
  if (!isCurrent && !(await mayStillStart(services, slug, version, now)) && !(await replay(services.db, attempt))) {
    // The page of a static host may be newer than this server. It keeps the answers, and tries again.
    if (!(await hasVersion(services.db, slug, version))) return fail(NEWER_PAGE.code, NEWER_PAGE.message);
    const known = languageCodes.find((one) => one === request.language) ?? current.form.languages[0];
    return fail('form_changed', wordings[known as Language].server.changed);
  }
  const form = await services.catalog.versionHead(slug, version);
  if (!form) return fail(NEWER_PAGE.code, NEWER_PAGE.message);
  const language = request.language ?? form.languages[0];
  if (!form.languages.some((one) => one === language)) {
    return fail('invalid_request', `language must be one of ${form.languages.join(', ')}.`);
  }
  const { link: linkId, params: query = {} } = request;
  const link = campaignLinkOf(services, form, linkId ?? query['link']);
  if (linkId !== undefined && !link) return fail('invalid_request', 'link is not the id of a link of this form.');
  // A page names its link among the params of its address, a program beside them.
  const params = paramsAtStart(form, query, link, linkId === undefined ? form.shownParams : new Set());
  const availability = await availabilityNow(services, slug);
  // A retry of a start in time succeeds, even after the form has closed.
  if (availability !== 'open' && !(await replay(services.db, attempt)))
    return unavailableError(services, slug, availability, language as Language);
  // A retry has a proof of its own, so the proof is not part of the compared body. The current version decides whether
  // one is needed, since a client could name an older version.
  const proofRequired = current.form.proof_of_work;
  const challenge = proofRequired ? await verifyProof(services, slug, proof) : undefined;
  const id = newId(now);
  const store = async (trx: Database): Promise<IdempotentResult<{ id: string }>> => {
    const stored = await storeIfFirst(trx, attempt, { id });
    if (stored.conflict || stored.replayed) return stored;
    const proven = !proofRequired || (challenge !== undefined && (await consumeChallenge(trx, challenge, now)));
    const suspicion = startReasons(trap, proven);
    await createSubmission(trx, { id, form: slug, version, language, link: link?.link.id, params, suspicion, now });
    // The person does not type these answers. In an older version, nearly all fields have the same ids.
    const prefilled = fieldsOf(current.form).flatMap(({ id: field }) => (Object.hasOwn(query, field) ? [field] : []));
    const started = {
      language,
      ...(device && { device }),
      ...(link && { link: link.link.id }),
      ...(suspicion.length && { suspicion }),
      ...(prefilled.length && { prefilled }),
    };
    await recordServerEvent(trx, { id }, 'started', started, now);
    return stored;
  };
  const stored = await services.db.transaction(store, { locksRow: true });
  if (stored.conflict) return conflict();
  if (!stored.replayed) return done(toStarted(services, { id, version, language, createdAt: now.toISOString() }));
  const earlier = await findStarted(services.db, stored.response.id);
  if (!earlier) throw new Error(`The submission ${stored.response.id}, started under this key, does not exist.`);
  // The token opens a person's answers, and later another person may have chosen the same key.
  if (now.getTime() - Date.parse(earlier.createdAt) > SITE_LIMITS.startReplayMs.value)
    return fail('idempotency_conflict', OLD_KEY);
  return done(toStarted(services, earlier));
}

/** The refusal for a page with a version of the form that this server does not have yet. */
export const NEWER_PAGE = {
  code: 'unknown_version',
  message: 'This server does not have this version of the form. Try again in a minute.',
} as const;

const SHORT_KEY = `The Idempotency-Key of a start must have at least ${SITE_LIMITS.startKeyCharacters.value} characters. Use a random one, such as a UUID.`;
const OLD_KEY = 'This Idempotency-Key started a submission more than a minute ago. Use a new key to start another one.';

/** The published form. If the page has another version, another server may have published it a moment ago. */
async function findPublished({ catalog, db }: Services, slug: string, version: string | undefined) {
  const known = catalog.current(slug);
  if (!known || version === undefined || version === known.version) return known;
  // Anyone can name any version, and a refresh reads the state of all forms.
  if ((await formState(db, slug))?.version === known.version) return known;
  await catalog.refresh();
  return catalog.current(slug);
}

/**
 * The form on the open page of a person who posts it without JavaScript.
 * @param version of the page; undefined for a page that does not name it
 * @returns the form in that version, or in the current one if the page is too old. If the server does not have the version,
 * the page of a static host is newer
 */
export async function formOnPage(
  services: Services,
  current: Published,
  version: string | undefined,
): Promise<Pick<Published, 'form' | 'version'> & { page?: 'old' | 'newer' }> {
  if (version === undefined || version === current.version) return current;
  const { slug } = current.form;
  // Another server may have published it a moment ago.
  const isStartable =
    (await mayStillStart(services, slug, version, services.now())) ||
    (await formState(services.db, slug))?.version === version;
  // Anyone can name any version, so the form of one on which no submission can start is not read.
  if (!isStartable) return { ...current, page: (await hasVersion(services.db, slug, version)) ? 'old' : 'newer' };
  const form = await services.catalog.version(slug, version);
  return form ? { form, version } : { ...current, page: 'newer' };
}

/** Whether a submission can start on a version of a form, for a page that may be older or newer than this server. */
export async function versionStatus(services: Services, slug: string, version: string): Promise<Result<VersionStatus>> {
  const current = await findPublished(services, slug, version);
  if (!current || current.hidden) return fail('unknown_form', 'There is no form with this slug.');
  if (current.removed) return done({ startable: false });
  const isOld = version !== current.version && (await hasVersion(services.db, slug, version));
  return done({ startable: !isOld || (await mayStillStart(services, slug, version, services.now())) });
}

/** Whether `version` may still be on an open page or in a CDN: it was current until recently. */
const mayStillStart = ({ db }: Services, slug: string, version: string, now: Date): Promise<boolean> =>
  wasReplacedSince(db, slug, version, new Date(now.getTime() - SITE_LIMITS.replacedVersionDays.value * DAY_MS));

const DAY_MS = 86_400_000;

const toStarted = (
  { keys }: Services,
  { id, version, language, createdAt }: Pick<Submission, 'id' | 'version' | 'language' | 'createdAt'>,
): StartedSubmission => ({ id, token: tokenFor(keys, id), version, language, expiresAt: tokenExpiry(createdAt) });
