/** The key `invite` of a form: how people are invited to it. */
import { z } from 'zod';
import { idSchema, textSchema } from '../keys.ts';
import type { Form } from '../schema.ts';
import { localize } from '../runtime/text.ts';

/**
 * The variables in a text of an invitation (Smile, Invite Templates: the same three), so that both ways of sending read
 * alike.
 */
export const INVITE_VARIABLES = ['fullName', 'firstName', 'companyName'] as const;

const DAYS = /^([1-9]\d{0,2}) days?$/;

export const inviteSchema = z
  .strictObject({
    via: z
      .enum(['mail', 'smile'])
      .default('mail')
      .describe(
        'mail: Flipsite sends the email, with a personal link to this form. smile: Smile sends it, with a link to a page of Smile',
      ),
    sender: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('The sender that people see. Without it, the name of your brand'),
    reply_to: z
      .email('is not an email address; write one like people@acme.example')
      .max(200)
      .optional()
      .describe('The email address for replies'),
    subject: textSchema.optional().describe('The subject. It can contain ${fullName}, ${firstName} and ${companyName}'),
    text: textSchema.optional().describe('The text above the link. It can contain the same three names'),
    expires: z
      .string()
      .regex(DAYS, 'is not a number of days from 1 to 999; write it like 14 days')
      .default('14 days')
      .describe('How long people can start with the link'),
    name: idSchema.optional().describe('The id of the field that gets the name'),
    email: idSchema.optional().describe('The id of the field that gets the email address'),
    template: z
      .string()
      .regex(/^[\w-]{1,64}$/, 'is not the id of an invite template; copy the id from Smile, like tpl-123abc')
      .optional()
      .describe('With via: smile, the id of an invite template from Smile, such as tpl-123abc'),
  })
  .optional()
  .describe('Lets members invite people by name in the dashboard');

export type Invite = NonNullable<z.infer<typeof inviteSchema>>;

export const inviteDays = ({ expires }: Invite): number => Number(DAYS.exec(expires)?.[1] ?? 14);

const VARIABLE = /\$\{(\w*)\}/g;

/** The names in `${…}` in `text`. */
export const variablesIn = (text: string): string[] => [...text.matchAll(VARIABLE)].map(([, name]) => name ?? '');

/** `text` with the three variables filled in. Any other stays as it is written, as at Smile. */
export function fillVariables(text: string, fullName: string, companyName: string): string {
  const values: Record<string, string> = { fullName, firstName: firstNameOf(fullName), companyName };
  return text.replace(VARIABLE, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : whole));
}

/** The first word of a name, if it has several; otherwise all of it. Some lists have “Reyes, Ana”. */
export const firstNameOf = (fullName: string): string => fullName.trim().split(/[\s,;،]+/)[0] || fullName;

/** The inviting company, by the name that people read, if the form has one. */
export const companyOf = (form: Form): string | undefined => form.invite?.sender ?? form.brand?.name;

/** The sender of an invitation: the company, or else the title of the form. */
export const senderOf = (form: Form, language: string): string => companyOf(form) ?? localize(form.title, language);
