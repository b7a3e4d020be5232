/** What a type of field is: its keys, its control in the page, its reading of answers, its sentences, its export. */
import { z } from 'zod';
import type { Amount, AmountLimits } from '../runtime/amount.ts';
import type { Answer } from '../runtime/condition.ts';
import type { Expression } from '../runtime/expression.ts';
import { conditionSchema } from '../logic/condition-schema.ts';
import { answerSchema, idSchema, textSchema } from '../keys.ts';
import type { PageFeature } from '../inspect/page-features.ts';
import type { Text } from '../runtime/text.ts';
import type { Language } from '../wording/wording.ts';

/** What can be wrong with an answer. The browser maps its own constraint validation to the same names. */
type Simple =
  | 'missing'
  | 'type'
  /** It can be read as two numbers. */
  | 'unclear'
  | 'pattern'
  | 'short'
  | 'long'
  | 'low'
  | 'high'
  | 'step'
  | 'choice'
  | 'few'
  | 'many'
  | 'alone'
  | 'size';
/** Of an answer in several parts: the part, then what is wrong with it. */
export type Problem = Simple | `${string}:${Simple}`;

/** What is wrong with an answer, and of one in several parts, what is wrong with the others of them. */
export type Wrong = { problem: Problem; also?: Problem[] };

/** How an answer is written in JSON, and so which comparisons make sense for it. */
export type Kind = 'text' | 'number' | 'boolean' | 'list' | 'date' | 'parts' | 'files' | 'nothing';

export type Attributes = Record<string, string | number | boolean | undefined>;

export interface Choice {
  value: string;
  label: Text;
  help?: Text | undefined;
}

/** The control of a field, as data. One component draws each kind of control. */
export type Control =
  /** `unit` stands before what is typed: a currency. With `amount` it is a number. */
  | { kind: 'input'; attributes: Attributes; unit?: Text; amount?: Amount }
  | { kind: 'textarea'; attributes: Attributes }
  /** With `row` the choices stand side by side, and its texts say what the first and the last one mean. */
  | { kind: 'choices'; input: 'radio' | 'checkbox'; choices: Choice[]; attributes?: Attributes; row?: ReviewRow }
  | { kind: 'select'; choices: Choice[]; attributes?: Attributes }
  | { kind: 'tick' }
  /** Several inputs that make one answer. */
  | { kind: 'parts'; parts: Part[] }
  | { kind: 'files'; accept: string; most: number; largest: number; signature: boolean }
  /** A computed value is shown. People can't change it. */
  | { kind: 'output' }
  | { kind: 'hidden' }
  | { kind: 'nothing' };

export interface ReviewRow {
  first?: Text | undefined;
  last?: Text | undefined;
  /** `stars` draws each choice as a star. */
  look: 'numbers' | 'stars';
}

/** One input of several. Its name in the page is `field.part`. With `choices` it is a list that opens. */
export interface Part {
  name: string;
  label: Text;
  required: boolean;
  attributes: Attributes;
  choices?: Choice[];
}

/** The earliest and the latest date (`YYYY-MM-DD`) that it can be now, over all time zones. */
export interface Today {
  earliest: string;
  latest: string;
}

/** What of a person an answer can be. */
export type PersonFact = 'name' | 'email' | 'phone' | 'employer' | 'income';

/** The files that a field takes: media types, bytes of the largest, and how many. */
export interface FileLimits {
  types: string[];
  largest: number;
  most: number;
}

/** All that the form, its page and the server know about a type of field. CONTRIBUTING.md names the few modules that list types. */
export interface FieldType<F> {
  // The form language.
  schema: z.ZodType<F>;
  /** For the manual: what the type is for, and how a field is written. A test parses the example in a form. */
  manual: { about: string; example: string };
  /** Other names that authors write for the type. */
  otherNames?: string[];
  /** The type in a sentence to a member: `a short text`. */
  noun: string;
  /** The words for `min` and `max`, and for `step`, in such a sentence. */
  limitNouns?: [min: string, max: string];
  stepNoun?: string;

  // The page.
  control(field: F, language: Language): Control;
  /** The parts of the page's script that the field needs. */
  features?(field: F): PageFeature[];
  /** The answer is typed as text, which takes time. */
  typed?: true;
  /** People do not see the field. */
  unseen?: true;
  /** How the number that is the answer is typed. */
  amount?(field: F, language: Language): Amount;
  /** What stands as a hint where the author wrote none. */
  hint?(field: F, language: Language): string | undefined;
  /** How `Intl` writes a number that is the answer, where the page shows it again. */
  format?(field: F): Intl.NumberFormatOptions;

  // Answers.
  kind: Kind;
  /** The answer as it is stored, or what is wrong with `raw` (a JSON value, never absent or empty; of parts, all may be). */
  read(field: F, raw: unknown, today: Today): { answer: Answer } | Wrong;
  /** The sentence for each problem that this field, as written, can have. `missing` is worded for all types together. */
  sentences: Record<Language, (field: F) => Partial<Record<Problem, string>>>;
  /** How an answer is shown to a person. */
  show(field: F, answer: Answer, language: Language): string;
  /** A value that means unanswered, beside those that are empty. */
  blank?: unknown;
  /** The calculation that gives the answer. People cannot answer such a field. */
  formula?(field: F): Expression;
  /** The files that an answer can name. */
  files?(field: F): FileLimits;
  /** A likely answer of the person `number`, for generated submissions. */
  sample?(field: F, number: number): Answer | undefined;

  // What the check and others know of answers.
  /** All possible answers of a list or a yes-or-no question. With them the check finds conditions that are never true. */
  values(field: F): (string | boolean)[] | undefined;
  /** The smallest and the largest possible answer. A computed number has no limits. */
  limits?(field: F): AmountLimits;
  /** Days at which the possible answers change. */
  limitDays?(field: F): string[];
  /** What an answer looks like, for faults: "a date like 2026-12-31". Without it, `values`, or "a text". */
  like?(field: F): string | undefined;
  facts?: PersonFact[];
  /** Answers are short and tell people apart, so a form can take each answer once. */
  unique?: true;
  /** Only the person can give the answer, and no link or file. */
  personal?: true;
  /** Types with the same word store answers alike, so that a change from one to the other loses nothing. */
  storedLike?: 'option' | 'typed text';
}

/** The keys that every type of field has. */
export const commonKeys = {
  id: idSchema,
  label: textSchema.describe('The question, shown above the field'),
  help: textSchema.optional().describe('A hint, shown under the label'),
  required: z.boolean().default(false).describe('true: people cannot continue without an answer'),
  default: answerSchema.optional().describe('The answer at the start. People can change it'),
  sensitive: z
    .boolean()
    .optional()
    .describe(
      'true: Flipsite stores the answer encrypted, and never on the person’s device. The dashboard and its CSV hide it until a member reveals it, which is recorded',
    ),
  show_when: conditionSchema
    .optional()
    .describe('Shows the field only if this condition is true: { status: employed }'),
};

export const placeholderKey = textSchema
  .optional()
  .describe('An example inside the empty field. The label stays visible');

export const autocompleteKey = z
  .string()
  .regex(
    /^[a-z]+(-[a-z0-9]+)*( [a-z]+(-[a-z0-9]+)*)*$/,
    'is not an autofill name; write one like name or street-address',
  )
  .optional()
  .describe(
    'The kind of data that the browser can fill in, as an HTML autofill name: name, organization, street-address',
  );

/** An answer shown as it is. */
export const asText = (_field: unknown, answer: Answer): string => String(answer);
