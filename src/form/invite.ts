/** How people are invited to a form: what the key `invite` of a form says. */
import { z } from 'zod';
import { idSchema, textSchema } from './keys.ts';
import type { Form } from './schema.ts';
import { say } from './text.ts';

/** What a text of an invitation may hold (Smile, Invite Templates: the same three), so that both ways read alike. */
export const INVITE_VARIABLES = ['fullName', 'firstName', 'companyName'] as const;

const DAYS = /^([1-9]\d{0,2}) days?$/;

export const inviteSchema = z
  .strictObject({
    via: z
      .enum(['mail', 'smile'])
      .default('mail')
      .describe(
        'mail: Flipsite sends an email with a personal link to this form. smile: Smile sends its own email, to its own page',
      ),
    sender: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('The name of the sender; without it, the name of your brand'),
    reply_to: z
      .email('is not an email address; write one like people@acme.example')
      .max(200)
      .optional()
      .describe('The email address for replies'),
    subject: textSchema.optional().describe('The subject; ${fullName}, ${firstName} and ${companyName} are filled in'),
    text: textSchema.optional().describe('The text above the link, with the same three variables'),
    expires: z
      .string()
      .regex(DAYS, 'is not a number of days from 1 to 999; write it like 14 days')
      .default('14 days')
      .describe('The number of days in which people can start'),
    name: idSchema.optional().describe('The id of the field that the name is filled into'),
    email: idSchema.optional().describe('The id of the field that the email address is filled into'),
    template: z
      .string()
      .regex(/^[\w-]{1,64}$/, 'is not the id of an invite template; copy the id from Smile, like tpl-123abc')
      .optional()
      .describe('With via: smile, the id of an invite template at Smile: tpl-123abc'),
  })
  .optional()
  .describe('Invitations by name, from the dashboard');

export type Invite = NonNullable<z.infer<typeof inviteSchema>>;

export const inviteDays = ({ expires }: Invite): number => Number(DAYS.exec(expires)?.[1] ?? 14);

const VARIABLE = /\$\{(\w*)\}/g;

/** The names in `${…}` in `text`. */
export const variablesIn = (text: string): string[] => [...text.matchAll(VARIABLE)].map(([, name]) => name ?? '');

/** `text` with the three variables filled in. Any other stays as it stands, as it does at Smile. */
export function fillVariables(text: string, fullName: string, companyName: string): string {
  const values: Record<string, string> = { fullName, firstName: firstNameOf(fullName), companyName };
  return text.replace(VARIABLE, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : whole));
}

/** The first word of a name, as far as it has several; else the whole. */
export const firstNameOf = (fullName: string): string => fullName.trim().split(/\s+/)[0] || fullName;

/** Who invites: the name that people read. */
export const companyOf = (form: Form, language: string): string =>
  form.invite?.sender ?? form.brand?.name ?? say(form.title, language);
