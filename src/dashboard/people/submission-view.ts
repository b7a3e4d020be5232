/** One submission with all its data. */
import type { Answer } from '../../form/runtime/condition.ts';
import { sizeInWords } from '../../form/fields/files/files.ts';
import { MEDIA_TYPES } from '../../form/fields/files/media-types.ts';
import type { Form } from '../../form/schema.ts';
import { sensitiveFields } from '../../form/inspect/sensitive.ts';
import { listAccounts, type Account } from '../../record/accounts/accounts.ts';
import { listArchives } from '../../record/accounts/archives.ts';
import type { Database } from '../../record/db/database.ts';
import { latestEvents } from '../../record/event-queries.ts';
import { StoreFault } from '../../record/db/fault.ts';
import { listFiles, type StoredFile } from '../../record/files/files.ts';
import { formatReference } from '../../record/ids.ts';
import { listLinked } from '../../record/accounts/account-data.ts';
import { listJobs } from '../../record/jobs/jobs.ts';
import { enqueueProviderNames, providerNames } from '../../record/accounts/providers.ts';
import { findSubmission, type Submission } from '../../record/submissions/submissions.ts';
import { findShownVersion } from '../../record/forms/shown-version.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { documentViews, type DocumentView } from './documents.ts';
import { isPicture } from './file.ts';
import { expiryOf, linkedViews, matchViews, type DataExpiry, type LinkedView, type MatchView } from './linked.ts';
import { personOf, type PersonLabel } from '../display/person.ts';
import { accountNames, providerOf, summarizeAccounts } from './timeline/event-analysis.ts';
import { answerInWords, titlesOf, type Title, type Titles } from '../display/titles.ts';
import { payloadText } from './timeline/event-payload.ts';
import { timeline, type Line } from './timeline/timeline.ts';
import { failedJobsOf, type FailedJob } from '../smile-connection/failed-jobs.ts';

/** `note`: why the labels are ids. */
type AnswerGroup = { title: string; note?: string; answers: AnswerView[] };

/** `redacted`: sensitive, so `text` and `files` are empty. `files` say more than the text. */
export type AnswerView = { id: string; label: string; text: string; redacted: boolean; files: FileView[] };

export type FileView = { id: string; name: string; about: string; picture: boolean };

export type SubmissionView = {
  submission: Submission;
  person: PersonLabel;
  /** The name of the campaign link that the person came by. */
  link: string | undefined;
  /** In the form that people read out. */
  reference: string | undefined;
  /** `called`: the provider, and the number of the account if there are several. */
  accounts: (Account & { called: string; screenTitle: string; expiry: DataExpiry | undefined })[];
  /** Whether the form asks for work accounts. */
  linking: boolean;
  linked: LinkedView[];
  documents: DocumentView[];
  match: MatchView[];
  failedJobs: FailedJob[];
  groups: AnswerGroup[];
  /** The number of stored files, with those of private answers. */
  files: number;
  lines: Line[];
  /** The number of events without a line. */
  leftOut: number;
  /** The email of the member who deleted the data, or "API". Absent if the retention time has ended. */
  erasedBy: string | undefined;
  /** The result of the accounts, in a line. */
  story: string | undefined;
};

/**
 * The submission `id` of the form `slug`. Undefined if there is none, or if it belongs to another form.
 * @param revealed the sensitive fields that a member has revealed
 * @param nameOfLink the name of the campaign link with an id
 */
export async function submissionView(
  db: Database,
  slug: string,
  id: string,
  now: Date,
  revealed: ReadonlySet<string> = new Set(),
  nameOfLink: Title = (link) => link,
): Promise<SubmissionView | undefined> {
  const submission = await findSubmission(db, id);
  if (submission?.form !== slug) return undefined;
  const [form, accounts, { events, leftOut }, files, linked, jobs, archives] = await Promise.all([
    findShownVersion(db, slug, submission.version),
    listAccounts(db, id),
    latestEvents(db, submission, SITE_LIMITS.eventsInTimeline.value),
    listFiles(db, id),
    listLinked(db, id),
    listJobs(db, id),
    listArchives(db, id),
  ]);
  const providers = [...accounts.map(({ providerId }) => providerId), ...events.flatMap((event) => providerOf(event) ?? [])]; // prettier-ignore
  const titles = titlesOf(form, submission, await providerNames(db, providers), nameOfLink);
  // The next view has them. An error of the store does not stop this view.
  await enqueueProviderNames(db, providers, now).catch((error: unknown) => {
    if (!(error instanceof StoreFault)) throw error;
  });
  const named = accountNames(events);
  const called = ({ accountId, providerId }: Account) => [titles.provider(providerId), named(accountId)].filter(Boolean).join(', '); // prettier-ignore
  return {
    submission,
    person: personOf(form, submission),
    link: submission.link ? nameOfLink(submission.link) : undefined,
    reference: submission.reference ? formatReference(submission.reference) : undefined,
    accounts: accounts.map((account) => ({
      ...account,
      called: called(account),
      screenTitle: titles.screen(account.screen),
      expiry: expiryOf(account, form, linked, now),
    })),
    linking: form?.screens.some(({ wink }) => wink) ?? true,
    linked: linkedViews(accounts, linked, called),
    documents: documentViews(archives, titles.screen),
    match: matchViews(form, submission, linked, titles.field, now.toISOString().slice(0, 10), revealed),
    failedJobs: failedJobsOf(jobs),
    groups: answerGroups(form, submission, files, titles, revealed),
    files: files.length,
    lines: timeline(events, titles),
    leftOut,
    erasedBy: payloadText(events.findLast(({ name }) => name === 'erased')?.data, 'by'),
    story: summarizeAccounts(events, titles.provider),
  };
}

