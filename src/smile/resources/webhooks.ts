/** Where Smile sends its events (Smile, Webhooks). There is no changing one: it is deleted and made anew. */
import { z } from 'zod';
import type { SmileTransport } from '../transport.ts';
import { shape } from '../reading.ts';
import { smileIdSchema, moment } from '../shapes.ts';

/** `eventTypes` are Smile's, or `ALL_EVENTS`. Smile sends the secret along, and it is not read. */
const webhookSchema = shape(
  'webhook',
  { id: smileIdSchema, name: z.string(), url: z.string(), eventTypes: z.array(z.string()), active: z.boolean() },
  { createdAt: moment, updatedAt: moment },
  { includePayload: z.boolean() },
);
export type SmileWebhook = z.output<typeof webhookSchema>;

export interface NewWebhook {
  name: string;
  /** Smile takes `https` addresses only. */
  url: string;
  /** 1 to 64 characters; signs what is sent. */
  secret: string;
  eventTypes: string[];
  /** Whether `TASK_FINISHED` and `ACCOUNT_SYNC_TASK_FINISHED` bring the data along. */
  includePayload?: boolean;
}

export function webhooks({ ask, find, list, remove }: SmileTransport) {
  return {
    /** Has events sent to `url`, signed with `secret`. Never made twice blindly, or everything would be sent twice. */
    createWebhook: (webhook: NewWebhook): Promise<SmileWebhook> =>
      ask({ method: 'POST', path: '/webhooks', body: { ...webhook, active: true } }, webhookSchema),
    listWebhooks: () => list('/webhooks', webhookSchema),
    getWebhook: (webhookId: string) => find('/webhooks/{id}', webhookId, webhookSchema),
    deleteWebhook: (webhookId: string) => remove('/webhooks/{id}', webhookId),
  };
}
