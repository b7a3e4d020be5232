/** Signatures as Standard Webhooks has them (standard-webhooks 1.0, Signature scheme), so that receivers use its libraries. */
import { createHmac } from 'node:crypto';

/**
 * The headers of one attempt. The same message keeps its id through all attempts; the time is that of the attempt.
 * @param keys each one signs; see `webhookKeys`
 */
export function signedHeaders(id: string, body: string, keys: readonly Buffer[], now: Date): Record<string, string> {
  const seconds = String(Math.floor(now.getTime() / 1_000));
  const signed = keys.map(
    (key) => `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signed.join(' ') };
}
