import { linksCanFill } from '../fields/fields.ts';
import { fieldsOf, type Form } from '../schema.ts';
import type { CampaignLink } from '../settings/links.ts';
import { oncePerForm } from './once-per-form.ts';
import { shownParams } from './shown-params.ts';

/** The ids of the fields that a campaign link can fill in, in the order of the form. */
export const fillableIds = oncePerForm(
  (form): ReadonlySet<string> =>
    new Set(
      fieldsOf(form)
        .filter(linksCanFill)
        .map(({ id }) => id),
    ),
);

/** The values of a link that the address of its form has: those that fill in fields, and the params that screens show. */
export const valuesInAddress = (form: Form, { params = {} }: Pick<CampaignLink, 'params'>): [string, string][] =>
  Object.entries(params).filter(([id]) => fillableIds(form).has(id) || shownParams(form).has(id));
