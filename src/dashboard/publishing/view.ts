/** The data of the pages that publish a form and list its versions. */
import type { EditorFault } from '../../contract/editor.ts';
import { AREAS, type Area, type Change } from '../../form/changes/changes.ts';
import type { TextReading } from '../../form/edit/reading.ts';
import { findDraftState } from '../../record/forms/drafts.ts';
import { type FormAct, listFormActs } from '../../record/forms/form-acts.ts';
import { countOpenComments } from '../../record/forms/form-comments.ts';
import { formState } from '../../record/forms/form-states.ts';
import { textHash } from '../../record/forms/form-text.ts';
import { fieldsOf } from '../../form/schema.ts';
import { latestPublication, listPublications, publicationText, type Publication } from '../../record/forms/publications.ts'; // prettier-ignore
import { findVersion } from '../../record/versions.ts';
import { type DashboardContext, mayHere } from '../context.ts';
import { memberName } from '../display/member-name.ts';
import { numberIn } from '../display/version-number.ts';
import { faultsOf } from '../editing/faults.ts';
import { readingFor } from '../editing/reading.ts';
import { formHead, type FormHead } from '../forms/head.ts';
import { emailOffFor, type EmailOff } from './email-off.ts';
import type { ScheduleFault } from './schedule.ts';
import { type ScheduledView, scheduledView } from './scheduled.ts';

export type PublishView = FormHead & {
  faults: EditorFault[];
  /** Parts that may be mistakes. The form can still be published. */
  doubts: EditorFault[];
  /** See `readingFor`. */
  reading: TextReading | undefined;
  revision: number;
  /** The hash of the text that is published now; null for a form that is new. */
  replaces: string | null;
  /** The changes by area. */
  changes: { title: string; sentences: { text: string; loses: boolean }[] }[];
  /**
   * The fate of the stored submissions in the new version, in sentences; empty for a form that is new. Undefined for a
   * member who may not see the answers of people.
   */
  rehearsal: string[] | undefined;
  /** The number of the old version that is published again. */
  restores: number | undefined;
  /** Whether the draft has changes, which an old version would replace. */
  wouldLoseDraft: boolean;
  /** The version that is live. Undefined for a form that is new. */
  live: { number: number; at: string } | undefined;
  /** Whether the text is the one that is live. */
  isLiveText: boolean;
  /** The number of open comments of colleagues. */
  comments: number;
  /** Absent on the page of an old version. */
  scheduled: ScheduledView | undefined;
  /** The values of the controls: those that the member has sent, or the first ones. */
  entered: { note: string; at: string; zone: string; understood: boolean };
  /** Whether the page begins with the time zone of the browser. */
  guessesZone: boolean;
  emailOff: EmailOff | undefined;
  problem: string | undefined;
  /** The input of the time that `problem` is about. */
  scheduleFault: ScheduleFault | undefined;
};

export type HistoryView = FormHead & {
  /** Absent on the pages of older versions. */
  scheduled: ScheduledView | undefined;
  /** Acts on the form that publish nothing, the newest first. */
  acts: { act: FormAct; by: string; at: string }[];
  /** `changes`: from the version before it. Empty where Flipsite does not compare them. */
  versions: { number: number; at: string; by: string; note: string; isLive: boolean; changes: string[] }[];
  /** The number to list older ones from. */
  older: number | undefined;
};

/** The text that a publish page is about: the draft, or an old version. */
export async function textToPublish(c: DashboardContext, slug: string, restores: number | undefined) {
  const { db } = c.var.options;
  const { draft, latest, isChanged } = await findDraftState(db, slug);
  const text = restores === undefined ? draft?.text : await publicationText(db, slug, restores);
  if (text === undefined) return undefined;
  const live = latest && { number: latest.number, at: latest.publishedAt };
  return { text, revision: draft?.revision ?? 0, replaces: latest?.textHash ?? null, live, isChanged };
}