/**
 * All answers by screen, in the form's first language, also of screens that the journey no longer reaches. Answers without
 * a field in the form come last, under their ids.
 */
function answerGroups(
  form: Form | undefined,
  { answers, unreadable }: Pick<Submission, 'answers' | 'unreadable'>,
  files: StoredFile[],
  titles: Titles,
  revealed: ReadonlySet<string>,
): AnswerGroup[] {
  const language = form?.languages[0] ?? 'en';
  const sensitive = form ? sensitiveFields(form) : new Set<string>();
  // The browser unpacks each picture on the page.
  const pictures = files.filter(({ type }) => isPicture(type)).slice(0, SITE_LIMITS.shownPicturesPerPage.value);
  const screens = (form?.screens ?? []).map((screen) => ({
    title: titles.screen(screen.id),
    answers: screen.fields.flatMap((field): AnswerView[] => {
      const { id } = field;
      const label = titles.field(id);
      const answer = answers[id];
      const fault = unreadable[id];
      const own = files.filter((file) => file.field === id).map((file) => fileView(file, pictures.includes(file)));
      const view = { id, label, text: '', redacted: false, files: [] };
      if (fault !== undefined) return [{ ...view, text: `This cannot be opened. ${fault}` }];
      if (answer === undefined && !own.length) return [];
      if (sensitive.has(id) && !revealed.has(id)) return [{ ...view, redacted: true }];
      const text = answer === undefined ? '' : answerInWords(field, answer, language);
      return [{ ...view, text, files: own }];
    }),
  }));
  const known = new Set((form?.screens ?? []).flatMap((screen) => screen.fields.map(({ id }) => id)));
  const others = Object.entries(answers).filter(([id]) => !known.has(id));
  const rest = {
    title: 'Other answers',
    note: 'Flipsite no longer has the questions of these answers, so it shows their ids.',
    answers: others.map(([id, answer]) => ({ id, label: id, text: asText(answer), redacted: false, files: [] })),
  };
  return [...screens, rest].filter((group) => group.answers.length > 0);
}

const fileView = ({ id, name, type, size }: StoredFile, picture: boolean): FileView => ({
  id,
  name,
  about: `${MEDIA_TYPES[type]?.name ?? type}, ${sizeInWords(size, 'en')}`,
  picture,
});

const asText = (answer: Answer): string =>
  typeof answer === 'object' ? Object.values(answer).join(', ') : String(answer);

/**
 * The data that a deletion removes with a submission, as lines with numbers.
 * @param invited the address of the invitation that it was started with
 */
export function contentOf(view: SubmissionView, messages: number, invited: string | undefined): string[] {
  const { submission, accounts, linked, documents, groups, files, lines, leftOut } = view;
  const answers = groups.flatMap((group) => group.answers);
  const params = Object.keys(submission.params).length;
  return [
    answers.length && plural(answers.length, 'answer'),
    files && plural(files, 'file'),
    params && `${plural(params, 'value')} from the link they came by`,
    accounts.length && `${plural(accounts.length, 'work account')} with all data read from ${accounts.length === 1 ? 'it' : 'them'}. Smile is asked to disconnect and forget ${accounts.length === 1 ? 'it' : 'them'}`, // prettier-ignore
    linked.length && !accounts.length && 'data read from work accounts',
    documents.length && plural(documents.length, 'document given to Smile', 'documents given to Smile'),
    messages && `the record of ${plural(messages, 'email or webhook', 'emails and webhooks')}`,
    invited && `the invitation to ${invited}`,
    `the timeline with ${plural(lines.length + leftOut, 'entry', 'entries')}`,
  ].filter((line) => typeof line === 'string');
}

const plural = (value: number, one: string, many = `${one}s`): string =>
  `${value.toLocaleString('en-GB')} ${value === 1 ? one : many}`;
