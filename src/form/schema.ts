/** The form language. This schema is its only description: types and faults come from it. */
import { z } from 'zod';
import { conditionSchema } from './condition-schema.ts';
import { fieldSchema, type Field } from './fields/fields.ts';
import { withFollowing } from './fields/other.ts';
import { answerSchema, idSchema, textSchema } from './keys.ts';
import { inviteSchema } from './invite.ts';
import { limitsSchema } from './limits.ts';
import { LOGO_NAME } from './logo-name.ts';
import { matchSchema } from './match.ts';
import { notifySchema } from './notify.ts';
import { retentionSchema } from './retention.ts';
import { pieces, type Text } from './text.ts';
import { languageNames, type Language } from './wording/wording.ts';

/** First path segments that the site itself uses. */
export const RESERVED_SLUGS = [
  'admin', 'api', 'go', 'embed', 'assets', 'files', 'healthz', 'readyz', 'metrics', 'local-smile',
]; // prettier-ignore

/** The name of an input that people cannot see: whoever fills it in is a program. */
export const TRAP = 'website_url_2';

const ruleSchema = z.strictObject({
  when: conditionSchema.optional().describe('The condition; without it, the rule always applies'),
  go: z.string().describe('The id of a screen or an ending'),
});

const nextSchema = z
  .union([z.string().transform((go): z.infer<typeof ruleSchema>[] => [{ go }]), z.array(ruleSchema)])
  .default([])
  .describe(
    'The next step: an id, or a list of { when, go }. The first rule that holds applies; if none holds, the next screen follows',
  );

const DATA_POINTS = ['identities', 'employments', 'incomes', 'documents', 'contributions', 'liabilities', 'transactions', 'ratings', 'eincomes', 'insights', 'links', 'archives'] as const; // prettier-ignore

/** What can be read: from an account, and of the documents that a person uploads, which Smile calls archives. */
export type DataPoint = (typeof DATA_POINTS)[number];

const widgetSchema = z.strictObject({
  template: z
    .string()
    .regex(
      /^[\w-]{1,64}$/,
      "is not the id of a Wink template; copy the id from Smile's Developer Portal, like wtpl-123abc",
    )
    .optional()
    .describe("Id of a Wink template from Smile's Developer Portal: wtpl-123abc"),
  require: z
    .enum(['connected', 'uploaded', 'any', 'none'])
    .default('any')
    .describe(
      'The state in which a person can leave the screen: connected, uploaded, any (either of the two) or none (any state)',
    ),
  retrieve: z
    .array(z.enum(DATA_POINTS))
    .default([])
    .describe(
      'The data to read from the account and from uploaded documents. The page lists it: [identities, incomes, archives]',
    ),
  revoke: z
    .enum(['never', 'after_retrieval'])
    .default('never')
    .describe('after_retrieval: Flipsite disconnects the account at Smile once everything in `retrieve` is stored'),
  sdk: z.enum(['v2', 'v1']).default('v2').describe('Version of the Wink widget'),
  frame: z
    .literal(true, 'is not true; write `frame: true`, or delete it')
    .optional()
    .describe('true: the widget runs in a sandboxed frame, as Smile recommends, and cannot read the page'),
});

/** More on one screen are more than anybody has patience for. */
const MOST_WIDGETS = 5;

/** One widget, or a list of several, each with a title of its own. */
const winkSchema = z.union(
  [
    widgetSchema,
    z
      .array(
        widgetSchema.extend({
          title: textSchema.describe('In a list: the heading of this widget'),
          text: textSchema.optional().describe('In a list: a text under its title'),
        }),
      )
      .min(1, 'is empty; add at least one widget: `- { title: Your first job, require: connected }`')
      .max(MOST_WIDGETS),
  ],
  {
    error: ({ input }) =>
      typeof input === 'object' ? undefined : 'is not a map of keys; write `wink: { require: connected }`',
  },
);

const screenSchema = z
  .strictObject({
    id: idSchema,
    title: textSchema.describe('The heading of the screen'),
    text: textSchema.optional().describe('A text under the heading'),
    fields: z.array(fieldSchema).max(100).default([]).transform(withFollowing).describe('The questions on this screen'),
    wink: winkSchema
      .optional()
      .describe('Makes this a screen where people connect a work account: one widget, or a list'),
    next: nextSchema,
  })
  .refine((screen) => !screen.wink || screen.fields.length === 0, {
    path: ['wink'],
    error: 'cannot be on a screen with fields. Move the widget to a screen of its own',
  });

const NO_REDIRECT =
  'is not a full web address with a fixed host; write one like https://acme.example/done?ref={reference}';

/** Nobody answers more, and no page with more arrives in time. */
const MOST_FIELDS = 1_000;

