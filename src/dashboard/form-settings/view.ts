/** The data of the settings of a form, and of the list of all that it stores. */
import { availabilityOf } from '../../form/settings/limits.ts';
import { describePrivacy, type PrivacySection } from '../../form/inspect/privacy.ts';
import { findDraft, findDraftState } from '../../record/forms/drafts.ts';
import { FORM_ACTS, type FormAct } from '../../record/forms/form-acts.ts';
import { formState, type FormState, type ManagedIn } from '../../record/forms/form-states.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import type { DashboardContext } from '../context.ts';
import { fileOf } from '../editing/managed-in-files.ts';
import { copyPageOf, formHead, type FormHead } from '../forms/head.ts';

/**
 * The personal data that the draft stores, or the published form without a draft. Without sections, the draft has
 * errors.
 */
export type PrivacyView = FormHead & { sections: PrivacySection[] };

/** `open`: as far as its own limits allow. */
export type FormAvailability = 'none' | 'open' | 'closed' | 'archived';

export type FormSettingsView = FormHead & {
  managedIn: ManagedIn;
  /** Whether a member may delete it: it was never published, and has no file. */
  mayDelete: boolean;
  file: string;
  /** Whether there is such a file, also if it is not used. */
  hasFile: boolean;
  /** Whether the form has a draft with changes that are not published. */
  isChanged: boolean;
  isPublished: boolean;
  /** Whether people can fill it in. `none`: nothing was ever published. */
  availability: FormAvailability;
  /** Whether the closing date of the published form has passed. */
  hasPassed: boolean;
  /** Whether people who have started can no longer finish it: its closing date passed, or a member closed it, more than an hour ago. */
  isOver: boolean;
  /** See `copyPageOf`. */
  copyPage: string | undefined;
  /** The act that was just done. */
  done: FormAct | undefined;
  /** Whether the form was just handed back to files. */
  isHandedBack: boolean;
  problem: string | undefined;
};

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
  const { db, catalog } = c.var.options;
  const [head, state] = [await formHead(c, slug), await formState(db, slug)];
  if (!head || !state) return undefined;
  const { latest, isChanged } = await findDraftState(db, slug);
  const availability = formAvailabilityOf(state);
  const byLimits = availabilityOf(catalog.current(slug)?.form.limits, c.var.now, 0);
  return {
    ...head,
    managedIn: state.managedIn,
    mayDelete: !state.version && (state.managedIn === 'dashboard' || state.removedAt !== null),
    file: fileOf(slug),
    hasFile: await c.var.options.publisher.hasFile(slug),
    isChanged: state.managedIn === 'dashboard' && isChanged,
    isPublished: latest !== undefined,
    availability,
    hasPassed: byLimits === 'closed' || byLimits === 'grace',
    isOver: byLimits === 'closed',
    copyPage: copyPageOf(c, head.form),
    // The page may be loaded again after another act.
    done: FORM_ACTS.find((act) => act === c.req.query('done') && STATE_AFTER[act] === availability),
    ...outcome,
    isHandedBack: outcome.isHandedBack && state.managedIn === 'files',
  };
}

const STATE_AFTER: Record<FormAct, FormAvailability> = { close: 'closed', open: 'open', archive: 'archived' };

const formAvailabilityOf = ({ version, removedAt, closedAt, archivedAt }: FormState): FormAvailability =>
  version === undefined || removedAt !== null ? 'none' : archivedAt !== null ? 'archived' : closedAt !== null ? 'closed' : 'open'; // prettier-ignore
