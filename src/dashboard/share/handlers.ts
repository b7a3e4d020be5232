/** Sharing a form: its link, campaign links, a series of links, QR codes and posters. */
import { NOT_UTF8, textOfCsv } from '../../invite/people.ts';
import { formatCount } from '../../form/format-count.ts';
import { embedSchema } from '../../form/settings/links.ts';
import { readWebsite } from '../../form/settings/website.ts';
import { findDraft, saveDraft } from '../../record/forms/drafts.ts';
import { formState } from '../../record/forms/form-states.ts';
import { changeLink, checkNewLinks, makeLinks, type LinkContext, type NewLink } from '../../links/make-links.ts';
import { isPlace } from '../../links/places.ts';
import { memberOf, param, siteAddress, type DashboardContext } from '../context.ts';
import type { Form } from '../../form/schema.ts';
import { errorPage, noForm, notFound, page, redirect } from '../http/page.ts';
import { MAX_SERIES_BYTES, readPostedLink, readSeries } from './posted-link.ts';
import { qrColor, qrPng, qrSvg } from './qr-codes.ts';
import { linkPageView, settingsOf, timezoneOf, zoneNote } from './links-view.ts';
import { posterView } from './poster.ts';
import { embedView, shareView, type SeriesPreview } from './view.ts';

const LINKS_STAY = 'Its link may have changed. Campaign links from before stay under the old link.';

const NO_LINK = { title: 'There is no such link', text: 'The links of a form are listed under Share.' };

const UNPUBLISHED = {
  status: 409,
  title: 'The form is not published',
  text: 'No link was made. Publish the form first, so that links have something to lead to.',
};

const TOO_MANY = {
  status: 422,
  title: 'This form has too many links',
  text: 'No link was made. Make further links for another form.',
};

const TOO_LONG = `The file is too large. Split it: one file can have ${Math.floor(MAX_SERIES_BYTES / 1_000)} kB.`;

const linksIn = (c: DashboardContext): LinkContext => {
  const { db, catalog, links } = c.var.options;
  return { db, catalog, links, now: c.var.now };
};

export async function showShare(c: DashboardContext): Promise<Response> {
  const view = await shareView(c, param(c, 'slug'));
  return view ? page(c, 'share', view) : notFound(c, noForm(LINKS_STAY));
}

export async function createLink(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  const { form: posted } = c.var.posted;
  const { input, place } = readPostedLink(posted);
  const made = await makeLinks(linksIn(c), slug, [{ input, place }], { memberId: memberOf(c).id });
  if (made.status === 'made') return redirect(c, `/admin/forms/${slug}/links/${made.links[0]?.link.id}?done=made`);
  if (made.status !== 'invalid') return errorPage(c, made.status === 'too many' ? TOO_MANY : UNPUBLISHED);
  const view = await shareView(c, slug, { problems: made.problems, entered: Object.fromEntries(posted) });
  return view ? page(c, 'share', view, 422) : notFound(c, noForm(LINKS_STAY));
}

/** A file is shown first, and its links are made when it is sent again from there. */
export async function createSeries(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  const { form: posted, file } = c.var.posted;
  const form = c.var.options.catalog.current(slug)?.form;
  if (!form) return errorPage(c, UNPUBLISHED);
  const csv = file?.length ? textOfCsv(file) : (posted.get('csv') ?? '');
  const place = posted.get('place') ?? '';
  const show = async (series: SeriesPreview, status: number) => {
    const view = await shareView(c, slug, { series });
    return view ? page(c, 'share', view, status) : notFound(c, noForm(LINKS_STAY));
  };
  if (file && file.length > MAX_SERIES_BYTES) return show({ csv: '', place, problem: TOO_LONG, rows: [] }, 422);
  if (csv === undefined)
    return show({ csv: '', place, problem: NOT_UTF8, rows: [] }, 422); // prettier-ignore
  const read = readSeries(form, csv, isPlace(place) ? place : '');
  if ('problem' in read) return show({ csv: '', place, problem: read.problem, rows: [] }, 422);
  const preview = previewOf(linksIn(c), form, read.links);
  const hasProblems = preview.some(({ problems }) => problems.length > 0);
  if (posted.get('confirm') !== 'yes' || hasProblems)
    return show({ csv: hasProblems ? '' : csv, place, rows: preview }, hasProblems ? 422 : 200);
  const made = await makeLinks(linksIn(c), slug, read.links, { memberId: memberOf(c).id });
  if (made.status === 'made') return redirect(c, `/admin/forms/${slug}/share?made=${made.links.length}`);
  if (made.status !== 'invalid') return errorPage(c, made.status === 'too many' ? TOO_MANY : UNPUBLISHED);
  return show({ csv: '', place, rows: previewOf(linksIn(c), form, read.links) }, 422);
}

