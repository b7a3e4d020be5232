/** The connection to Smile: its state, its webhook, and work that has failed. */
import { memberOf, param, type DashboardContext } from '../context.ts';
import { errorPage, notFound, page, redirect } from '../http/page.ts';
import { safeNext } from '../http/safe-next.ts';
import { findJobForm, retryJob } from './failed-jobs.ts';
import { smilePageView } from './view.ts';

const SMILE = '/admin/settings/smile';

async function smilePage(c: DashboardContext, done?: string): Promise<Response> {
  const { smile } = c.var.options;
  return smile ? page(c, 'smile', await smilePageView(c, smile, done)) : notFound(c);
}

export const showSmile = (c: DashboardContext): Promise<Response> => smilePage(c);

export async function connectSmile(c: DashboardContext): Promise<Response> {
  const { smile, log, outgoing = true } = c.var.options;
  // From a page that was open before. It would mark the webhook of the real site as replaced.
  if (!outgoing) return smilePage(c, 'Nothing is sent to Smile now, because OUTGOING is off.');
  log?.info({ member: memberOf(c).id }, 'At Smile: register');
  const fault = await smile?.register();
  return smilePage(c, fault ?? 'Smile sends updates to this site now.');
}

export async function replaySmile(c: DashboardContext): Promise<Response> {
  const { smile, log } = c.var.options;
  log?.info({ member: memberOf(c).id }, 'At Smile: replay');
  const { events, changed } = (await smile?.replay()) ?? { events: 0, changed: 0 };
  return smilePage(c, `${plural(events, 'update was', 'updates were')} checked. ${plural(changed, 'account has', 'accounts have')} changed.`); // prettier-ignore
}

const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

/** The form of the person of a failed job. Null for a job without a person. */
export const formOfJob = (c: DashboardContext): Promise<string | null | undefined> =>
  findJobForm(c.var.options.db, param(c, 'job'));

export async function retryFailedJob(c: DashboardContext): Promise<Response> {
  const { options, now, origin, posted } = c.var;
  const retried = await retryJob(options.db, param(c, 'job'), now);
  if (retried) return redirect(c, safeNext(posted.form.get('next'), origin) ?? SMILE);
  return errorPage(c, { status: 404, title: 'There is nothing to try again', text: 'It is done already, or it is not needed any more.' }); // prettier-ignore
}
