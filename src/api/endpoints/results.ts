/** The endpoints for the numbers of Results: pages report that they are open, and programs read the numbers. */
import { z } from 'zod';
import type { PeopleFilter } from '../../record/results/people.ts';
import { DEVICE_CLASSES } from '../../record/links/clicks.ts';
import { resultsOf } from '../../record/results/results.ts';
import { OTHER_SOURCES } from '../../record/results/sources.ts';
import { done } from '../../respond/errors/api-error.ts';
import { MAX_BYTES } from '../body.ts';
import { ApiException } from '../errors.ts';
import { repairEncoding } from '../../site-limits/repair-encoding.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import type { OpenedRequest } from '../../contract/api.ts';
import { recordOpening } from '../../respond/opened.ts';
import { visitorClass, visitorDevice, type HeaderOf } from '../../links/visitor-class.ts';
import { resultsAnswer } from '../answers/results.ts';
import { defineEndpoint } from './endpoint.ts';
import { checkFilter } from './filter-values.ts';

const DAY_MESSAGE = 'from and to must be days, such as 2026-12-31.';
const daySchema = z.iso.date(DAY_MESSAGE).optional();
const LINK_MESSAGE = `link must be the id of a link, ${OTHER_SOURCES} for other sources, or - for people without either.`;

/** A filter of people, shared by the results and the list behind them. */
export const peopleQuery = {
  from: daySchema.describe('The first day of the start in UTC'),
  to: daySchema.describe('The last day of the start in UTC'),
  link: z
    .string()
    .max(100, LINK_MESSAGE)
    .transform((id) => (id === NO_VALUE ? '' : id))
    .optional()
    .describe(`The id of a campaign link, ${OTHER_SOURCES} for other sources, or - for people without either`),
  language: z
    .string()
    .max(10, 'language must be a code, such as es.')
    .optional()
    .describe('A language code, such as es'),
};

/** In a query: no link, the end of the form, or an unknown device. No id looks like this. */
const NO_VALUE = '-';

export const reachedQuery = {
  reached: z
    .string()
    .max(200, 'reached must be the id of a step of the results.')
    .optional()
    .describe('The id of a step that people reached, such as completed'),
  left: z
    .string()
    .max(100, 'left must be the id of a screen, or - for the end.')
    .transform((id) => (id === NO_VALUE ? '' : id))
    .optional()
    .describe('The id of the screen at which people left, or - for the end'),
  device: z
    .enum(
      [...DEVICE_CLASSES, NO_VALUE],
      `device must be one of ${DEVICE_CLASSES.join(', ')}, or - if it was not stored.`,
    )
    .transform((device) => (device === NO_VALUE ? '' : device))
    .optional()
    .describe('The kind of device, or - if it was not stored'),
};

/** The filter of people in a query; undefined if it has none. */
export function peopleFilterOf(
  { from, to, link, language, device, reached, left }: Partial<Omit<PeopleFilter, 'active' | 'now'>>,
  now: Date,
): PeopleFilter | undefined {
  const filter = { from, to, link, language, device, reached, left };
  return Object.values(filter).some((one) => one !== undefined) ? { ...filter, now } : undefined;
}

const openedSchema: z.ZodType<OpenedRequest> = z.strictObject({
  link: z.string().max(100).optional(),
  language: z.string().min(1).max(10),
  version: z.string().min(1).max(100),
});

/**
 * The query of the page that sends a report. Browsers name the page, and from another host only the host.
 * @param referer the header `Referer`
 */
const queryOfPage = (referer: string): URLSearchParams | undefined =>
  referer.length > SITE_LIMITS.refererCharacters.value ? undefined : URL.parse(repairEncoding(referer))?.searchParams;

export const resultEndpoints = [
  defineEndpoint({
    name: 'reportOpening',
    method: 'POST',
    path: '/api/forms/:slug/opened',
    summary: 'Counts that the page of a form became visible. Nothing about the person is stored.',
    access: 'anyone',
    limits: ['address'],
    // Sent by sendBeacon as text/plain, so that the browser sends no preflight from a static host.
    body: { schema: openedSchema, maxBytes: MAX_BYTES.opened, asText: true },
    status: 204,
    metric: 'opened',
    async handle({ services, c, rates, address, param, body }) {
      const opening = await body();
      const isFlood = rates !== undefined && rates.openings(address()) > 0;
      // A script sends the report. With its mode, every visitor would be a robot. Without one, so would a person who sends no language.
      const header: HeaderOf = (name) => (name === 'sec-fetch-mode' && c.req.header(name) ? 'navigate' : c.req.header(name)); // prettier-ignore
      const visitor = isFlood ? 'robot' : visitorClass({ method: c.req.method, header });
      const query = queryOfPage(c.req.header('referer') ?? '');
      const mayAddRow = () => !rates || rates.openingRows.consume(address(), 1) === 0;
      return recordOpening(services, param('slug'), opening, {
        visitor,
        device: visitorDevice({ header }),
        query,
        mayAddRow,
      });
    },
  }),

  defineEndpoint({
    name: 'getResults',
    method: 'GET',
    path: '/api/forms/:slug/results',
    summary: 'Returns how many people reached each step of a form, by link and by day.',
    access: 'api key',
    limits: [],
    query: z.strictObject(peopleQuery),
    answer: resultsAnswer,
    async handle({ services, param, query }) {
      const form = services.catalog.current(param('slug'));
      if (!form) throw new ApiException({ code: 'unknown_form', message: 'There is no form with this slug.' });
      const filter = { form: param('slug'), ...query() };
      await checkFilter(services, param('slug'), filter);
      const isComplete = await services.results.countWaiting();
      const tests = await services.results.countTests(filter);
      const { steps, links, days, languages, devices, active, deleted, leftOut } = await resultsOf(services.db, form.form, filter, services.now(), tests); // prettier-ignore
      return done({
        steps: steps.map(({ id, label, count, share, medianSeconds, left, breakdown }) => ({
          id,
          label,
          count,
          share,
          medianSeconds,
          ...(left !== undefined && { left }),
          ...(breakdown && { parts: breakdown.map((row) => ({ id: row.id, name: row.name, count: row.count })) }),
        })),
        links,
        days,
        languages,
        devices,
        open: active,
        deleted,
        leftOut,
        complete: isComplete,
      });
    },
  }),
];
