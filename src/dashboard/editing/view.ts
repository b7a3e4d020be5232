/** The data of the pages that change a form: its text, publishing, history and settings. */
import type { EditorFault, EditorComment } from '../../contract/editor.ts';
import { AREAS, type Change } from '../../form/changes/changes.ts';
import type { Path } from '../../form/edit/edit.ts';
import type { TextReading } from '../../form/edit/reading.ts';
import { isMapValue, valueIn } from '../../form/edit/value.ts';
import type { FormFault } from '../../form/faults/faults.ts';
import type { Parsed } from '../../form/parse.ts';
import type { Imported } from '../../form/import/import.ts';
import { describePrivacy, type PrivacySection } from '../../form/inspect/privacy.ts';
import { templates } from '../../form/templates/templates.ts';
import { localize } from '../../form/runtime/text.ts';
import { emailOf } from '../../members/members.ts';
import { findDraft, findDraftState, type FormDraft } from '../../record/forms/drafts.ts';
import {
  findPublication,
  latestPublication,
  listPublications,
  publicationText,
} from '../../record/forms/publications.ts';
import { listFormComments } from '../../record/forms/form-comments.ts';
import { findScheduled } from '../../record/forms/scheduled-publications.ts';
import { textHash } from '../../record/forms/form-text.ts';
import { FORM_ACTS, listFormActs, type FormAct } from '../../record/forms/form-acts.ts';
import { formState, type ManagedIn, type FormState } from '../../record/forms/form-states.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { framePath } from '../preview/view.ts';
import { mayHere, siteAddress, type DashboardContext } from '../context.ts';
import { formSummaries } from '../forms/forms.ts';
import { copyPageOf, formHead, type FormHead } from '../forms/head.ts';
import { EMPTY_FORM, MAX_TITLE, newFormChanges } from './new-form.ts';
import { readingFor } from './reading.ts';
import type { ScheduleFault } from './schedule.ts';

export type EditorView = FormHead & {
  managedIn: ManagedIn;
  /** The name of its file, where files own the form. */
  file: string;
  text: string;
  /** The revision of the draft that `text` was made from; 0 without a draft. */
  revision: number;
  faults: EditorFault[];
  /** The part to open first. */
  part: Path | undefined;
  /** Open comments of colleagues. */
  comments: EditorComment[];
  /** Whether the draft has another text than the published one. */
  isChanged: boolean;
  savedAt: string | undefined;
  savedBy: string | undefined;
  isPublished: boolean;
  /** The number of a version that a program published after the draft was saved. */
  newer: number | undefined;
  /** The version that was just published. `before`: the number of the one that it replaced */
  published: { number: number; by: string; at: string; before: number | undefined } | undefined;
  scheduled: ScheduledView | undefined;
  /** The path of the preview in the editor. Absent on a site without previews. */
  preview: string | undefined;
  /** The newer draft of another member, when `text` could not be saved. */
  otherDraft: { text: string; by: string; at: string } | undefined;
};

/** A start of a new form: a template, or a form that the member may edit. */
export type FormStart = { kind: 'template' | 'copy'; value: string; title: string; description?: string };

export type NewFormView = {
  site: string;
  starts: FormStart[];
  entered: { title: string; slug: string; start: string; text: string };
  /** Sentences by the name of the field. */
  problems: { title?: string; slug?: string; text?: string };
};

/** The report about a form that was imported. */
export type ImportedView = {
  slug: string;
  title: string;
  /** "Imported from SurveyJS. 12 questions were carried over. 2 questions were left out." */
  head: string;
  leftOut: string[];
};

/**
 * The personal data that the draft stores, or the published form without a draft. Without sections, the draft has
 * errors.
 */
export type PrivacyView = FormHead & { sections: PrivacySection[] };

/** A text that is published at a time. */
export type ScheduledView = {
  at: string;
  by: string;
  /** Why it was not published. */
  problem: string | undefined;
  /** Whether the draft has this text too. Undefined where the form has no draft. */
  isDraft: boolean | undefined;
  /** The number of the version that is live, to compare it with. Undefined for a form that is new. */
  live: number | undefined;
};

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
  /** The fate of the stored submissions in the new version, in sentences; empty for a form that is new. */
  /** Undefined for a member who may not see the answers of people. */
  rehearsal: string[] | undefined;
  /** The number of the old version that is published again. */
  restores: number | undefined;
  /** The number of the version that is live. Undefined for a form that is new. */
  live: number | undefined;
  /** Whether the text is the one that is live. */
  isLiveText: boolean;
  /** Absent on the page of an old version. */
  scheduled: ScheduledView | undefined;
  /** The values of the controls: those that the member has sent, or the first ones. */
  entered: { note: string; at: string; zone: string; understood: boolean };
  /** Whether the page begins with the time zone of the browser. */
  guessesZone: boolean;
  problem: string | undefined;
  /** The input of the time that `problem` is about. */
  scheduleFault: ScheduleFault | undefined;
};

