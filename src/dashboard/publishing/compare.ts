/** Two versions of a form beside each other: the changes as sentences, and in the text. */
import type { Form } from '../../form/schema.ts';
import { findDraft } from '../../record/forms/drafts.ts';
import { publicationText, findPublication } from '../../record/forms/publications.ts';
import { findScheduled } from '../../record/forms/scheduled-publications.ts';
import { findVersion } from '../../record/versions.ts';
import type { TextDifference } from '../../publish/check/text-difference.ts';
import type { DashboardContext } from '../context.ts';
import { numberIn } from '../display/version-number.ts';
import { formHead, type FormHead } from '../forms/head.ts';
import { byArea, type PublishView } from './view.ts';

export type CompareView = FormHead & {
  before: number;
  after: number | 'draft' | 'scheduled';
  changes: PublishView['changes'];
  /** Undefined where there are too many differences to show. */
  difference: TextDifference | undefined;
};

/**
 * The changes between two versions that the query names, in its order: a version that is restored comes after the newer one.
 * `to=draft` is the draft, and `to=scheduled` the text that is published at a time. Undefined where one does not exist.
 */
export async function compareView(c: DashboardContext, slug: string): Promise<CompareView | undefined> {
  const head = await formHead(c, slug);
  const unpublished = (['draft', 'scheduled'] as const).find((name) => name === c.req.query('to'));
  const before = numberIn(c.req.query('from')) ?? 0;
  const after = unpublished ?? numberIn(c.req.query('to')) ?? 0;
  const newText = typeof after === 'number' ? versionOf(c, slug, after) : unpublishedText(c, slug, after);
  const [old, changed] = await Promise.all([versionOf(c, slug, before), newText]);
  if (!head || !old || !changed) return undefined;
  // A text with errors is compared by its lines only.
  const { publisher } = c.var.options;
  const found = (changed.form && (await publisher.compare(old.form, changed.form))) ?? [];
  // The list of translations to check is for a text that is not published yet. A restored text has its own translations.
  const changes = unpublished ? found : found.filter(({ area }) => area !== 'translations');
  return {
    ...head,
    before,
    after,
    changes: byArea(changes),
    difference: await publisher.difference(old.text, changed.text),
  };
}

type Compared = { text: string; form: Form | undefined };

async function versionOf(c: DashboardContext, slug: string, number: number): Promise<Compared | undefined> {
  const { db } = c.var.options;
  const [publication, text] = await Promise.all([findPublication(db, slug, number), publicationText(db, slug, number)]);
  if (!publication || text === undefined) return undefined;
  return { text, form: await findVersion(db, slug, publication.version) };
}

async function unpublishedText(
  c: DashboardContext,
  slug: string,
  which: 'draft' | 'scheduled',
): Promise<Compared | undefined> {
  const { db, publisher } = c.var.options;
  const found = await (which === 'draft' ? findDraft(db, slug) : findScheduled(db, slug));
  if (!found) return undefined;
  const parsed = await publisher.check(slug, found.text);
  return { text: found.text, form: parsed.ok ? parsed.form : undefined };
}
