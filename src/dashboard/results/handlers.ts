/** Results of a form: the page, and the same numbers as a file. */
import { createHash } from 'node:crypto';
import { memberOf, param, type DashboardContext } from '../context.ts';
import { noForm, notFound, page, tooManyAtOnce } from '../http/page.ts';
import { resultsCsv } from './csv.ts';
import { utcDay } from './filters.ts';
import { createResultTurns } from './turns.ts';
import { resultsView } from './view.ts';

const inTurn = createResultTurns();

const bounded = (handler: (c: DashboardContext) => Promise<Response>) => (c: DashboardContext) =>
  inTurn(memberOf(c).id, () => handler(c)) ?? tooManyAtOnce(c);

/** The open page asks again every few seconds. Nothing is rendered where nothing has changed. */
export const showResults = bounded(async (c) => {
  const view = await resultsView(c, param(c, 'slug'));
  if (!view) return notFound(c, noForm());
  const etag = `"${createHash('sha256').update(JSON.stringify(view)).digest('base64url')}"`;
  if (c.req.header('if-none-match') === etag) return new Response(null, { status: 304, headers: { etag } });
  const response = await page(c, 'results', view);
  response.headers.set('etag', etag);
  return response;
});

export const downloadResults = bounded(async (c) => {
  const slug = param(c, 'slug');
  const view = await resultsView(c, slug);
  if (!view) return notFound(c, noForm());
  const name = `${slug}-results-${view.isComplete ? '' : 'incomplete-'}${utcDay(c.var.now)}.csv`;
  const headers = {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
  };
  return new Response(resultsCsv(view), { headers });
});