export type HistoryView = FormHead & {
  /** Acts on the form that publish nothing, the newest first. */
  acts: { act: FormAct; by: string; at: string }[];
  versions: { number: number; at: string; by: string; note: string; isLive: boolean }[];
  /** The number to list older ones from. */
  older: number | undefined;
};

/** `open`: as far as its own limits allow. */
export type FormAvailability = 'none' | 'open' | 'closed' | 'archived';

export type FormSettingsView = FormHead & {
  managedIn: ManagedIn;
  file: string;
  /** Whether there is such a file, also if it is not used. */
  hasFile: boolean;
  /** Whether the form has a draft with changes that are not published. */
  isChanged: boolean;
  isPublished: boolean;
  /** Whether people can fill it in. `none`: nothing was ever published. */
  availability: FormAvailability;
  /** See `copyPageOf`. */
  copyPage: string | undefined;
  /** The act that was just done. */
  done: FormAct | undefined;
  /** Whether the form was just handed back to files. */
  isHandedBack: boolean;
  problem: string | undefined;
};

/** The number of a version as it is in addresses. */
export const numberIn = (text: string | null | undefined): number | undefined =>
  /^[1-9]\d{0,8}$/.test(text ?? '') ? Number(text) : undefined;

/** The path of a part as it is in addresses: `screens.0.fields.2`. The empty path is that of the form itself. */
const partIn = (text: string | undefined): Path | undefined =>
  text?.split('.').filter(Boolean).map((key) => (/^\d{1,9}$/.test(key) ? Number(key) : key)); // prettier-ignore

const fileOf = (slug: string): string => `forms/${slug}.yaml`;

const faultsIn = async (c: DashboardContext, slug: string, text: string): Promise<EditorFault[]> => {
  const parsed = await c.var.options.publisher.check(slug, text);
  return faultsOf(parsed);
};

/** The faults of a checked text, as the editor shows them. A text without faults can have doubts. */
export const faultsOf = (parsed: Parsed): EditorFault[] =>
  parsed.ok ? parsed.doubts.map((doubt) => ({ ...asShown(doubt), isDoubt: true })) : parsed.faults.map(asShown);

const asShown = ({ line, column, message, remedy }: FormFault): EditorFault => ({ line, column, message, remedy });

/**
 * The editor of a form.
 * @param unsaved the text that could not be saved, because another member saved `otherDraft` meanwhile
 */
export async function editorView(
  c: DashboardContext,
  slug: string,
  unsaved?: { text: string; otherDraft: FormDraft },
): Promise<EditorView | undefined> {
  const { db, publisher } = c.var.options;
  const head = await formHead(c, slug);
  const state = await formState(db, slug);
  if (!head || !state) return undefined;
  const { draft, latest, isChanged } = await findDraftState(db, slug);
  const own = state.managedIn === 'files' ? (await publisher.source(slug))?.text : draft?.text;
  const text = unsaved?.text ?? own ?? '';
  const [faults, savedBy, otherBy] = await Promise.all([
    faultsIn(c, slug, text),
    memberName(c, draft?.memberId),
    memberName(c, unsaved?.otherDraft.memberId),
  ]);
  return {
    ...head,
    managedIn: state.managedIn,
    file: fileOf(slug),
    text,
    revision: draft?.revision ?? 0,
    faults,
    part: partIn(c.req.query('part')),
    comments: await openComments(c, slug),
    isChanged,
    savedAt: draft?.updatedAt,
    savedBy,
    published: await publishedView(c, slug, numberIn(c.req.query('published'))),
    isPublished: latest !== undefined,
    newer: isChanged && draft && latest && latest.publishedAt > draft.updatedAt ? latest.number : undefined,
    scheduled: await scheduledView(c, slug),
    preview: await framePath(c, slug),
    otherDraft: unsaved && { text: unsaved.otherDraft.text, by: otherBy, at: unsaved.otherDraft.updatedAt },
  };
}

async function openComments(c: DashboardContext, slug: string): Promise<EditorComment[]> {
  const comments = await listFormComments(c.var.options.db, slug, SITE_LIMITS.formComments.value);
  return comments
    .filter(({ isDone, kind }) => !isDone && kind === 'comment')
    .map(({ id, name, text, createdAt, screen, field }) => ({ id, name, text, createdAt, screen, field }));
}

