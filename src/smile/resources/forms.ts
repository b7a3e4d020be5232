/** Submissions of Smile's own forms (Smile, Form Processing; in its alpha phase). */
import { z } from 'zod';
import type { SmileTransport } from '../transport.ts';
import { shape } from '../reading.ts';
import { smileIdSchema, moment } from '../shapes.ts';
import type { Dates, ListLimit, OfUser } from './filters.ts';

const text = z.string();
const formSchema = shape('form', {
  needed: { id: smileIdSchema, userId: smileIdSchema, data: z.record(text, z.unknown()) },
  documented: { createdAt: moment, winkSiteId: text, winkSiteSessionId: text, reference: text },
  optional: { name: text },
});

export function forms({ find, list }: SmileTransport) {
  return {
    listForms: (filter: OfUser & Dates & ListLimit & { winkSiteId?: string } = {}) =>
      list('/alpha/forms', formSchema, { ...filter }),
    getForm: (formId: string) => find('/alpha/forms/{id}', formId, formSchema),
  };
}
