/** The data of a form's list of people. */
import { mayHere, type DashboardContext } from '../context.ts';
import { allVersions } from '../../record/versions.ts';
import { sensitiveIn } from './sensitive.ts';
import { readFilters, submissionRows, type SubmissionFilters, type SubmissionRow } from './submissions.ts';

/** `mayExportSensitive`: whether there is a second CSV file, with sensitive answers, for this member. */
export type SubmissionsView = {
  filters: SubmissionFilters;
  rows: SubmissionRow[];
  older: string | undefined;
  searchedBack: string | null;
  mayExportSensitive: boolean;
};

/** One page of the list, by the filters in the address. */
export async function listSubmissionsOf(c: DashboardContext, slug: string): Promise<SubmissionsView> {
  const { db } = c.var.options;
  const filters = readFilters(new URL(c.req.url).searchParams);
  const hasSensitive = sensitiveIn((await allVersions(db, slug)).values()).size > 0;
  return {
    filters,
    ...(await submissionRows(db, slug, filters)),
    mayExportSensitive: hasSensitive && mayHere(c, 'revealAnswers', slug),
  };
}