async function scheduledView(c: DashboardContext, slug: string): Promise<ScheduledView | undefined> {
  const { db } = c.var.options;
  const found = await findScheduled(db, slug);
  if (!found) return undefined;
  const [by, { draft, latest }] = await Promise.all([memberName(c, found.memberId), findDraftState(db, slug)]);
  const { at, text, problem } = found;
  return { at, by, problem, isDraft: draft && draft.text === text, live: latest?.number };
}

async function publishedView(c: DashboardContext, slug: string, number = 0): Promise<EditorView['published']> {
  const publication = number > 0 ? await findPublication(c.var.options.db, slug, number) : undefined;
  if (!publication) return undefined;
  const { memberId, publishedAt: at } = publication;
  return { number, by: await memberName(c, memberId), at, before: number > 1 ? number - 1 : undefined };
}

/** The page for a new form. A member may copy each form that they may edit. */
export async function newFormView(
  c: DashboardContext,
  entered: NewFormView['entered'],
  problems: NewFormView['problems'] = {},
): Promise<NewFormView> {
  const forms = await formSummaries(c.var.options.db, c.var.now, c.var.options.examples);
  const copies = forms
    // An archived form is copied from its own pages only, so that old forms do not fill this list.
    .filter(({ slug, state, hasText }) => hasText && (state !== 'archived' || entered.start === `copy:${slug}`))
    .filter(({ slug }) => mayHere(c, 'editForms', slug))
    .map(({ slug, title }): FormStart => ({ kind: 'copy', value: `copy:${slug}`, title, description: `/${slug}` }));
  const fromTemplates = templates.map(({ name, title, description }): FormStart => ({
    kind: 'template',
    value: `template:${name}`,
    title,
    description,
  }));
  return { site: siteAddress(c), starts: [...fromTemplates, ...copies], entered, problems };
}

const NO_START = 'The text to start from has errors in its YAML, or is too large. Fix it there, or start from another one.'; // prettier-ignore

/** The text of a new form, with a report where another program wrote it; or why there is none. */
export async function textOfStart(
  c: DashboardContext,
  { start, title, text }: NewFormView['entered'],
): Promise<Imported> {
  const { publisher } = c.var.options;
  if (start === 'text') return publisher.importForm(text, title || 'New form');
  const source = await textToCopy(c, start);
  if (source === undefined) return { ok: false, message: NO_START };
  const edited = await publisher.edit(source, newFormChanges(source, title, start.startsWith('template:')));
  return edited?.ok
    ? { ok: true, kind: 'flipsite', text: edited.text, report: undefined }
    : { ok: false, message: NO_START };
}

async function textToCopy(c: DashboardContext, start: string): Promise<string | undefined> {
  const template = templates.find(({ name }) => start === `template:${name}`);
  const slug = /^copy:(.+)$/.exec(start)?.[1];
  if (slug === undefined || !mayHere(c, 'editForms', slug)) return template?.text() ?? EMPTY_FORM;
  const { db, publisher } = c.var.options;
  const draft = (await formState(db, slug))?.managedIn === 'dashboard' ? await findDraft(db, slug) : undefined;
  return draft?.text ?? (await publisher.source(slug))?.text;
}

/** The member as others know them: the email, or a word for one who has left, and for a program. */
export async function memberName(c: DashboardContext, memberId: string | undefined): Promise<string> {
  if (memberId === undefined) return 'a program';
  if (memberId === c.var.member?.id) return 'you';
  return (await emailOf(c.var.options.db, memberId)) ?? 'a former member';
}

const PAGE = 50;
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
  const versions = found.slice(0, PAGE).map(({ number, publishedAt, memberId, note }) => ({
    number,
    at: publishedAt,
    by: names.get(memberId) ?? '',
    note,
    isLive: managedIn === 'dashboard' && number === latest?.number,
  }));
  const shownActs = acts.map(({ act, memberId, at }) => ({ act, at, by: names.get(memberId) ?? '' }));
  return { ...head, acts: shownActs, versions, older: found.length > PAGE ? versions.at(-1)?.number : undefined };
}

export async function privacyView(c: DashboardContext, slug: string): Promise<PrivacyView | undefined> {
  const { db, publisher, catalog } = c.var.options;
  const [head, draft] = await Promise.all([formHead(c, slug), findDraft(db, slug)]);
  if (!head) return undefined;
  const parsed = draft && (await publisher.check(slug, draft.text));
  const form = parsed?.ok ? parsed.form : draft ? undefined : catalog.current(slug)?.form;
  return { ...head, sections: form ? describePrivacy(form, SITE_LIMITS.unsentDraftDays.value, false) : [] };
}

