/** Handles a form that a browser without JavaScript posts in one request. */
import { createHmac } from 'node:crypto';
import type { Answers } from '../form/runtime/condition.ts';
import { withOther } from '../form/fields/choices/other.ts';
import { linksCanFill, typeOf } from '../form/fields/fields.ts';
import { answerIn } from '../form/fields/parse-answer.ts';
import { sentence } from '../form/fields/problem-sentences.ts';
import { withSharedTime } from '../form/fields/text/pattern.ts';
import { walk } from '../form/runtime/journey.ts';
import type { Availability } from '../form/settings/limits.ts';
import { PAGE_VERSION, TRAP } from '../form/id.ts';
import { fieldCalled, fieldsOf, type Form } from '../form/schema.ts';
import { shownParams } from '../form/inspect/shown-params.ts';
import type { DeviceClass } from '../record/links/clicks.ts';
import { wordings, type Language } from '../form/wording/wording.ts';
import { addFile, removeBytes } from '../record/files/files.ts';
import { replay } from '../record/idempotency.ts';
import { newId } from '../record/ids.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { createAnswered } from '../record/submissions/submissions.ts';
import { recordServerEvent, type Services } from './services.ts';
import { availabilityNow, formLimitsOf, wasOpen } from './availability.ts';
import { findConflict } from './unique-answer.ts';
import { campaignLinkOf, paramsAtStart } from './params.ts';
import { storeOnce, inspectFiles, withFilesAgain, type PostedFile } from './files/posted-files.ts';
import { evaluateForm, validateScreen, screenOf } from './evaluate.ts';
import { readsOtherSubmissions, completeSubmission, submit, type BeforeComparing } from './submit.ts';
import { startReasons, trapOf } from './spam-signs.ts';
import { winkStates } from './smile/wink-state.ts';

export type NativeOutcome =
  /**
   * Not stored: the entered values, and a sentence by field in the order of the page. `isTaken`: another submission has the
   * same unique answer. `notice`: a sentence about the whole form.
   */
  | { kind: 'errors'; values: Answers; errors: Record<string, string>; isTaken?: boolean; notice?: string }
  /** Not stored: all answers together are too long. */
  | { kind: 'too_large' }
  /** Not stored: the page has questions that this server does not have yet. */
  | { kind: 'newer' }
  /** The form accepts no answers now. */
  | { kind: 'not_open'; availability: Exclude<Availability, 'open'> }
  /** Stored as the submission `id`: submitted, or a draft if a screen needs JavaScript. */
  | { kind: 'stored'; id: string };

/**
 * The sender of a post: a view of the page by its `mark`, or else an address and a kind of browser, which people may share.
 * The same complete post from the same sender is one submission for a while: a double click, or a retry.
 */
export type Sender = { mark: string } | { address: string; userAgent: string };

export interface NativePost {
  entries: [name: string, value: string][];
  /** The files chosen in file fields, in memory. */
  files: PostedFile[];
  /** The query of the page's address. */
  query: Record<string, string>;
  /** The kind of device that the person uses, for Results. */
  device: DeviceClass;
  /** The page is of an earlier version, on which no submission can start any more, or of one that this server does not have yet. */
  page?: 'old' | 'newer' | undefined;
}

/**
 * Stores a form that was posted in one request, and submits it if it is complete.
 * @param beforeComparing throws if the person has to wait. A post has no submission that could get a time in ms
 */
