/** Two versions of a form beside each other: the changes as sentences, and in the text. */
import { structuredPatch } from 'diff';
import { withoutPictures } from '../../form/settings/logo-name.ts';
import { publicationText, findPublication } from '../../record/forms/publications.ts';
import { findVersion } from '../../record/versions.ts';
import type { DashboardContext } from '../context.ts';
import { formHead, type FormHead } from '../forms/head.ts';
import { byArea, numberIn, type PublishView } from './view.ts';

export type CompareView = FormHead & {
  before: number;
  after: number;
  changes: PublishView['changes'];
  /** Undefined where there are too many differences to show. */
  difference: TextDifference | undefined;
};

/** The lines around each difference. `kind`: whether only the newer text has the line, only the older one, or both */
export type TextDifference = { from: number; lines: { kind: 'added' | 'removed' | 'both'; text: string }[] }[];

/** More differences take too long to find, and no one reads them. */
const MAX_DIFFERENCES = 3_000;
const MAX_MS = 500;

/** The versions that the query names, the older one first. Undefined where one of them does not exist. */
export async function compareView(c: DashboardContext, slug: string): Promise<CompareView | undefined> {
  const { db, publisher } = c.var.options;
  const head = await formHead(c, slug);
  const asked = [numberIn(c.req.query('from')), numberIn(c.req.query('to'))];
  const [before = 0, after = 0] = asked.map((one) => one ?? 0).toSorted((a, b) => a - b);
  const [older, newer] = await Promise.all([before, after].map((number) => versionOf(c, slug, number)));
  if (!head || !older || !newer) return undefined;
  const [from, to] = await Promise.all([older, newer].map(({ version }) => findVersion(db, slug, version)));
  const changes = to && (await publisher.compare(from, to));
  return { ...head, before, after, changes: byArea(changes ?? []), difference: differenceOf(older.text, newer.text) };
}

async function versionOf(c: DashboardContext, slug: string, number: number) {
  const { db } = c.var.options;
  const [publication, text] = await Promise.all([findPublication(db, slug, number), publicationText(db, slug, number)]);
  return publication && text !== undefined ? { version: publication.version, text } : undefined;
}

/** The differences between two texts, by line. Undefined where there are too many. */
export function differenceOf(before: string, after: string): TextDifference | undefined {
  const bounds = { context: 3, maxEditLength: MAX_DIFFERENCES, timeout: MAX_MS };
  const patch = structuredPatch('', '', before, after, '', '', bounds);
  const KINDS = { '+': 'added', '-': 'removed', ' ': 'both' } as const;
  return patch?.hunks.map(({ newStart, lines }) => ({
    from: newStart,
    lines: lines.flatMap((line) => {
      const kind = KINDS[line.charAt(0) as keyof typeof KINDS] as 'added' | 'removed' | 'both' | undefined;
      return kind ? [{ kind, text: withoutPictures(line.slice(1)) }] : [];
    }),
  }));
}