function previewOf(context: LinkContext, form: Form, inputs: NewLink[]): SeriesPreview['rows'] {
  const { links, problems } = checkNewLinks(context, form.slug, inputs);
  const byRow = Map.groupBy(problems, ({ row }) => row);
  const linkOf = new Map(links.map(({ row, link }) => [row, link]));
  return inputs.map(({ input }, row) => {
    const values = Object.entries((input.params ?? {}) as Record<string, string>).map(([id, value]) => `${id}: ${value}`); // prettier-ignore
    const end = input.closes && `until ${String(input.closes)}${zoneNote(String(input.closes), timezoneOf(form))}`;
    return {
      id: linkOf.get(row)?.id ?? '',
      name: String(input.name ?? ''),
      values: [...values, input.language, end, input.max && formatCount(Number(input.max), 'person', 'people')].filter(Boolean).join(', '), // prettier-ignore
      problems: (byRow.get(row) ?? []).map((problem) => problem.message),
    };
  });
}

export async function showCampaignLink(c: DashboardContext): Promise<Response> {
  const view = await linkPageView(c, param(c, 'slug'), param(c, 'link'));
  return view ? page(c, 'shareLink', view) : notFound(c, NO_LINK);
}

export async function editLink(c: DashboardContext): Promise<Response> {
  const [slug, id] = [param(c, 'slug'), param(c, 'link')];
  const { form: posted } = c.var.posted;
  const { input, place } = readPostedLink(posted, true);
  const { links } = c.var.options;
  // Another server may have changed it.
  await links.refresh();
  const site = links.find(id);
  const again = async (problems: { row: number; field: string; message: string }[], status: number) => {
    const view = await linkPageView(c, slug, id, { problems, entered: Object.fromEntries(posted) });
    return view ? page(c, 'shareLink', view, status) : notFound(c, NO_LINK);
  };
  const shown = posted.get('settings');
  if (site && shown !== null && shown !== settingsOf(site))
    return again([{ row: 0, field: '', message: CHANGED }], 409);
  // The campaign stays while the place does: a program may have set another one.
  const { utm, ...others } = input;
  const changed = await changeLink(linksIn(c), slug, id, { input: place === site?.place ? others : { ...others, utm: utm ?? null }, place }); // prettier-ignore
  if (changed.status === 'changed') return redirect(c, `/admin/forms/${slug}/links/${id}?done=changed`);
  if (changed.status === 'no link') return notFound(c, NO_LINK);
  return again(changed.status === 'invalid' ? changed.problems : [{ row: 0, field: 'name', message: IN_TEXT }], 422);
}

const CHANGED =
  'The link was changed in the meantime. Your values are below. If you save them, they replace the others.';

const IN_TEXT = 'This link is in the text of the form. Change it under Edit, in “Text”.';

export async function closeLink(c: DashboardContext): Promise<Response> {
  const [slug, id] = [param(c, 'slug'), param(c, 'link')];
  const isClosed = c.var.posted.form.get('state') === 'closed';
  const changed = await changeLink(linksIn(c), slug, id, { isClosed });
  if (changed.status === 'no link') return notFound(c, NO_LINK);
  if (changed.status !== 'changed') return errorPage(c, { status: 409, title: 'The link was not changed', text: changed.status === 'in text' ? IN_TEXT : 'Check its values first.' }); // prettier-ignore
  return redirect(c, `/admin/forms/${slug}/links/${id}?done=${isClosed ? 'closed' : 'opened'}`);
}

const QR_TYPES = { svg: 'image/svg+xml; charset=utf-8', png: 'image/png' } as const;