export async function postForm(
  services: Services,
  form: Form,
  version: string,
  language: Language,
  { entries, files, query, device, page }: NativePost,
  sender: Sender,
  beforeComparing?: BeforeComparing,
): Promise<NativeOutcome> {
  const now = services.now();
  const { incoming, rejected } = await inspectFiles(form, files, now);
  const ids = Object.groupBy(incoming, ({ field }) => field);
  const hashes = incoming.map(({ field, name, sha256 }) => [field, name, sha256]);
  const link = campaignLinkOf(services, form, query['link']);
  const params = paramsAtStart(form, query, link, shownParams(form));
  const values = valuesOf(form, language, entries, query, (field) => ids[field]?.map(({ id }) => id));
  const errors: Record<string, string> = {};
  const answers: Answers = {};
  // All screens are read, so that the person sees all errors at once. The walk stops at a Wink screen.
  const readScreenOf = (id: string, pathAnswers: Answers) => {
    const screen = screenOf(form, id);
    if (!screen || screen.wink) return false;
    const read = validateScreen(screen, pathAnswers, values, language, now);
    Object.assign(answers, read.answers);
    for (const field of screen.fields) {
      const problem = field.id in read.answers ? rejected[field.id] : undefined;
      const error = problem ? sentence(field, problem, language) : read.errors[field.id];
      if (error) errors[field.id] = error;
    }
    return true;
  };
  const { path, ending: reached } = withSharedTime(() => walk(form, values, readScreenOf));
  const passedAnswers = { ...answers };
  // Valid answers to later screens are stored too. The person meets those screens again.
  const readLaterScreens = () => {
    for (const screen of form.screens.filter(({ id }) => !path.includes(id))) {
      Object.assign(answers, validateScreen(screen, answers, values, language, now).answers);
      for (const { id } of screen.fields) if (rejected[id]) delete answers[id];
    }
  };
  const isValid = Object.keys(errors).length === 0;
  if (isValid) withSharedTime(readLaterScreens);
  // Nothing is connected yet. With the answers to later screens, the form may be complete without it.
  const states = winkStates(form, { smileUserId: null }, [], []);
  const skipping = reached === undefined && isValid ? evaluateForm(form, { ...answers, ...states }, language, now) : undefined; // prettier-ignore
  const ending = reached ?? skipping?.ending;
  // A draft has a person's token, and others behind the same address may post the same. So each of its posts is a new one.
  const unrepeatable = ending === undefined ? newId(now) : '';
  // They come from the address, and may be all that differs between two people.
  const hidden = fieldsOf(form).flatMap((field) => (typeOf(field).unseen ? [values[field.id] ?? null] : []));
  const key = createHmac('sha256', services.keys[0])
    .update(JSON.stringify([sender, version, language, params, entries, hidden, hashes, unrepeatable]))
    .digest('hex');
  const withinMs = SITE_LIMITS['mark' in sender ? 'formPostRepeatMs' : 'unmarkedPostRepeatMs'].value;
  const attempt = { scope: `native:${form.slug}`, key, body: null, now, withinMs };
  const locksForm = readsOtherSubmissions(services, form.slug) ? form.slug : undefined;
  // A retry gets the first result, whatever the limits say now, and its files are not written again.
  const earlier = locksForm !== undefined || incoming.length ? await replay(services.db, attempt) : undefined;
  const availability = earlier ? 'open' : await availabilityNow(services, form.slug);
  const mayPost =
    availability === 'open' || (availability === 'grace' && (await wasOpen(services, form.slug, version)));
  if (!mayPost) return { kind: 'not_open', availability };
  const early = form.endings.find(({ id }) => id === ending)?.outcome === 'disqualified';
  const withErrors = (found: Record<string, string>) => ({ kind: 'errors' as const, ...withFilesAgain(form, values, found, answers, language) }); // prettier-ignore
  const isUnknown = page !== undefined && hasUnknown(form, entries, files);
  if (isUnknown && page === 'newer') return { kind: 'newer' };
  // The next post comes from the page in the current version, so this is said once.
  if (isUnknown) return { ...withErrors(errors), notice: wordings[language].server.questionsGone };
  if (!isValid) return withErrors(errors);
  // Only a complete form is compared, so that each try of a free answer leaves a submission.
  if (!earlier && !early && ending && formLimitsOf(services, form.slug)?.one_per !== undefined) {
    beforeComparing?.();
    const conflict = await findConflict(services, services.db, form, '', skipping?.answers ?? passedAnswers, language);
    // The same post may have been stored since, as after a double click.
    if (conflict && !(await replay(services.db, attempt))) return { ...withErrors(conflict.fields), isTaken: true };
  }
  if (JSON.stringify(answers).length > SITE_LIMITS.answersCharacters.value) return { kind: 'too_large' };

  const newSubmissionId = newId(now);
  const stored = { incoming: earlier ? [] : incoming, answers, locksForm };
  const { id, result } = await storeOnce(services, attempt, newSubmissionId, stored, async (trx, chosen) => {
    // The current version decides, as in a start.
    const suspicion = startReasons(trapOf(entries), !services.catalog.current(form.slug)?.form.proof_of_work);
    const draft = {
      id: newSubmissionId,
      form: form.slug,
      version,
      language,
      link: link?.link.id,
      params,
      suspicion,
      answers,
      now,
    };
    const submission = await createAnswered(trx, draft);
    const started = {
      language,
      device,
      native: true,
      ...(link && { link: link.link.id }),
      ...(suspicion.length && { suspicion }),
    };
    await recordServerEvent(trx, submission, 'started', started, now);
    for (const { id: file, field, name, type, size, sha256 } of chosen) {
      await addFile(trx, { id: file, submissionId: submission.id, field, name, type, size, sha256 }, now);
    }
    const next = reached ? { ending: reached } : { screen: path.at(-1) ?? '' };
    await recordServerEvent(trx, submission, 'answersSaved', { fields: Object.keys(answers), path, next }, now);
    return completeSubmission(services, trx, { submission, form });
  });
  if (result?.removedFiles) await removeBytes(services, result.removedFiles);
  const outcome = result?.outcome ?? (await submit(services, { id }));
  if (outcome.ok) return { kind: 'stored', id };
  const { code, fields = {} } = outcome.error;
  // Another submission took the last place or the same answer meanwhile.
  if (code === 'form_full') return { kind: 'not_open', availability: 'full' };
  if (code === 'form_closed') return { kind: 'not_open', availability: 'closed' };
  if (code === 'invalid_answers') return { ...withErrors(fields), isTaken: true };
  return { kind: 'stored', id };
}

