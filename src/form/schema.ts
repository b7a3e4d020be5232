/** The form language. This schema is its only description: types and faults come from it. */
import { z } from 'zod';
import { conditionSchema } from './logic/condition-schema.ts';
import { fieldSchema, type Field } from './fields/fields.ts';
import { withFollowing } from './fields/choices/other.ts';
import { answerSchema, idSchema, textSchema } from './keys.ts';
import { inviteSchema } from './settings/invite.ts';
import { limitsSchema } from './settings/limits.ts';
import { embedSchema, linksSchema, shareSchema } from './settings/links.ts';
import { LOGO_DATA, LOGO_NAME, MAX_LOGO_CHARACTERS } from './settings/logo-name.ts';
import { matchSchema } from './settings/match.ts';
import { notifySchema } from './settings/notify.ts';
import { retentionSchema } from './settings/retention.ts';
import { pieces, type Text } from './runtime/text.ts';
import { languageCodes, type Language } from './wording/wording.ts';

/** First path segments that the site itself uses. */
export const RESERVED_SLUGS = [
  'admin', 'api', 'go', 'embed', 'assets', 'files', 'healthz', 'readyz', 'metrics', 'local-smile', 'new', 'preview',
]; // prettier-ignore

const ruleSchema = z.strictObject({
  when: conditionSchema.optional().describe('The condition. Without it, the rule always applies'),
  go: z.string().describe('The id of the next screen or of an ending'),
});

const nextSchema = z
  .union([z.string().transform((go): z.infer<typeof ruleSchema>[] => [{ go }]), z.array(ruleSchema)])
  .default([])
  .describe(
    'Where to go next: an id, or a list of { when, go }. Flipsite uses the first rule that applies, or else the next screen',
  );

const DATA_POINTS = ['identities', 'employments', 'incomes', 'documents', 'contributions', 'liabilities', 'transactions', 'ratings', 'eincomes', 'insights', 'links', 'archives'] as const; // prettier-ignore

/** The data that can be read: from an account, and from documents that a person uploads, which Smile calls archives. */
export type DataPoint = (typeof DATA_POINTS)[number];

const widgetSchema = z.strictObject({
  template: z
    .string()
    .regex(
      /^[\w-]{1,64}$/,
      "is not the id of a Wink template; copy the id from Smile's Developer Portal, like wtpl-123abc",
    )
    .optional()
    .describe("The id of a Wink template from Smile's Developer Portal, such as wtpl-123abc"),
  require: z
    .enum(['connected', 'uploaded', 'any', 'none'])
    .default('any')
    .describe(
      'What people must do to continue: connect an account (connected), upload a document (uploaded), one of the two (any) or nothing (none)',
    ),
  retrieve: z
    .array(z.enum(DATA_POINTS))
    .default([])
    .describe(
      'The data to read from the account or the uploaded documents, such as [identities, incomes, archives]. The page lists it',
    ),
  revoke: z
    .enum(['never', 'after_retrieval'])
    .default('never')
    .describe('after_retrieval: Flipsite disconnects the account at Smile once all data in `retrieve` is stored'),
  sdk: z.enum(['v2', 'v1']).default('v2').describe('The version of the Wink widget'),
  frame: z
    .literal(true, 'is not true; write `frame: true`, or delete it')
    .optional()
    .describe('true: the widget runs in a sandboxed frame, as Smile recommends, and cannot read the page'),
});

/** People have no patience for more on one screen. */
const MAX_WIDGETS = 5;

/** One widget, or a list of several, each with its own title. */
const winkSchema = z.union(
  [
    widgetSchema,
    z
      .array(
        widgetSchema.extend({
          title: textSchema.describe('In a list of widgets: the title above this one'),
          text: textSchema.optional().describe('In a list of widgets: a text under the title'),
        }),
      )
      .min(1, 'is empty; add at least one widget: `- { title: Your first job, require: connected }`')
      .max(MAX_WIDGETS),
  ],
  {
    error: ({ input }) =>
      typeof input === 'object' ? undefined : 'is not a map of keys; write `wink: { require: connected }`',
  },
);

/** The largest sizes of a form. People would not answer more, and a larger page would load slowly. */
export const FORM_SIZES = { screens: 200, fields: 1_000, fieldsOnScreen: 100, endings: 50, params: 20 };

const screenSchema = z
  .strictObject({
    id: idSchema,
    title: textSchema.describe('The heading of the screen'),
    text: textSchema.optional().describe('A text under the heading'),
    fields: z
      .array(fieldSchema)
      .max(FORM_SIZES.fieldsOnScreen)
      .default([])
      .transform(withFollowing)
      .describe('The questions on this screen'),
    wink: winkSchema
      .optional()
      .describe('Lets people connect a work account on this screen: one widget, or a list of them'),
    next: nextSchema,
  })
  .refine((screen) => !screen.wink || screen.fields.length === 0, {
    path: ['wink'],
    error: 'cannot be on a screen with fields. Move the widget to a screen of its own',
  });

const NO_REDIRECT =
  'is not a full web address with a fixed host; write one like https://acme.example/done?ref={reference}';

