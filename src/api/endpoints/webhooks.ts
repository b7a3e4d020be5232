/** The endpoint that Smile sends its webhooks to. */
import { StoreFault } from '../../record/db/fault.ts';
import { receiveWebhook } from '../../respond/smile/webhook.ts';
import { bytesOf, MAX_BYTES, withBodyMemory } from '../body.ts';
import { boundedJson } from '../bounds/json-bounds.ts';
import { receivedWebhookAnswer } from '../answers/respondents.ts';
import { defineEndpoint } from './endpoint.ts';

export const webhookEndpoints = [
  defineEndpoint({
    name: 'receiveWebhook',
    method: 'POST',
    path: '/api/webhooks/smile',
    summary: 'Receives a webhook of Smile.',
    access: 'signature',
    limits: ['webhook'],
    bodyType: 'application/json',
    answer: receivedWebhookAnswer,
    async handle({ services, rates, c, address, webhookSecrets, countRefusedWebhook }) {
      let signed = false;
      let accepted = false;
      let isOwnFault = false;
      try {
        const bytes = await withBodyMemory(c, address, (memory) =>
          bytesOf(c, MAX_BYTES.webhook, memory?.reserve, memory?.place),
        );
        const raw = boundedJson(bytes);
        const mayStoreUnowned = (bytes: number) => !rates?.unownedWebhooks.consume('all', bytes);
        const secrets = await webhookSecrets();
        const outcome = await receiveWebhook(services, raw, c.req.header('smile-signature'), secrets, mayStoreUnowned);
        signed = outcome.ok || outcome.error.code !== 'unauthorized';
        accepted = outcome.ok;
        return outcome;
      } catch (error) {
        // The database cannot say or store anything now, which is no fault of the sender.
        isOwnFault = error instanceof StoreFault;
        throw error;
      } finally {
        if (!signed && !isOwnFault) rates?.wrongWebhooks.consume(address(), 1);
        if (!accepted && !isOwnFault) countRefusedWebhook?.();
      }
    },
  }),
];
