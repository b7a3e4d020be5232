/** Notifications: each one has a receiver and the keys that it needs, and its event can happen. */
import { webhookKeys, type NotificationRule } from '../settings/notify.ts';
import type { Refused } from '../repair.ts';
import type { Form } from '../schema.ts';
import type { Finding } from './finding.ts';

export function notifyFaults(form: Form, refused: Refused): Finding[] {
  const wink = refused.names || form.screens.some((screen) => screen.wink);
  return (form.notify ?? []).flatMap((rule, at, all) => {
    const found = faultOf(rule, wink, all.slice(0, at));
    if (!found) return [];
    const { key, message, remedy } = found;
    return [{ place: { path: ['notify', at, ...(key ? [key] : [])] }, message, remedy }];
  });
}

type Found = { key?: string; message: string; remedy: string };

function faultOf(
  { email, webhook, secret_env, when }: NotificationRule,
  wink: boolean,
  before: NotificationRule[],
): Found | undefined {
  if (!email && !webhook)
    return {
      message: 'this notification has no receiver',
      remedy: 'Add an `email`, or a `webhook` with a `secret_env`.',
    };
  if (email && webhook)
    return {
      key: 'webhook',
      message: 'a notification goes to an `email` or to a `webhook`, not to both',
      remedy: 'Write two notifications: `- { email: … }` and `- { webhook: …, secret_env: … }`.',
    };
  if (webhook && !secret_env)
    return {
      key: 'webhook',
      message: 'this webhook has no secret, so its receiver cannot verify it',
      remedy: 'Add `secret_env: ACME_HOOK_SECRET`, and set that variable to the output of `openssl rand -base64 32`.',
    };
  if (email && secret_env)
    return {
      key: 'secret_env',
      message: '`secret_env` works with a webhook only, and this is an email',
      remedy: 'Delete `secret_env`.',
    };
  if (when === 'linked' && !wink)
    return {
      key: 'when',
      message: '`when: linked` needs a Wink screen, and this form has none',
      remedy: 'Write `when: submitted`, or add a screen with `wink`.',
    };
  if (before.some((other) => other.email === email && other.webhook === webhook && other.when === when))
    return { message: 'duplicate notification', remedy: 'Delete one of the two.' };
  return undefined;
}

/** The environment that a form's webhooks need on the site that publishes it. */
export interface CheckEnvironment {
  /** The value of an environment variable that forms may name. Null if it is not known yet whether it will be set. */
  secret(name: string): string | undefined | null;
  /** Whether Flipsite reads the variable itself. A secret in its place would break the setting. */
  isSetting(name: string): boolean;
  /** The reason to refuse a webhook to this address, to follow "this address". Undefined if it is allowed. */
  refuses(address: string): string | undefined;
}

/** Faults that depend on the site that publishes the form: a missing secret, or an address that is not allowed. */
export function notifyFaultsFor(form: Form, environment: CheckEnvironment): Finding[] {
  return (form.notify ?? []).flatMap(({ webhook, secret_env: name }, at): Finding[] => {
    if (!webhook || !name) return [];
    const secret = secretFaultOf(name, environment);
    const refused = environment.refuses(webhook);
    return [
      ...(secret ? [{ place: { path: ['notify', at, 'secret_env'] }, ...secret }] : []),
      ...(refused
        ? [
            {
              place: { path: ['notify', at, 'webhook'] },
              message: `this address ${refused}`,
              remedy: 'Write a public https address. For development, add its host to WEBHOOK_ALLOWED_HOSTS.',
            },
          ]
        : []),
    ];
  });
}

function secretFaultOf(name: string, { secret, isSetting }: CheckEnvironment): Omit<Finding, 'place'> | undefined {
  if (isSetting(name))
    return { message: `${name} is a setting of Flipsite`, remedy: 'Use another name, such as ACME_HOOK_SECRET.' };
  const remedy = `Set ${name} in the environment or in .env to the output of \`openssl rand -base64 32\`. Then restart Flipsite.`;
  const value = secret(name);
  if (value === undefined) return { message: `the environment variable ${name} is not set`, remedy };
  return value === null || webhookKeys(value)
    ? undefined
    : { message: `${name} is not base64 of 24 to 64 bytes`, remedy };
}
