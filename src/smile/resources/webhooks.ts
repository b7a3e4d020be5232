/** Where Smile sends its events (Smile, Webhooks). A webhook cannot be changed, only deleted and created again. */
import { z } from 'zod';
import type { SmileTransport } from '../transport.ts';
import { shape, boundedList } from '../reading.ts';
import { smileIdSchema, moment } from '../shapes.ts';

/** `eventTypes` are Smile's, or `ALL_EVENTS`. Smile also sends the secret, which is not read. */
const webhookSchema = shape('webhook', {
  needed: {
    id: smileIdSchema,
    name: z.string(),
    url: z.string(),
    eventTypes: boundedList(z.string()),
    active: z.boolean(),
  },
  documented: { createdAt: moment, updatedAt: moment },
  optional: { includePayload: z.boolean() },
});
export type SmileWebhook = z.output<typeof webhookSchema>;

export interface NewWebhook {
  name: string;
  /** Smile accepts only `https` addresses. */
  url: string;
  /** 1 to 64 characters; signs the events. */
  secret: string;
  eventTypes: string[];
  /** Whether `TASK_FINISHED` and `ACCOUNT_SYNC_TASK_FINISHED` include the data. */
  includePayload?: boolean;
}

export function webhooks({ fetchData, find, list, remove }: SmileTransport) {
  return {
    /**
     * Makes Smile send events to `url`, signed with `secret`. Never retried after a timeout, or events might be sent
     * twice.
     */
    createWebhook: (webhook: NewWebhook): Promise<SmileWebhook> =>
      fetchData({ method: 'POST', path: '/webhooks', body: { ...webhook, active: true } }, webhookSchema),
    listWebhooks: () => list('/webhooks', webhookSchema),
    getWebhook: (webhookId: string) => find('/webhooks/{id}', webhookId, webhookSchema),
    deleteWebhook: (webhookId: string) => remove('/webhooks/{id}', webhookId),
  };
}