export async function publishView(
  c: DashboardContext,
  slug: string,
  { restores, problem, scheduleFault, entered }: Pick<PublishView, 'restores' | 'problem'> & Partial<Pick<PublishView, 'entered' | 'scheduleFault'>>, // prettier-ignore
): Promise<PublishView | undefined> {
  const [head, wanted] = [await formHead(c, slug), await textToPublish(c, slug, restores)];
  if (!head || !wanted) return undefined;
  const { db } = c.var.options;
  const tried = await c.var.options.publisher.tryPublish({ slug, ...wanted });
  const faults = tried.status === 'invalid' ? faultsOf({ ok: false, faults: tried.faults }) : [];
  const doubts = tried.status === 'valid' ? faultsOf({ ok: true, ...tried }) : [];
  const isLiveText = textHash(wanted.text) === wanted.replaces;
  const wouldLoseDraft = restores !== undefined && wanted.isChanged && !isLiveText;
  const timezone = tried.status === 'valid' ? tried.form.limits?.timezone : undefined;
  const changes = tried.status === 'valid' ? tried.changes : [];
  return {
    ...head,
    faults,
    doubts,
    reading: await readingFor(c, [...faults, ...doubts], wanted.text),
    revision: wanted.revision,
    replaces: wanted.replaces,
    // The texts of an old version belong together, also where one of them is as in the live version.
    changes: byArea(restores === undefined ? changes : changes.filter(({ area }) => area !== 'translations')),
    // The rules of a draft can ask about answers, and the page would say whom they fit.
    rehearsal: !mayHere(c, 'revealAnswers', slug) ? undefined : tried.status === 'valid' ? await c.var.options.rehearse(tried.before, tried.form) : [], // prettier-ignore
    restores,
    wouldLoseDraft,
    live: wanted.live,
    isLiveText,
    comments: await countOpenComments(db, slug),
    scheduled: await scheduledView(c, slug),
    entered: entered ?? {
      note: restores === undefined ? '' : `Version ${restores} again`,
      at: '',
      zone: timezone ?? 'UTC',
      understood: false,
    },
    guessesZone: !entered && !timezone,
    emailOff: tried.status === 'valid' ? emailOffFor(c, tried.form) : undefined,
    problem: problem ?? (wouldLoseDraft ? CHANGED_DRAFT : undefined),
    scheduleFault,
  };
}

/** Restoring puts the old text into the draft too. */
export const CHANGED_DRAFT = 'The draft has changes, which would be lost. Publish or discard them first.';

const PAGE = 50;
/** Comparing more versions, or larger forms, would make the history slow. The page of two versions compares any. */
const MAX_COMPARED = 10;
const MAX_COMPARED_FIELDS = 200;
const ACTS_SHOWN = 20;

export async function historyView(c: DashboardContext, slug: string): Promise<HistoryView | undefined> {
  const { db } = c.var.options;
  const head = await formHead(c, slug);
  if (!head) return undefined;
  const before = numberIn(c.req.query('before'));
  const found = await listPublications(db, slug, { limit: PAGE + 1, ...(before && { before }) });
  const [managedIn, latest] = [(await formState(db, slug))?.managedIn, await latestPublication(db, slug)];
  const acts = before ? [] : await listFormActs(db, slug, ACTS_SHOWN);
  const members = [...new Set([...found, ...acts].map(({ memberId }) => memberId))];
  const names = new Map(await Promise.all(members.map(async (id) => [id, await memberName(c, id)] as const)));
  const changes = await changesOf(c, slug, found.slice(0, MAX_COMPARED + 1));
  const versions = found.slice(0, PAGE).map(({ number, publishedAt, memberId, note }, at) => ({
    number,
    at: publishedAt,
    by: names.get(memberId) ?? '',
    note,
    isLive: managedIn === 'dashboard' && number === latest?.number,
    changes: changes[at] ?? [],
  }));
  const shownActs = acts.map(({ act, memberId, at }) => ({ act, at, by: names.get(memberId) ?? '' }));
  return {
    ...head,
    scheduled: before ? undefined : await scheduledView(c, slug),
    acts: shownActs,
    versions,
    older: found.length > PAGE ? versions.at(-1)?.number : undefined,
  };
}

/** The changes of each publication but the last one, from the one after it in the list. */
async function changesOf(c: DashboardContext, slug: string, publications: Publication[]): Promise<string[][]> {
  const { db, publisher } = c.var.options;
  const forms = await Promise.all(publications.map(({ version }) => findVersion(db, slug, version)));
  const found: string[][] = [];
  // One after another, so that the changes of other members do not wait for all of them.
  for (const [at, form] of forms.slice(0, -1).entries()) {
    const before = forms[at + 1];
    const isCompared = form && before && fieldsOf(form).length <= MAX_COMPARED_FIELDS;
    const changes = isCompared ? await publisher.compare(before, form) : undefined;
    found.push((changes ?? []).filter(({ area }) => !ADVICE.includes(area)).map(({ sentence }) => sentence));
  }
  return found;
}

/** Areas that matter only before a version is published. */
const ADVICE: readonly Area[] = ['translations', 'started'];

export function byArea(changes: Change[]): PublishView['changes'] {
  const areas = Map.groupBy(changes, ({ area }) => area);
  return [...areas].map(([area, found]) => ({
    title: AREAS[area],
    sentences: found.map(({ sentence, loses = false }) => ({ text: sentence, loses })),
  }));
}