const redirectSchema = z
  .string()
  .regex(/^https?:\/\/[^/{}?#\s@\\]+([/?#]\S*)?$/, { error: NO_REDIRECT, abort: true })
  .refine(parsesOnceFilled, NO_REDIRECT);

/** Whether browsers can go to `address`, whatever is piped into it. */
function parsesOnceFilled(address: string): boolean {
  const filled = pieces(address).map((piece) => (typeof piece === 'string' ? piece : 'x'));
  return URL.canParse(filled.join(''));
}

const endingSchema = z.strictObject({
  id: idSchema,
  title: textSchema.describe('The heading of the ending'),
  text: textSchema.optional().describe('A text under the heading; {reference} becomes the reference of the submission'),
  outcome: z
    .enum(['completed', 'disqualified'])
    .default('completed')
    .describe('The result that the dashboard counts: completed or disqualified'),
  redirect: redirectSchema
    .optional()
    .describe('The web address to continue to; answers can be filled in after the host'),
});

const exampleSchema = z.strictObject({
  name: z.string().min(1).describe('The name of this example'),
  answers: z.record(z.string(), answerSchema).describe('Answers by field id, and Wink states by screen id'),
  ends: z.string().describe('The id of the ending that these answers must reach'),
  language: z
    .enum(languageNames as [Language, ...Language[]])
    .optional()
    .describe('The language of the person; without it, the first language of the form'),
});

export const formSchema = z.strictObject({
  title: textSchema.describe('The name of the form, in the browser’s tab and in link previews'),
  description: textSchema.optional().describe('One sentence for link previews'),
  languages: z
    .array(z.enum(languageNames as [Language, ...Language[]]))
    .min(1)
    .default(['en'])
    .describe('The languages of the form; the first one is the default'),
  brand: z
    .strictObject({
      name: z.string().min(1).max(60).describe('The name of your company, shown on every screen'),
      color: z
        .string()
        .regex(/^#[0-9a-fA-F]{6}$/, 'is not a color; write # and six digits in quotes, like "#0b6e4f"')
        .optional()
        .describe('Your color, like "#0b6e4f"'),
      logo: z
        .string()
        .regex(LOGO_NAME, 'is not the name of a picture beside the form; write a file name like acme.svg')
        .optional()
        .describe('Your logo: the name of an SVG, PNG, JPEG or WebP file in the folder of the form, at most 100 kB'),
    })
    .optional()
    .describe('Your name, color and logo'),
  params: z
    .array(idSchema)
    .max(20)
    .default([])
    .describe('Values from the web address: ?customer_id=42. Up to ten utm_* values are stored too'),
  example: z
    .boolean()
    .optional()
    .describe(
      'true: the form is an example. It is live only while the site uses local Smile, on this machine or in a private network',
    ),
  review: z.boolean().optional().describe('true: people see all their answers and can change them before they submit'),
  limits: limitsSchema
    .optional()
    .describe('The period in which the form is open, the number of submissions, and one submission per person'),
  retention: retentionSchema.optional(),
  match: matchSchema.optional().describe('The answers to compare with the connected account in the dashboard'),
  notify: notifySchema,
  invite: inviteSchema,
  password: z
    .string('is not text; put it in quotes')
    .min(4, 'has fewer than 4 characters; write 4 to 100 characters')
    .max(100, 'has more than 100 characters; write 4 to 100 characters')
    .optional()
    .describe('The password that opens the form, 4 to 100 characters'),
  proof_of_work: z
    .boolean()
    .optional()
    .describe('true: each browser solves a small puzzle before it starts, which makes mass spam expensive'),
  screens: z
    .array(screenSchema)
    .min(1, 'is empty; add at least one screen: `- { id: about, title: About you }`')
    .max(200)
    .refine((screens) => screens.flatMap(({ fields }) => fields).length <= MOST_FIELDS, {
      error: `has more than ${MOST_FIELDS.toLocaleString('en')} fields in all; split the form into several forms`,
    })
    .describe('The steps of the form, in order'),
  endings: z
    .array(endingSchema)
    .min(1, 'is empty; add at least one ending: `- { id: done, title: Thank you }`')
    .max(50)
    .describe('The possible ends of a journey'),
  examples: z
    .array(exampleSchema)
    .default([])
    .describe('Journeys that npm run check tries: answers, and the ending that they must reach'),
});

type Definition = z.infer<typeof formSchema>;

/** A compiled form: checked, with defaults filled in. `slug` is its file name, `password` a hash. */
export type Form = Definition & { slug: string; languages: [Language, ...Language[]] };
export type Screen = Form['screens'][number];
/** A widget on a Wink screen; one of a list has a title, and may have a text. */
export type Widget = z.infer<typeof widgetSchema> & { title?: Text; text?: Text | undefined };
export type Ending = Form['endings'][number];

/** The language that is asked for, if `form` has it; its first one where none is. */
export const languageOf = ({ languages }: Pick<Form, 'languages'>, wanted: string | undefined): Language | undefined =>
  wanted === undefined ? languages[0] : languages.find((one) => one === wanted);

/** All fields of `form`, in the order of the file. */
export const fieldsOf = (form: Pick<Form, 'screens'>): Field[] => form.screens.flatMap((screen) => screen.fields);

/** The field called `id`, on whatever screen it stands. */
export const fieldCalled = (form: Pick<Form, 'screens'>, id: string): Field | undefined =>
  fieldsOf(form).find((field) => field.id === id);
