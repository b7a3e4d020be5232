/** Tries the stored submissions of a form with a version that is not published yet. Stores nothing. */
import { rehearsalInWords, type Rehearsal } from '../../form/changes/rehearsal.ts';
import { languageOf, type Form } from '../../form/schema.ts';
import { sensitiveFields } from '../../form/inspect/sensitive.ts';
import { listAccounts } from '../../record/accounts/accounts.ts';
import { listEvents } from '../../record/event-queries.ts';
import { listSubmissions } from '../../record/submissions/submission-list.ts';
import type { Submission } from '../../record/submissions/submissions.ts';
import { sealedFields } from '../../record/versions.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import type { Services } from '../services.ts';
import { WINK_EVENTS, winkStates } from '../smile/wink-state.ts';
import { hasExpired } from '../../record/submissions/lifetime.ts';
import { lostAnswers, rehearse, type Attempt } from './rehearse.ts';

type RehearsalServices = Pick<Services, 'db' | 'now'>;

/** How many of the submitted submissions are tried. */
const MAX_SENT = 200;

/** How many are read at once. */
const PAGE = 25;

/**
 * Tries the drafts that people can still finish, and the last 200 submitted submissions. Quarantined and deleted ones
 * are left out. `SITE_LIMITS.rehearsedDrafts` bounds the drafts.
 * @param before the published version, also for submissions that were started on an older one
 * @param after the version to publish
 */
export async function rehearseForm(services: RehearsalServices, before: Form, after: Form): Promise<Rehearsal> {
  const now = services.now();
  const forms = { before, after };
  const count = createCount();
  const maxDrafts = SITE_LIMITS.rehearsedDrafts.value;
  for await (const draft of newest(services, before.slug, 'draft', maxDrafts + 1)) {
    // Newest first: all that follow have expired too.
    if (hasExpired(draft.createdAt, now)) break;
    if (count.rehearsal.tried.drafts === maxDrafts) count.rehearsal.hasMoreDrafts = true;
    else await tryOne(services, draft, forms, now, count);
  }
  for await (const sent of newest(services, before.slug, 'submitted', MAX_SENT)) {
    await tryOne(services, sent, forms, new Date(sent.submittedAt ?? now), count);
  }
  return count.rehearsal;
}

/** The result of `rehearseForm` in sentences. None for a form that was never published. */
export const describeRehearsal = async (
  services: RehearsalServices,
  before: Form | undefined,
  after: Form,
): Promise<string[]> => (before ? rehearsalInWords(await rehearseForm(services, before, after), before, after) : []);

async function* newest(
  { db }: RehearsalServices,
  form: string,
  status: 'draft' | 'submitted',
  max: number,
): AsyncGenerator<Submission> {
  let cursor: string | undefined;
  for (let left = max; left > 0; left -= PAGE) {
    const { items, nextCursor } = await listSubmissions(db, { form, status, limit: Math.min(PAGE, left), cursor });
    for (const item of items) {
      yield item;
      // Requests of other people are answered in between. To try one of a large form takes some 20 ms.
      await new Promise((turn) => setImmediate(turn));
    }
    if (nextCursor === null) return;
    cursor = nextCursor;
  }
}

interface Forms {
  before: Form;
  after: Form;
}

async function tryOne(
  services: RehearsalServices,
  submission: Submission,
  { before, after }: Forms,
  at: Date,
  count: Count,
) {
  if (Object.keys(submission.unreadable).length) return count.addUnreadable();
  const [was, is] = await withStates(services, submission, before, after);
  const kind = submission.submittedAt === null ? 'drafts' : 'sent';
  const sealed = await sealedFields(services.db, submission.form, submission.version);
  const sensitive = new Set([...sealed, ...sensitiveFields(before), ...sensitiveFields(after)]);
  const language = languageOf(before, submission.language) ?? before.languages[0];
  count.add(kind, rehearse(was, is, language, at, submission.ending), lostAnswers(was, after, sensitive));
}

/** The answers with the states of the Wink screens of each version. */
async function withStates({ db }: RehearsalServices, submission: Submission, ...forms: [Form, Form]) {
  const isConnecting = forms.some(({ screens }) => screens.some(({ wink }) => wink));
  const accounts = isConnecting ? await listAccounts(db, submission.id) : [];
  const events = isConnecting ? await listEvents(db, submission, WINK_EVENTS) : [];
  const attempt = (form: Form): Attempt => ({
    form,
    answers: { ...submission.answers, ...winkStates(form, submission, accounts, events) },
  });
  return [attempt(forms[0]), attempt(forms[1])] as const;
}

type Count = ReturnType<typeof createCount>;
type Kind = 'drafts' | 'sent';

function createCount() {
  const none = () => ({ drafts: 0, sent: 0 });
  const rehearsal: Rehearsal = {
    tried: none(), hasMoreDrafts: false, unreadable: 0, ends: [], asked: [], breaks: none(), lost: [],
  }; // prettier-ignore
  /** Adds one to the entry of `list` that has the same `key`. */
  function addTo<K extends object>(list: (K & Record<Kind, number>)[], key: K, kind: Kind): void {
    const names = Object.keys(key) as (keyof K)[];
    let entry = list.find((one) => Object.keys(one).length === names.length + 2 && names.every((name) => one[name] === key[name])); // prettier-ignore
    if (!entry) list.push((entry = { ...key, ...none() }));
    entry[kind]++;
  }
  return {
    rehearsal,
    addUnreadable: () => void rehearsal.unreadable++,
    add(kind: Kind, result: ReturnType<typeof rehearse>, lost: ReturnType<typeof lostAnswers>): void {
      rehearsal.tried[kind]++;
      if (result.kind === 'ends') addTo(rehearsal.ends, { ending: result.ending }, kind);
      if (result.kind === 'asked') for (const stop of result.stops) addTo(rehearsal.asked, stop, kind);
      if (result.kind === 'breaks') rehearsal.breaks[kind]++;
      for (const one of lost) addTo(rehearsal.lost, one, kind);
    },
  };
}
