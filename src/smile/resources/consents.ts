/** Consent texts that Smile stores (Smile, Consent Templates). */
import { z } from 'zod';
import type { SmileTransport } from '../transport.ts';
import { shape } from '../reading.ts';
import { smileIdSchema, moment } from '../shapes.ts';
import type { ListLimit } from './filters.ts';

const text = z.string();
const consentTemplateSchema = shape('consentTemplate', {
  needed: { id: smileIdSchema },
  documented: { createdAt: moment, consentType: text, version: text, consentText: text },
  optional: { title: text, consentMethod: text },
});
export type SmileConsentTemplate = z.output<typeof consentTemplateSchema>;

export interface NewConsentTemplate {
  /** Like `Terms and Conditions`. */
  consentType: string;
  version: string;
  consentText: string;
  /** The title that people see. */
  title?: string;
  /** The short sentence by which people agree. */
  consentMethod?: string;
}

export function consents({ fetchData, list, remove }: SmileTransport) {
  return {
    createConsentTemplate: (body: NewConsentTemplate): Promise<SmileConsentTemplate> =>
      fetchData({ method: 'POST', path: '/consentTemplates', body }, consentTemplateSchema),
    listConsentTemplates: (filter: ListLimit = {}) => list('/consentTemplates', consentTemplateSchema, { ...filter }),
    deleteConsentTemplate: (templateId: string) => remove('/consentTemplates/{id}', templateId),
  };
}