/** The QR code of a link, or of the form itself. */
const downloadQrAs =
  (type: keyof typeof QR_TYPES) =>
  (c: DashboardContext): Response | Promise<Response> => {
    const [slug, id] = [param(c, 'slug'), c.req.param('link')];
    const { links, catalog } = c.var.options;
    const current = catalog.current(slug);
    const site = id === undefined ? undefined : links.find(id);
    if (!current || current.removed || (id !== undefined && site?.form !== slug)) return notFound(c, id === undefined ? noForm(LINKS_STAY) : NO_LINK); // prettier-ignore
    const address = `${siteAddress(c)}/${id === undefined ? slug : `go/${id}`}`;
    const color = qrColor(current.form.brand?.color);
    return new Response(type === 'svg' ? qrSvg(address, color) : new Uint8Array(qrPng(address, color)), {
      headers: { 'content-type': QR_TYPES[type], 'content-disposition': `attachment; filename="${id ?? slug}-qr.${type}"` }, // prettier-ignore
    });
  };

export const downloadQrSvg = downloadQrAs('svg');
export const downloadQrPng = downloadQrAs('png');

export async function showPoster(c: DashboardContext): Promise<Response> {
  const view = posterView(c, param(c, 'slug'), c.req.param('link'));
  return view ? page(c, 'poster', view) : notFound(c, NO_LINK);
}

/** Adds or removes a website that may show the form, in the draft. It takes effect when the form is published. */
export async function changeWebsites(c: DashboardContext): Promise<Response> {
  const slug = param(c, 'slug');
  const { db, publisher } = c.var.options;
  const posted = c.var.posted.form;
  const [draft, state] = await Promise.all([findDraft(db, slug), formState(db, slug)]);
  if (!state) return notFound(c, noForm(LINKS_STAY));
  if (!draft) return errorPage(c, { status: 409, title: 'This form is managed in a file', text: 'Nothing was changed. Select “Edit here instead” under Settings first. Or ask the person who keeps the file.', link: { path: `/admin/forms/${slug}/settings`, text: 'Open its settings' } }); // prettier-ignore
  const before = await publisher.websitesIn(draft.text);
  if (!before) return errorPage(c, UNREADABLE);
  const [added, removed] = [posted.get('add'), posted.get('remove')];
  const read = added ? readWebsite(added) : undefined;
  const refuse = async (problem: string) => {
    const view = await shareView(c, slug, { website: { entered: added ?? '', problem } });
    return view ? page(c, 'share', view, 422) : notFound(c, noForm(LINKS_STAY));
  };
  if (read && 'problem' in read) return refuse(read.problem);
  const answerDone = () => redirect(c, `/admin/forms/${slug}/share?website=${read ? 'added' : 'removed'}#t-website`);
  // A member may have clicked twice, or another one has removed it.
  if (!read && !before.some((one) => one === removed)) return answerDone();
  const after = [...before.filter((one) => one !== removed && one !== read?.website), ...(read ? [read.website] : [])];
  if (after.length && !embedSchema.safeParse({ allow: after }).success) return refuse(TOO_MANY_WEBSITES);
  const change = after.length ? ({ do: 'set', value: { allow: after } } as const) : ({ do: 'remove' } as const);
  const edited = await publisher.edit(draft.text, [[['embed'], change]]);
  if (!edited?.ok) return errorPage(c, UNREADABLE);
  const { form, title, revision } = draft;
  const saved = await saveDraft(db, { form, text: edited.text, title, memberId: memberOf(c).id }, revision, c.var.now);
  if (!saved.saved) return errorPage(c, { status: 409, title: 'Someone changed the form in the meantime', text: 'Nothing was changed. Open Share again.', link: { path: `/admin/forms/${slug}/share`, text: 'Open Share' } }); // prettier-ignore
  return answerDone();
}

const TOO_MANY_WEBSITES = 'A form can have no further website. Remove one that you no longer need.';

const UNREADABLE = { status: 409, title: 'The text of the form could not be changed', text: 'Open it under Edit, and write the websites under embed.' }; // prettier-ignore

/** The form as another website shows it, with the settings that the website needs. */
export async function showTry(c: DashboardContext): Promise<Response> {
  const mode = ['popup', 'side'].find((one) => one === c.req.query('mode')) ?? 'inline';
  const slug = param(c, 'slug');
  const current = c.var.options.catalog.current(slug);
  if (!current) return notFound(c, noForm(LINKS_STAY));
  return page(c, 'tryEmbed', { ...embedView(c, current.form), mode, isAllowed: current.form.embed !== undefined });
}
