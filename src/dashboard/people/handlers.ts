/** People who have filled in a form: one person's page, files, and everything that a member can do there. */
import { findSubmission } from '../../record/submissions/submissions.ts';
import { mayHere, memberOf, param, type DashboardContext } from '../context.ts';
import { pathOfPerson } from '../display/person.ts';
import { forbid, errorPage, noForm, notFound, page, redirect } from '../http/page.ts';
import { stillMay } from '../sign-in/session.ts';
import { boundSearches } from './bound-searches.ts';
import { downloadCsv } from './csv/download.ts';
import { exportPersonalData } from './data-export.ts';
import { dashboardFileResponse } from './file.ts';
import { isSensitiveFile, revealAnswers } from './sensitive.ts';
import { allPeopleView } from './all-people.ts';
import { readFilters } from './submission-rows.ts';
import { submissionPageView } from './view.ts';

const FORM_FULL = { status: 409, title: 'The form is full', text: 'Nothing was changed, because the form has as many submissions as it accepts. To count this one, increase “Largest number of submissions” in the editor and publish, or delete another submission.' }; // prettier-ignore

const NO_PERSON = { title: 'There is no such person', text: 'This form has no person at this address.' };
const NOT_DOWNLOADED = 'Nothing was downloaded.';

const idsIn = (c: DashboardContext) => ({ slug: param(c, 'slug'), id: param(c, 'submission') });

const pageOf = ({ slug, id }: { slug: string; id: string }): string => pathOfPerson(slug, id);

export const showPeople = boundSearches('q', async (c) => page(c, 'people', await allPeopleView(c)));

/** A person's page had this address before. */
export function showFormerPersonPage(c: DashboardContext): Response {
  const { slug, id } = idsIn(c);
  return redirect(c, pathOfPerson(slug, id) + new URL(c.req.url).search);
}

export const showSubmission = boundSearches('delete', async (c) => {
  const { slug, id } = idsIn(c);
  const view = await submissionPageView(c, slug, id);
  return view ? page(c, 'submission', view) : notFound(c, NO_PERSON);
});

export async function showFile(c: DashboardContext): Promise<Response> {
  const { db, files } = c.var.options;
  const { slug, id } = idsIn(c);
  const file = param(c, 'file');
  if (!mayHere(c, 'revealAnswers', slug) && (await isSensitiveFile(db, slug, id, file))) {
    return forbid(c, 'revealAnswers', slug);
  }
  const response = await dashboardFileResponse(db, files, slug, id, file, {
    member: memberOf(c),
    now: c.var.now,
    preview: c.req.query('preview') !== undefined,
  });
  return response ?? notFound(c, { title: 'There is no such file', text: 'It may have been deleted.' });
}

/** The page of a submission with some of its answers revealed. Loading it again hides them again. */
export async function reveal(c: DashboardContext): Promise<Response> {
  const { slug, id } = idsIn(c);
  const { options, now, posted } = c.var;
  const revealed = await revealAnswers(options.db, slug, id, posted.form.getAll('field'), memberOf(c), now);
  const view = revealed.size > 0 ? await submissionPageView(c, slug, id, revealed) : undefined;
  return view ? page(c, 'submission', view) : redirect(c, pageOf({ slug, id }));
}

export async function decideSpam(c: DashboardContext): Promise<Response> {
  const { slug, id } = idsIn(c);
  const verdict = c.var.posted.form.get('verdict');
  if (verdict !== 'spam' && verdict !== 'fine') {
    return errorPage(c, { status: 400, title: 'Nothing was changed', text: 'Choose “This is spam” or “Not spam”.' });
  }
  const outcome = await c.var.options.decideSpam(slug, id, verdict, memberOf(c));
  if (outcome === 'missing') return notFound(c, NO_PERSON);
  if (outcome === 'full') return errorPage(c, { ...FORM_FULL, link: { path: pageOf({ slug, id }), text: 'Back to this person' } }); // prettier-ignore
  return redirect(c, `${pageOf({ slug, id })}?done=${verdict}`);
}

export async function downloadPersonalData(c: DashboardContext): Promise<Response> {
  const { db, files } = c.var.options;
  const request = { ...idsIn(c), member: memberOf(c), now: c.var.now };
  return (await exportPersonalData(db, files, request)) ?? notFound(c, NO_PERSON);
}

export async function erasePerson(c: DashboardContext): Promise<Response> {
  const { slug, id } = idsIn(c);
  const { db, erase } = c.var.options;
  if ((await findSubmission(db, id))?.form === slug) await erase(id, memberOf(c));
  return redirect(c, pageOf({ slug, id }));
}

/** The filters of the list, whose newest people are counted first. */
async function csvFilters(c: DashboardContext) {
  const { q, status, people } = readFilters(new URL(c.req.url).searchParams, c.var.now);
  const isIncomplete = people !== undefined && !(await c.var.options.results.countWaiting());
  return { filters: { status, search: q, people }, isIncomplete };
}

export async function downloadRedacted(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  const response = await downloadCsv(c.var.options.db, slug, c.var.now, {
    ...(await csvFilters(c)),
    mayRead: stillMay(c, 'seePeople', slug),
  });
  return response ?? notFound(c, noForm(NOT_DOWNLOADED));
}

export async function downloadSensitive(c: DashboardContext): Promise<Response> {
  const { db, log } = c.var.options;
  const slug = param(c, 'slug');
  const member = memberOf(c);
  const response = await downloadCsv(db, slug, c.var.now, {
    ...(await csvFilters(c)),
    mayRead: stillMay(c, 'revealAnswers', slug),
    revealed: member,
  });
  if (response) log?.info({ member: member.id, form: slug }, 'Downloaded with sensitive answers');
  return response ?? notFound(c, noForm(NOT_DOWNLOADED));
}