export async function settingsView(
  c: DashboardContext,
  slug: string,
  outcome: Pick<FormSettingsView, 'isHandedBack' | 'problem'>,
): Promise<FormSettingsView | undefined> {
  const { db } = c.var.options;
  const [head, state] = [await formHead(c, slug), await formState(db, slug)];
  if (!head || !state) return undefined;
  const { latest, isChanged } = await findDraftState(db, slug);
  return {
    ...head,
    managedIn: state.managedIn,
    file: fileOf(slug),
    hasFile: c.var.options.publisher.hasFile(slug),
    isChanged: state.managedIn === 'dashboard' && isChanged,
    isPublished: latest !== undefined,
    availability: formAvailabilityOf(state),
    copyPage: copyPageOf(c, head.form),
    done: FORM_ACTS.find((act) => act === c.req.query('done')),
    ...outcome,
  };
}

const formAvailabilityOf = ({ version, removedAt, closedAt, archivedAt }: FormState): FormAvailability =>
  version === undefined || removedAt !== null ? 'none' : archivedAt !== null ? 'archived' : closedAt !== null ? 'closed' : 'open'; // prettier-ignore

/** The text that a publish page is about: the draft, or an old version. */
export async function textToPublish(c: DashboardContext, slug: string, restores: number | undefined) {
  const { db } = c.var.options;
  const { draft, latest, isChanged } = await findDraftState(db, slug);
  const text = restores === undefined ? draft?.text : await publicationText(db, slug, restores);
  if (text === undefined) return undefined;
  return { text, revision: draft?.revision ?? 0, replaces: latest?.textHash ?? null, live: latest?.number, isChanged }; // prettier-ignore
}

export async function publishView(
  c: DashboardContext,
  slug: string,
  { restores, problem, scheduleFault, entered }: Pick<PublishView, 'restores' | 'problem'> & Partial<Pick<PublishView, 'entered' | 'scheduleFault'>>, // prettier-ignore
): Promise<PublishView | undefined> {
  const [head, wanted] = [await formHead(c, slug), await textToPublish(c, slug, restores)];
  if (!head || !wanted) return undefined;
  const tried = await c.var.options.publisher.tryPublish({ slug, ...wanted });
  const faults = tried.status === 'invalid' ? tried.faults.map(asShown) : [];
  const doubts = tried.status === 'valid' ? await faultsIn(c, slug, wanted.text) : [];
  const timezone = tried.status === 'valid' ? tried.form.limits?.timezone : undefined;
  return {
    ...head,
    faults,
    doubts,
    reading: await readingFor(c, [...faults, ...doubts], wanted.text),
    revision: wanted.revision,
    replaces: wanted.replaces,
    changes: tried.status === 'valid' ? byArea(tried.changes) : [],
    // The rules of a draft can ask about answers, and the page would say whom they fit.
    rehearsal: !mayHere(c, 'revealAnswers', slug) ? undefined : tried.status === 'valid' ? await c.var.options.rehearse(tried.before, tried.form) : [], // prettier-ignore
    restores,
    live: wanted.live,
    isLiveText: textHash(wanted.text) === wanted.replaces,
    scheduled: await scheduledView(c, slug),
    entered: entered ?? { note: '', at: '', zone: timezone ?? 'UTC', understood: false },
    guessesZone: !entered && !timezone,
    problem: problem ?? (restores !== undefined && wanted.isChanged ? CHANGED_DRAFT : undefined),
    scheduleFault,
  };
}

/** Restoring puts the old text into the draft too. */
export const CHANGED_DRAFT = 'The draft has changes, which would be lost. Publish or discard them first.';

export function byArea(changes: Change[]): PublishView['changes'] {
  const areas = Map.groupBy(changes, ({ area }) => area);
  return [...areas].map(([area, found]) => ({
    title: AREAS[area],
    sentences: found.map(({ sentence, loses = false }) => ({ text: sentence, loses })),
  }));
}

/**
 * The title of a text for lists: its own where it can be read, and the former one otherwise. A text with errors, or whose
 * check took too long, mostly has a title too.
 */
export async function formTitleIn(c: DashboardContext, slug: string, text: string, former: string): Promise<string> {
  const { publisher } = c.var.options;
  const parsed = await publisher.check(slug, text);
  if (parsed.ok) return draftTitle(parsed, former);
  const title = valueIn((await publisher.read(text))?.data ?? null, ['title']);
  const words = isMapValue(title) ? Object.values(title) : [title];
  return (
    words
      .find((one) => typeof one === 'string')
      ?.trim()
      .slice(0, MAX_TITLE) || former
  );
}

export const draftTitle = (parsed: Parsed, former: string): string =>
  parsed.ok ? localize(parsed.form.title, parsed.form.languages[0]) : former;
