/**
 * Signatures of Standard Webhooks (standard-webhooks 1.0, Signature scheme), so that receivers can use its libraries.
 */
import { createHmac } from 'node:crypto';

/**
 * @param id the same for all attempts of a message
 * @param keys each one signs; see `webhookKeys`
 * @param now the time of the attempt
 * @returns the headers of the attempt
 */
export function signedHeaders(id: string, body: string, keys: readonly Buffer[], now: Date): Record<string, string> {
  const seconds = String(Math.floor(now.getTime() / 1_000));
  const signatures = keys.map(
    (key) => `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') };
}
