/**
 * The forms that previews show: the newest text of each form, or the last good one while the newest has errors other than
 * missing translations.
 */
import { partsAtLine } from '../../form/edit/outline.ts';
import type { FormFault } from '../../form/faults/faults.ts';
import type { Form } from '../../form/schema.ts';
import type { Database } from '../../record/db/database.ts';
import { findDraft, findDraftHash } from '../../record/forms/drafts.ts';
import { textHash } from '../../record/forms/form-text.ts';
import { savePreviewVersion } from '../../record/forms/test-answers.ts';
import {
  findCurrentForm,
  formState,
  formStates,
  type FormState,
  type ManagedIn,
} from '../../record/forms/form-states.ts';
import { createQueues } from '../../site-limits/counting/turns.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import type { Catalog, Published } from '../catalog.ts';
import type { Publisher } from '../publisher.ts';

export interface PreviewedForm {
  /** The form as the preview shows it. Absent while there is no text without errors. */
  shown: Pick<Published, 'form' | 'version'> | undefined;
  /** Whether it is the newest text. That can lack translations. */
  isNewest: boolean;
  /** The errors of the newest text. */
  faults: FormFault[];
  /** The question, screen or ending with the first of them, as a sentence names it. Absent if the text cannot be read. */
  faultyPart: string | undefined;
  /** The newest text, and its name. Absent where there is none. */
  text: string | undefined;
  textHash: string | undefined;
}

export interface PreviewDrafts {
  /** Reads the newest text of a form. Undefined where there is no such form. */
  readNewest(slug: string): Promise<PreviewedForm | undefined>;
  /** The form as `follow` found it last. */
  current(slug: string): PreviewedForm | undefined;
  /** Deletes all that is known of forms that were deleted since, on this server or on another one. */
  removeDeleted(): Promise<void>;
}

/** The form without parts that keep a visitor out, or that send something to other systems. */
export const withoutEffects = ({
  password: _password,
  invite: _invite,
  notify: _notify,
  limits: _limits,
  proof_of_work: _proof,
  ...form
}: Form): Form => form;

/** The store of previews, as far as drafts need it. */
export interface DraftStore {
  db: Database;
  /** Deletes the test answers of a form, and its versions. */
  remove(form: string, now: Date): Promise<void>;
}

/**
 * @param store the store of previews
 * @param db the store of the site, which has the drafts
 */
export function openPreviewDrafts({
  db,
  store,
  catalog,
  publisher,
  now,
}: {
  db: Database;
  store: DraftStore;
  catalog: Pick<Catalog, 'current'>;
  publisher: Pick<Publisher, 'source' | 'check' | 'read'>;
  now: () => Date;
}): PreviewDrafts {
  const known = new Map<string, PreviewedForm & Pick<FormState, 'instance'>>();
  /** The next read of a form gets a text that was saved meanwhile. */
  const inTurn = createQueues();

  async function newestText(slug: string, managedIn: ManagedIn): Promise<string | undefined> {
    const before = known.get(slug);
    // Each open preview asks forty times a minute, mostly for the same text.
    if (before && managedIn === 'dashboard' && before.textHash === (await findDraftHash(db, slug))) return before.text;
    const draft = managedIn === 'dashboard' ? await findDraft(db, slug) : undefined;
    return draft?.text ?? (await publisher.source(slug))?.text;
  }

  async function keep(form: Form, instance: string): Promise<NonNullable<PreviewedForm['shown']>> {
    const harmless = withoutEffects(form);
    const saving = { instance, keep: SITE_LIMITS.previewVersions.value, now: now() };
    return { form: harmless, version: await savePreviewVersion(store.db, harmless, saving) };
  }

  /** The state of the form that has this link now. All that is known of a form that had it before is deleted. */
  async function currentState(slug: string): Promise<FormState | undefined> {
    const state = await formState(db, slug);
    if (state && known.get(slug)?.instance === state.instance) return state;
    known.delete(slug);
    const kept = await formState(store.db, slug);
    if (kept && kept.instance !== state?.instance) await store.remove(slug, now());
    return state;
  }

  /** The last text without errors that this server or its store knows, or the published form. */
  async function lastGood({ slug, instance }: FormState): Promise<PreviewedForm['shown']> {
    const earlier = known.get(slug)?.shown;
    if (earlier) return earlier;
    const stored = await findCurrentForm(store.db, slug);
    if (stored?.form && stored.version) return { form: stored.form, version: stored.version };
    const published = catalog.current(slug);
    return published && keep(published.form, instance);
  }

  async function read(slug: string): Promise<PreviewedForm | undefined> {
    const state = await currentState(slug);
    if (!state) return undefined;
    const text = await newestText(slug, state.managedIn);
    const before = known.get(slug);
    if (before && before.text === text) return before;
    const parsed = text === undefined ? undefined : await publisher.check(slug, text);
    const newest = parsed?.ok ? parsed.form : parsed?.untranslated;
    const shown = newest ? await keep(newest, state.instance) : await lastGood(state);
    const hash = text === undefined ? undefined : textHash(text);
    const faults = parsed && !parsed.ok ? parsed.faults : [];
    const [first] = faults;
    const reading = first && text !== undefined ? await publisher.read(text) : undefined;
    // Behind an error in the writing of the text, the outline has no parts.
    const outline = reading?.outline.hasSyntaxError ? undefined : reading?.outline;
    const title = first && outline && partsAtLine(outline, first.line).at(-1)?.title;
    const faultyPart = outline && (title === undefined ? 'The form' : `“${title}”`);
    const found = { text, textHash: hash, shown, isNewest: newest !== undefined, faults, faultyPart };
    known.set(slug, { ...found, instance: state.instance });
    return found;
  }

  return {
    current: (slug) => known.get(slug),
    async removeDeleted() {
      const kept = await formStates(store.db);
      for (const slug of new Set([...known.keys(), ...kept.map((one) => one.slug)]))
        await inTurn(slug, () => currentState(slug));
    },
    readNewest: (slug) => inTurn(slug, () => read(slug)),
  };
}
