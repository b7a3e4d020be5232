/** The endpoints for programs that read, make and close campaign links. */
import { z } from 'zod';
import { linkSchema } from '../../form/settings/links.ts';
import { changeLink, makeLinks, type LinkInput, type LinkProblem } from '../../links/make-links.ts';
import { MAX_PLACE } from '../../links/places.ts';
import type { LinkState, SiteLink } from '../../links/registry.ts';
import { linkClicks, noClicks, type VisitorClass } from '../../record/links/clicks.ts';
import { conflict, done, fail, type Result } from '../../respond/errors/api-error.ts';
import type { Services } from '../../respond/services.ts';
import { MAX_BYTES } from '../body.ts';
import { linkAnswer, linkListAnswer } from '../answers/publishing.ts';
import { defineEndpoint, IDEMPOTENT, type EndpointOptions } from './endpoint.ts';

const place = z.string().max(MAX_PLACE).optional();

/** The values of a link are checked by the same code as those in a form's text, so here they are only named. */
const keys = Object.fromEntries(Object.keys(linkSchema.shape).map((key) => [key, z.unknown().optional()]));
const newLink = z.strictObject({ ...keys, place }) as unknown as z.ZodType<LinkInput & { place?: string }>;
const { id: _, ...keysOfChange } = keys;
const linkChange = z.strictObject({ ...keysOfChange, place: place.nullable(), closed: z.boolean().optional() }) as unknown as z.ZodType<LinkInput & { place?: string | null; closed?: boolean }>; // prettier-ignore

/** The same with their values, for `openapi.json`. */
const { id, ...others } = linkSchema.shape;
const describedLink = () => z.strictObject({ id: id.optional(), ...others, place });
const describedChange = () =>
  z.strictObject({
    ...Object.fromEntries(Object.entries(others).map(([key, value]) => [key, value.nullable()])),
    place: place.nullable(),
    closed: z.boolean().optional(),
  });

const body = <T>(schema: z.ZodType<T>, described: () => z.ZodType) => ({ schema, described, maxBytes: MAX_BYTES.json });

export const linkEndpoints = [
  defineEndpoint({
    name: 'listLinks',
    method: 'GET',
    path: '/api/forms/:slug/links',
    summary: 'Lists the campaign links of a form, with their visitors.',
    access: 'api key',
    limits: [],
    answer: linkListAnswer,
    async handle({ services, pageRenderer, param }) {
      const slug = param('slug');
      if (!services.catalog.current(slug)) return UNKNOWN_FORM;
      const clicks = await linkClicks(services.db, { form: slug });
      const items = services.links.list(slug).map((site) => resourceOf(services, pageRenderer, site, clicks.get(site.link.id))); // prettier-ignore
      return done({ items });
    },
  }),

  defineEndpoint({
    name: 'makeLink',
    method: 'POST',
    path: '/api/forms/:slug/links',
    summary: 'Makes a campaign link, which works at once.',
    access: 'api key',
    limits: [],
    body: body(newLink, describedLink),
    headers: IDEMPOTENT,
    status: 201,
    answer: linkAnswer,
    async handle({ services, pageRenderer, param, body: read, idempotencyKey }) {
      const { place: where, ...input } = await read();
      const inputs = [{ input, ...(where && { place: where }) }];
      const made = await makeLinks(contextOf(services), param('slug'), inputs, { key: idempotencyKey() });
      if (made.status === 'conflict') return conflict();
      if (made.status === 'no form') return UNKNOWN_FORM;
      if (made.status === 'too many') return fail('too_many_links', 'This form has the largest number of links, closed ones included. Make further links for another form.'); // prettier-ignore
      if (made.status === 'invalid') return invalid(made.problems);
      const [site] = made.links as [SiteLink];
      const clicks = made.replayed
        ? await linkClicks(services.db, { form: site.form, links: [site.link.id] })
        : undefined;
      return done(resourceOf(services, pageRenderer, site, clicks?.get(site.link.id)));
    },
  }),

  defineEndpoint({
    name: 'changeLink',
    method: 'PATCH',
    path: '/api/forms/:slug/links/:link',
    summary: 'Changes a campaign link. Keys that are not sent stay, and null removes one.',
    access: 'api key',
    limits: [],
    body: body(linkChange, describedChange),
    answer: linkAnswer,
    async handle({ services, pageRenderer, param, body: read }) {
      const { place: where, closed, ...input } = await read();
      const change = { input, ...(where !== undefined && { place: where ?? '' }), ...(closed !== undefined && { isClosed: closed }) }; // prettier-ignore
      const changed = await changeLink(contextOf(services), param('slug'), param('link'), change);
      if (changed.status === 'invalid') return invalid(changed.problems);
      if (changed.status !== 'changed') return refusalOf(changed.status);
      const { link } = changed;
      const clicks = await linkClicks(services.db, { form: link.form, links: [link.link.id] });
      return done(resourceOf(services, pageRenderer, link, clicks.get(link.link.id)));
    },
  }),

  defineEndpoint({
    name: 'closeLink',
    method: 'DELETE',
    path: '/api/forms/:slug/links/:link',
    summary: 'Closes a campaign link. Its numbers stay. Closing it again has no effect.',
    access: 'api key',
    limits: [],
    status: 204,
    async handle({ services, param }) {
      const changed = await changeLink(contextOf(services), param('slug'), param('link'), { isClosed: true });
      if (changed.status === 'invalid') return invalid(changed.problems);
      return changed.status === 'changed' ? done(null) : refusalOf(changed.status);
    },
  }),
];

const contextOf = ({ db, catalog, links, now }: Services) => ({ db, catalog, links, now: now() });

const UNKNOWN_FORM = fail('unknown_form', 'There is no form with this slug.');

const refusalOf = (status: 'no link' | 'in text'): Result<never> =>
  status === 'no link'
    ? fail('unknown_link', 'This form has no link with this id.')
    : fail('link_in_text', 'This link is in the text of the form. Change the text, and publish it.');

const invalid = (problems: LinkProblem[]): Result<never> =>
  fail('invalid_link', 'The link has errors, so nothing was stored. `fields` has each of them.', {
    fields: Object.fromEntries(problems.map(({ field, message }) => [field || 'link', message])),
  });

/** The states of links by their names in the API. */
const STATES = { open: 'open', closed: 'paused', expired: 'closed', full: 'full' } as const satisfies Record<
  LinkState,
  string
>;

/** A link as the API returns it. */
function resourceOf(
  { links, now }: Services,
  { site: { base } }: EndpointOptions['pageRenderer'],
  site: SiteLink,
  clicks: Record<VisitorClass, number> = noClicks(),
) {
  const { link, madeIn, place: where, createdAt } = site;
  return { ...link, path: `${base}/go/${link.id}`, state: STATES[links.stateOf(site, now())], madeIn, place: where, createdAt, clicks }; // prettier-ignore
}
