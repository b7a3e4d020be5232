/** Makes and changes links under Share, for the dashboard and for programs. */
import type { z } from 'zod';
import { linkFaults } from '../form/check/links.ts';
import { issueMessage, quoteValue, textOfScalar } from '../form/faults/issue-message.ts';
import { valueAt } from '../form/faults/schema-at.ts';
import { slugFrom } from '../form/id.ts';
import { linkSchema, type CampaignLink } from '../form/settings/links.ts';
import type { Form } from '../form/schema.ts';
import type { Catalog } from '../publish/catalog.ts';
import type { Database } from '../record/db/database.ts';
import { replay, runOnce, type IdempotentResult, type KeyedRequest } from '../record/idempotency.ts';
import { addLinks, countLinks, findLink, updateLink } from '../record/links/links.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { MAX_LINK_NAME, MAX_PLACE } from './places.ts';
import type { Links, SiteLink } from './registry.ts';
import { capitalize } from '../form/capitalize.ts';

const { sharedLinks } = SITE_LIMITS;

export interface LinkContext {
  db: Database;
  catalog: Catalog;
  links: Links;
  now: Date;
}

/** A link before it is checked, such as a JSON body. Without an `id`, it gets one from its name. */
export type LinkInput = { [Key in keyof CampaignLink]?: unknown };

export interface NewLink {
  input: LinkInput;
  /** Where it is published, such as `facebook`. */
  place?: string;
}

/** @property field the key of the link that is wrong, such as `closes` or `params.city`. @property row from 0, of several links */
export interface LinkProblem {
  row: number;
  field: string;
  message: string;
}

/** @property replayed whether an earlier request with the same key made them */
export type MadeLinks =
  | { status: 'made'; links: SiteLink[]; replayed: boolean }
  | { status: 'conflict' }
  | { status: 'invalid'; problems: LinkProblem[] }
  | { status: 'too many' }
  | { status: 'no form' };

/** Checks new links, and gives an id to those without. Stores nothing. @returns the links that can be read, each with its row */
export function checkNewLinks(
  { catalog, links, now }: Omit<LinkContext, 'db'>,
  slug: string,
  inputs: readonly NewLink[],
): { links: { row: number; link: CampaignLink }[]; problems: LinkProblem[] } {
  const form = catalog.current(slug)?.form;
  const problems: LinkProblem[] = [];
  const taken = new Set<string>();
  const isTaken = (id: string) => taken.has(id) || links.find(id) !== undefined;
  const freeId = findFreeIds(isTaken);
  const made = inputs.flatMap(({ input, place }, row): { row: number; link: CampaignLink }[] => {
    const id = input.id ?? freeId(slugFrom(textOfScalar(input.name ?? ''), MAX_LINK_NAME) || 'link');
    const { link, problems: wrong } = form ? readLink(form, { ...input, id }, now) : { link: undefined, problems: [] };
    problems.push(...[...wrong, ...placeProblems(place)].map((problem) => ({ row, ...problem })));
    if (!link) return [];
    if (isTaken(link.id)) problems.push({ row, field: 'id', message: `The id ${link.id} is already used. Write another one, like ${freeId(link.id)}.` }); // prettier-ignore
    taken.add(link.id);
    return [{ row, link }];
  });
  return { links: made, problems };
}

/**
 * Makes links of a published form: all, or none where one has a problem. They work at once on this server.
 * @param key the request's `Idempotency-Key`; with the same key and inputs, the links are made once
 */
export async function makeLinks(
  context: LinkContext,
  slug: string,
  inputs: readonly NewLink[],
  { memberId, key }: { memberId?: string; key?: string | undefined } = {},
): Promise<MadeLinks> {
  const { db, catalog, links, now } = context;
  const attempt: KeyedRequest = { scope: `links:${slug}`, key, body: inputs, now };
  const current = catalog.current(slug);
  if (!current || current.removed) return { status: 'no form' };
  const earlier = await replay<Stored>(db, attempt);
  if (earlier) return outcomeOf(links, earlier);
  await links.refresh();
  const checked = checkNewLinks(context, slug, inputs);
  if (checked.problems.length) return { status: 'invalid', problems: checked.problems };
  const rows = checked.links.map(({ row, link }) => ({ form: slug, link, place: inputs[row]?.place ?? '', memberId }));
  const store = async (trx: Database): Promise<Stored> => {
    const isFull = (await countLinks(trx, slug)) + rows.length > sharedLinks.value;
    return { ids: rows.map(({ link }) => link.id), taken: isFull ? [] : await addLinks(trx, rows, now), isFull };
  };
  const stored = await runOnce(db, attempt, store, { isFinal: ({ taken, isFull }) => taken.length === 0 && !isFull });
  return outcomeOf(links, stored);
}

/**
 * @property taken those of `ids` that another link got in the meantime. Then nothing is stored
 * @property isFull whether the form would have too many links. Then nothing is stored
 */
type Stored = { ids: string[]; taken: string[]; isFull: boolean };

