/** The key `notify` of a form: the receivers of emails and webhooks, and the events that cause them. */
import { z } from 'zod';

/**
 * `submitted`: it was sent, whatever the ending. `completed`: it was sent, and did not end early. `linked`: Smile has
 * confirmed that a work account is connected.
 */
const NOTIFY_WHEN = ['submitted', 'completed', 'linked'] as const;
export type NotifyWhen = (typeof NOTIFY_WHEN)[number];

const notificationRuleSchema = z.strictObject({
  email: z
    .email('is not an email address; write one like ops@acme.example')
    .max(200)
    .optional()
    .describe('The email address that gets the answers. Private answers and file names are left out'),
  webhook: z
    .string()
    .max(2_000)
    .refine(
      isWebAddress,
      'is not a full web address without user name, password and #; write one like https://acme.example/hooks/flipsite',
    )
    .optional()
    .describe('The address that gets the submission as JSON, signed as Standard Webhooks says'),
  secret_env: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'is not the name of an environment variable; write one like ACME_HOOK_SECRET')
    .optional()
    .describe('The name of the environment variable with the secret of the webhook, such as ACME_HOOK_SECRET'),
  when: z
    .enum(NOTIFY_WHEN)
    .default('submitted')
    .describe(
      'submitted: the form was sent, with any ending. completed: it was sent and not disqualified. linked: Smile confirmed a work account',
    ),
});

/** More would slow every submission down. One webhook is better for more receivers. */
const MAX_RULES = 20;

export const notifySchema = z
  .array(notificationRuleSchema)
  .max(MAX_RULES)
  .optional()
  .describe('Emails and webhooks that Flipsite sends, such as - { email: ops@acme.example, when: submitted }');

export type NotificationRule = z.infer<typeof notificationRuleSchema>;

/** The addresses that get answers in `after`, and did not in `before`. */
export function newReceivers(before: NotificationRule[] = [], after: NotificationRule[] = []): string[] {
  const receivers = (rules: NotificationRule[]) => rules.flatMap(({ email, webhook }) => email ?? webhook ?? []);
  const known = new Set(receivers(before));
  return receivers(after).filter((one) => !known.has(one));
}

/** Every member would see a name and password in an address. The signature replaces them. */
function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return !!url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash;
}

/**
 * The keys in a webhook's secret, the one to sign with first: base64 of 24 to 64 bytes, with or without `whsec_` before
 * it (Standard Webhooks, Signature scheme). Two with a space between them are for changing it: both sign. Undefined for
 * anything else.
 */
export function webhookKeys(secret: string): Buffer[] | undefined {
  const texts = secret.trim().split(/\s+/).map((one) => one.replace(/^whsec_/, '')); // prettier-ignore
  const keys = texts.map((text) =>
    /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0),
  );
  return keys.every(({ length }) => length >= 24 && length <= 64) ? keys : undefined;
}