const redirectSchema = z
  .string()
  .regex(/^https?:\/\/[^/{}?#\s@\\]+([/?#]\S*)?$/, { error: NO_REDIRECT, abort: true })
  .refine(parsesOnceFilled, NO_REDIRECT);

/** Whether browsers can go to `address`, with any values in the place of its pipes. */
function parsesOnceFilled(address: string): boolean {
  const filled = pieces(address).map((piece) => (typeof piece === 'string' ? piece : 'x'));
  return URL.canParse(filled.join(''));
}

const endingSchema = z.strictObject({
  id: idSchema,
  title: textSchema.describe('The heading of the ending'),
  text: textSchema.optional().describe('A text under the heading. {reference} becomes the reference of the submission'),
  outcome: z
    .enum(['completed', 'disqualified'])
    .default('completed')
    .describe('How the dashboard counts this ending: completed or disqualified'),
  redirect: redirectSchema
    .optional()
    .describe(
      'An address that the browser opens next. It can contain answers after the host name, but no sensitive ones',
    ),
});

const exampleSchema = z.strictObject({
  name: z.string().min(1).describe('A short description of the example'),
  answers: z.record(z.string(), answerSchema).describe('Answers by field id, and states of Wink screens by screen id'),
  ends: z.string().describe('The id of the ending that these answers lead to'),
  language: z
    .enum(languageCodes as [Language, ...Language[]])
    .optional()
    .describe('The language of the person. Without it, the first language of the form'),
});

export const formSchema = z.strictObject({
  title: textSchema.describe('The name of the form, shown in the browser tab and in link previews'),
  description: textSchema.optional().describe('One sentence for link previews'),
  languages: z
    .array(z.enum(languageCodes as [Language, ...Language[]]))
    .min(1)
    .default(['en'])
    .describe('The languages of the form. The first one is the default'),
  brand: z
    .strictObject({
      name: z.string().min(1).max(60).describe('The name of your company, shown on every screen'),
      color: z
        .string()
        .regex(/^#[0-9a-fA-F]{6}$/, 'is not a color; write # and six digits in quotes, like "#0b6e4f"')
        .optional()
        .describe('Your color, such as "#0b6e4f"'),
      logo: z
        .string()
        .max(MAX_LOGO_CHARACTERS, 'is a picture of more than 45 kB; choose a smaller one')
        .regex(
          new RegExp(`${LOGO_NAME.source}|${LOGO_DATA.source}`, 'i'),
          'is not the name of a picture beside the form; write a file name like acme.svg',
        )
        .optional()
        .describe('The file name of your logo, in the same folder as the form: SVG, PNG, JPEG or WebP, at most 100 kB'),
    })
    .optional()
    .describe('Your name, color and logo'),
  params: z
    .array(idSchema)
    .max(FORM_SIZES.params)
    .default([])
    .describe(
      'Names of values that the link can pass in, such as ?customer_id=42. Flipsite also keeps up to ten utm_* values',
    ),
  example: z
    .boolean()
    .optional()
    .describe('true: the form is an example. It works only with local Smile, on this computer or in a private network'),
  review: z.boolean().optional().describe('true: before sending, people see all their answers and can change them'),
  limits: limitsSchema
    .optional()
    .describe('When people can fill in the form, how many can, and how often each person can'),
  retention: retentionSchema.optional(),
  match: matchSchema.optional().describe('Answers that the dashboard compares with the connected account'),
  notify: notifySchema,
  invite: inviteSchema,
  links: linksSchema,
  share: shareSchema.optional().describe('The card of the form in social networks, and whether search engines list it'),
  embed: embedSchema.optional().describe('The websites that may show the form in a frame'),
  password: z
    .string('is not text; put it in quotes')
    .min(4, 'has fewer than 4 characters; write 4 to 100 characters')
    .max(100, 'has more than 100 characters; write 4 to 100 characters')
    .optional()
    .describe('The password that people enter before they see the form, 4 to 100 characters'),
  proof_of_work: z
    .boolean()
    .optional()
    .describe('true: each browser solves a short computation before it starts, which makes mass spam costly'),
  screens: z
    .array(screenSchema)
    .min(1, 'is empty; add at least one screen: `- { id: about, title: About you }`')
    .max(FORM_SIZES.screens)
    .refine((screens) => screens.flatMap(({ fields }) => fields).length <= FORM_SIZES.fields, {
      error: `has more than ${FORM_SIZES.fields.toLocaleString('en')} fields in all; split the form into several forms`,
    })
    .describe('The steps of the form, in order'),
  endings: z
    .array(endingSchema)
    .min(1, 'is empty; add at least one ending: `- { id: done, title: Thank you }`')
    .max(FORM_SIZES.endings)
    .describe('The last pages that people can reach'),
  examples: z
    .array(exampleSchema)
    .default([])
    .describe('Sets of answers that npm run check tries, each with the ending it must reach'),
});

type Definition = z.infer<typeof formSchema>;

/** A compiled form: checked, with defaults filled in. `slug` is its file name, `password` a hash. */
export type Form = Definition & { slug: string; languages: [Language, ...Language[]] };
export type Screen = Form['screens'][number];
/** A widget on a Wink screen. Several on one screen have titles, and may have texts. */
export type Widget = z.infer<typeof widgetSchema> & { title?: Text; text?: Text | undefined };
export type Ending = Form['endings'][number];

/** The requested language, or the first one of `form` if none is requested. Undefined if `form` does not have it. */
export const languageOf = ({ languages }: Pick<Form, 'languages'>, wanted: string | undefined): Language | undefined =>
  wanted === undefined ? languages[0] : languages.find((one) => one === wanted);

/**
 * The same, but the first language if `form` does not have the requested one. An earlier version may have had it, and
 * people may still have its links. Undefined for a word that is no language.
 */
export const languageOrFirst = (form: Pick<Form, 'languages'>, wanted: string | undefined): Language | undefined =>
  languageOf(form, wanted) ?? (languageCodes.some((one) => one === wanted) ? form.languages[0] : undefined);

/** All fields of `form`, in the order of the file. */
export const fieldsOf = (form: Pick<Form, 'screens'>): Field[] => form.screens.flatMap((screen) => screen.fields);

/** The field with this id, on any screen. */
export const fieldCalled = (form: Pick<Form, 'screens'>, id: string): Field | undefined =>
  fieldsOf(form).find((field) => field.id === id);
