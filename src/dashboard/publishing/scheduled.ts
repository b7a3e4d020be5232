/** The text of a form that is published at a time, as its pages show it. */
import { findDraftState } from '../../record/forms/drafts.ts';
import { findScheduled } from '../../record/forms/scheduled-publications.ts';
import type { DashboardContext } from '../context.ts';
import { memberName } from '../display/member-name.ts';

/** A text that is published at a time. */
export type ScheduledView = {
  at: string;
  by: string;
  /** The note for the team; empty without one. */
  note: string;
  /** Why it was not published. */
  problem: string | undefined;
  /** Whether the draft has this text too. Undefined where the form has no draft. */
  isDraft: boolean | undefined;
  /** The number of the version that is live, to compare it with. Undefined for a form that is new. */
  live: number | undefined;
};

export async function scheduledView(c: DashboardContext, slug: string): Promise<ScheduledView | undefined> {
  const { db } = c.var.options;
  const found = await findScheduled(db, slug);
  if (!found) return undefined;
  const [by, { draft, latest }] = await Promise.all([memberName(c, found.memberId), findDraftState(db, slug)]);
  const { at, text, note, problem } = found;
  return { at, by, note, problem, isDraft: draft && draft.text === text, live: latest?.number };
}