async function outcomeOf(links: Links, stored: IdempotentResult<Stored>): Promise<MadeLinks> {
  if (stored.conflict) return { status: 'conflict' };
  const { ids, taken, isFull } = stored.response;
  if (isFull) return { status: 'too many' };
  if (taken.length) {
    const problems = taken.map((id) => ({ row: ids.indexOf(id), field: 'id', message: `The id ${id} was used by another link in the meantime.` })); // prettier-ignore
    return { status: 'invalid', problems };
  }
  await links.refresh();
  return { status: 'made', links: ids.flatMap((id) => links.find(id) ?? []), replayed: stored.replayed };
}

export type LinkChange = { input?: LinkInput; place?: string; isClosed?: boolean };

export type ChangedLink =
  | { status: 'changed'; link: SiteLink }
  | { status: 'invalid'; problems: LinkProblem[] }
  | { status: 'in text' }
  | { status: 'no link' };

/**
 * Changes a link that was made under Share. Keys that `input` does not have stay as they are; null removes one.
 * A link can be closed where it no longer fits its form, since its advertisement has to stop.
 */
export async function changeLink(
  { db, catalog, links, now }: LinkContext,
  slug: string,
  id: string,
  change: LinkChange,
): Promise<ChangedLink> {
  await links.refresh();
  const site = links.find(id);
  const form = catalog.current(slug)?.form;
  if (!site || !form || site.form !== slug) return { status: 'no link' };
  if (site.madeIn === 'text') return { status: 'in text' };
  const problems = await db.transaction(async (trx) => storeChange(trx, form, id, change, now));
  if (problems.length) return { status: 'invalid', problems: problems.map((one) => ({ row: 0, ...one })) };
  await links.refresh();
  const after = links.find(id);
  return after ? { status: 'changed', link: after } : { status: 'no link' };
}

/** Reads the link and stores it changed. Another member or program may change other keys of it at this moment. */
async function storeChange(
  trx: Database,
  form: Form,
  id: string,
  { input = {}, place, isClosed }: LinkChange,
  now: Date,
): Promise<Problem[]> {
  const stored = await findLink(trx, form.slug, id);
  if (!stored) return [];
  const changed = Object.entries({ ...stored.link, ...input, id }).filter(([, value]) => value !== null);
  const onlyCloses = isClosed && place === undefined && !Object.keys(input).length;
  const read = onlyCloses ? { link: stored.link, problems: [] } : readLink(form, Object.fromEntries(changed), now);
  const problems = [...read.problems, ...placeProblems(place)];
  if (!read.link || problems.length) return problems;
  const closedAt = isClosed === undefined ? undefined : isClosed ? (stored.closedAt ?? now.toISOString()) : null;
  await updateLink(trx, form.slug, id, { link: read.link, ...(place !== undefined && { place }), ...(closedAt !== undefined && { closedAt }) }); // prettier-ignore
  return [];
}

type Problem = Omit<LinkProblem, 'row'>;

const placeProblems = (place = ''): Problem[] =>
  place.length > MAX_PLACE ? [{ field: 'place', message: `The place has more than ${MAX_PLACE} characters. Write a shorter one.` }] : []; // prettier-ignore

/** Reads one link by the schema of the form language, and by the fields, languages and endings of its form. */
function readLink(form: Form, input: LinkInput, now: Date): { link?: CampaignLink; problems: Problem[] } {
  const parsed = linkSchema.safeParse(input);
  if (!parsed.success) {
    return { problems: parsed.error.issues.map((issue) => problemOf(form, input, issue)) };
  }
  const found = linkFaults({ ...form, links: [parsed.data] }, now, { kinds: new Set(), answers: new Set(), possibleTargets: new Map() }); // prettier-ignore
  const problems = found.map(({ place, message, remedy }): Problem => {
    const [, , ...path] = [...place.path, ...(place.find ? [place.find] : [])];
    return { field: path.map(String).join('.'), message: plain(`${message}. ${remedy ?? ''}`) };
  });
  return { link: parsed.data, problems };
}

/** The sentence about a value that the schema refuses. */
function problemOf(form: Form, input: LinkInput, issue: z.core.$ZodIssue): Problem {
  const field = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys')
    return { field, message: `There is no key ${quoteValue(issue.keys[0])} here.` };
  const value = valueAt(input, issue.path);
  const asked = field === 'language' && issue.code === 'invalid_value' ? { ...issue, values: form.languages } : issue;
  const { is, remedy } = issueMessage(asked, value, undefined, String(issue.path.at(-1)), textOfScalar(value));
  const about = is ? is.replace(/^(?=is |has )/, 'this ') : `this cannot be ${quoteValue(value)}`;
  return { field, message: plain(`${about}. ${remedy ?? ''}`) };
}

/** A sentence about a file, for people who see no file. */
const plain = (text: string): string => capitalize(text.replaceAll('`', '').trim());

/** Finds `id`, or `id-2`, `id-3` where it is taken. Ids that were found to be taken are not tried again. */
function findFreeIds(isTaken: (id: string) => boolean): (id: string) => string {
  const next = new Map<string, number>();
  return (id) => {
    if (!isTaken(id)) return id;
    let number = next.get(id) ?? 2;
    while (isTaken(`${id}-${number}`)) number++;
    next.set(id, number);
    return `${id}-${number}`;
  };
}
