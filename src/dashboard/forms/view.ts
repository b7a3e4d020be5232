/** The data of the pages about forms. */
import { formsWith } from '../../members/roles.ts';
import { listScheduled } from '../../record/forms/scheduled-publications.ts';
import { mayHere, memberOf, linkNamesOfSite, siteAddress, type DashboardContext } from '../context.ts';
import { listSubmissionsOf, type SubmissionsView } from '../people/form-people.ts';
import { daysBefore, filterParams, utcDay } from '../results/filters.ts';
import { addressWarning } from '../share/public-address.ts';
import { qrColor } from '../share/qr-codes.ts';
import { expiringData } from '../smile-connection/smile.ts';
import { findForm, formSummaries, type FormSummary } from './forms.ts';
import { copyPageOf, headOf, type FormHead } from './head.ts';

/**
 * @property path of the page that its title leads to: a form that was never published has only a draft to see
 * @property copyPage see `copyPageOf`
 * @property maySeePeople whether the member may see its people
 * @property scheduled the time at which a version is published. One that was not published is for members who may edit the form
 */
type ListedForm = FormSummary & {
  path: string;
  copyPage: string | undefined;
  maySeePeople: boolean;
  scheduled: { at: string; hasFailed: boolean } | undefined;
};

/** `expiring`: how many people have account data at Smile that is deleted soon and is not saved here, or `isMore` than that. */
export type FormsView = {
  own: ListedForm[];
  archived: ListedForm[];
  examples: ListedForm[];
  site: string;
  expiring: { people: number; isMore: boolean };
  /** The parameters of the last 7 days in the address of Results. */
  lastWeek: string;
  mayCreate: boolean;
  /** Present until the first form is made, for members who may make one. `isTest`: whether accounts are invented */
  welcome: { isTest: boolean } | undefined;
};

const NOTHING_EXPIRES: Awaited<ReturnType<typeof expiringData>> = { items: [], isMore: false };

/** The forms that the member may see. */
export async function formsView(c: DashboardContext): Promise<FormsView> {
  const { options, now } = c.var;
  await options.results.countWaiting();
  const allowed = formsWith(memberOf(c).grants, 'seeResults');
  const all = await formSummaries(options.db, now, options.examples);
  const nameOfLink = linkNamesOfSite(c);
  const allScheduled = await listScheduled(options.db);
  const scheduledOf = (slug: string) => {
    const found = allScheduled.get(slug);
    return found?.hasFailed && !mayHere(c, 'editForms', slug) ? undefined : found;
  };
  const forms = all
    .filter(({ slug }) => !allowed || allowed.includes(slug))
    .map((one) => ({
      ...one,
      path: `/admin/forms/${one.slug}${one.state === 'draft' && mayHere(c, 'editForms', one.slug) ? '/edit' : ''}`,
      copyPage: copyPageOf(c, one),
      scheduled: scheduledOf(one.slug),
      maySeePeople: mayHere(c, 'seePeople', one.slug),
      week: one.week?.best
        ? { ...one.week, best: { ...one.week.best, link: nameOfLink(one.week.best.link) } }
        : one.week,
    }));
  const { items, isMore } = mayHere(c, 'changeSettings', null) ? await expiringData(options.db, now) : NOTHING_EXPIRES;
  const mayCreate = mayHere(c, 'editForms', null);
  const isFirst = all.every(({ isExample }) => isExample);
  return {
    own: forms.filter(({ state }) => state !== 'example' && state !== 'archived'),
    archived: forms.filter(({ state }) => state === 'archived'),
    examples: forms.filter(({ state }) => state === 'example'),
    site: siteAddress(c),
    expiring: { people: new Set(items.map(({ submission }) => submission)).size, isMore },
    lastWeek: String(filterParams({ from: daysBefore(now, 6), to: utcDay(now) })),
    mayCreate,
    welcome: mayCreate && isFirst ? { isTest: options.smile?.local ?? false } : undefined,
  };
}

/**
 * `people`: absent for a member who may not see them. `color` is that of the QR code, and `warning` says why its address does
 * not work for other people.
 */
export type DashboardFormView = {
  form: FormSummary;
  address: FormHead['address'];
  tabs: FormHead['tabs'];
  hasMessages: boolean;
  /** Errors quote lines of the file, which can have addresses of receivers. */
  mayEdit: boolean;
  /** See `copyPageOf`. */
  copyPage: string | undefined;
  people: SubmissionsView | undefined;
  color: string;
  warning: string | undefined;
};

/** The form `slug`; undefined when there never was one. */
export async function formView(c: DashboardContext, slug: string): Promise<DashboardFormView | undefined> {
  const { options, now } = c.var;
  const found = await findForm(options.db, slug, now, options.examples);
  if (!found) return undefined;
  const { form, ...summary } = found;
  const people = mayHere(c, 'seePeople', slug) ? await listSubmissionsOf(c, slug, form) : undefined;
  return {
    ...headOf(c, found),
    hasMessages: people !== undefined && form?.notify !== undefined,
    mayEdit: mayHere(c, 'editForms', slug),
    copyPage: copyPageOf(c, summary),
    people,
    color: qrColor(form?.brand?.color),
    warning: addressWarning(siteAddress(c)),
    form: summary,
  };
}