/** Whether a post has an answer to a question that `form` does not have. */
function hasUnknown(form: Form, entries: [string, string][], files: PostedFile[]): boolean {
  const known = new Set([...fieldsOf(form).map(({ id }) => id), PAGE_VERSION, TRAP]);
  const answered = entries.filter(([, value]) => value.trim()).map(([name]) => name.split('.', 1)[0] ?? '');
  return [...answered, ...files.map(({ field }) => field)].some((name) => !known.has(name));
}

/** The values of the fields of `form` in a post. */
export function valuesOf(
  form: Form,
  language: Language,
  entries: [string, string][],
  query: Record<string, string>,
  filesOf: (field: string) => string[] | undefined,
): Answers {
  const values: Answers = {};
  // A large form has a thousand fields and ten thousand entries. Each field reads only its own.
  const entriesOf = Object.groupBy(entries, ([name]) => name.split('.', 1)[0] ?? '');
  for (const field of fieldsOf(form)) {
    const { kind, unseen } = typeOf(field);
    // The address fills in fields that people do not see. With JavaScript the page does it.
    const filled = unseen && linksCanFill(field) ? query[field.id] : undefined;
    const value =
      kind === 'files' ? filesOf(field.id) : (filled ?? answerIn(field, language, entriesOf[field.id] ?? []));
    if (value === undefined) continue;
    values[field.id] = value;
    const choice = field.follows === undefined ? undefined : fieldCalled(form, field.follows);
    if (choice) values[choice.id] = withOther(values[choice.id], typeOf(choice).kind === 'list');
  }
  return values;
}
