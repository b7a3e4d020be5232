/** Campaign links, the websites that may show a form, and its card in social networks: `links`, `embed` and `share`. */
import { z } from 'zod';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { idSchema, textSchema } from '../keys.ts';
import { momentSchema } from './limits.ts';
import { CARD_NAME } from './logo-name.ts';
import { WEBSITE } from './website.ts';
import { languageCodes, type Language } from '../wording/wording.ts';

const { formLinks, paramCharacters, embedSites } = SITE_LIMITS;

/** The id of a link, which is the last part of its address. */
export const LINK_ID = /^[a-z0-9][a-z0-9-]{0,59}$/;

const utmValue = z.string().min(1, 'is empty').max(paramCharacters.value);

const utmSchema = z.strictObject({
  source: utmValue.optional().describe('The place of the link, such as facebook. Stored as utm_source'),
  medium: utmValue.optional().describe('The kind of place, such as social or print. Stored as utm_medium'),
  campaign: utmValue.optional().describe('The campaign, such as november. Stored as utm_campaign'),
  term: utmValue.optional().describe('The search words of a paid advertisement. Stored as utm_term'),
  content: utmValue.optional().describe('Tells two links of one campaign apart. Stored as utm_content'),
});

const paramValue = z
  .union([z.string(), z.number(), z.boolean()])
  .transform(String)
  .refine((value) => value.length <= paramCharacters.value, `has more than ${paramCharacters.value} characters`);

/** A link as it is stored and compiled, in a form's text or made under Share. */
export const linkSchema = z.strictObject({
  id: z
    .string()
    .regex(LINK_ID, 'is not the id of a link; use small letters, digits and -, such as fb-nov')
    .describe('The last part of the address: fb-nov becomes /go/fb-nov. Each id is used once on the site'),
  name: z
    .string()
    .min(1, 'is empty')
    .max(100)
    .optional()
    .describe('A name for your team, such as Facebook in November'),
  utm: utmSchema.optional().describe('The campaign. Flipsite stores it with each submission'),
  params: z
    .record(z.string(), paramValue)
    .optional()
    .describe(
      'Values by the name of a param or the id of a field. A param is stored, and shown where a text names it. A field is filled in',
    ),
  language: z
    .enum(languageCodes as [Language, ...Language[]])
    .optional()
    .describe('The language that the link opens. Without it, the first language of the form'),
  closes: momentSchema
    .optional()
    .describe('The last day of the link, such as 2026-12-31, or a time with its zone. `timezone` of `limits` counts'),
  max: z
    .int('is not a whole number; write a number like 500')
    .min(1, 'is less than 1, so the link would never be open; write 1 or more')
    .max(100_000_000, 'is more than 100000000; write a smaller number, or leave max out')
    .optional()
    .describe('After how many completed forms the link ends. People who followed it before can still send the form'),
  ending: idSchema.optional().describe('The id of the ending that people see after the link is closed or full'),
});

export type CampaignLink = z.infer<typeof linkSchema>;

export const linksSchema = z
  .array(linkSchema)
  .max(formLinks.value)
  .optional()
  .describe('Campaign links, such as - { id: fb-nov, utm: { source: facebook } }. Each counts its visitors');

export const embedSchema = z.strictObject({
  allow: z
    .array(
      z
        .string()
        .max(200)
        .regex(WEBSITE, 'is not the address of a website without a path; write one like https://acme.example'),
    )
    .min(1, 'is empty; add at least one website: `allow: [https://acme.example]`')
    .max(embedSites.value)
    .describe('The websites that may show the form in a frame, such as https://acme.example'),
});

export const shareSchema = z.strictObject({
  title: textSchema.optional().describe('The title of the card. Without it, the title of the form'),
  description: textSchema.optional().describe('The sentence of the card. Without it, the description of the form'),
  image: z
    .string()
    .regex(CARD_NAME, 'is not the name of a picture beside the form; write a file name like card.png')
    .optional()
    .describe(
      'The file name of a picture in the same folder: PNG, JPEG or WebP, 1200 × 630 pixels, at most 300 kB. Without it, Flipsite draws one',
    ),
  index: z.boolean().optional().describe('true: search engines may list the form'),
});
