/**
 * The definition of a type of field: its keys, its control in the page, its reading of answers, its sentences, its
 * export.
 */
import { z } from 'zod';
import type { Amount, AmountLimits } from '../runtime/amount.ts';
import type { Answer } from '../runtime/condition.ts';
import type { Expression } from '../runtime/expression.ts';
import { conditionSchema } from '../logic/condition-schema.ts';
import { answerSchema, idSchema, textSchema } from '../keys.ts';
import type { PageFeature } from '../inspect/page-features.ts';
import type { Text } from '../runtime/text.ts';
import type { Language } from '../wording/wording.ts';

/** The possible problems of an answer. Where a browser has another name, `FLAGS` in `page-data.ts` has it. */
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
/** For an answer in several parts: the part, then its problem. */
export type Problem = Simple | `${string}:${Simple}`;

/** The problem of an answer. `also`: the problems of its other parts. */
export type Wrong = { problem: Problem; also?: Problem[] };

/** The kind of JSON value of an answer. It decides which comparisons make sense. */
export type Kind = 'text' | 'number' | 'boolean' | 'list' | 'date' | 'parts' | 'files' | 'nothing';

export type Attributes = Record<string, string | number | boolean | undefined>;

export interface Choice {
  value: string;
  label: Text;
  help?: Text | undefined;
}

/** The control of a field, as data. One component draws each kind of control. */
export type Control =
  /** `unit` is in front of the input: a currency. With `amount` the input is for a number. */
  | { kind: 'input'; attributes: Attributes; unit?: Text; amount?: Amount }
  | { kind: 'textarea'; attributes: Attributes }
  /** With `row` the choices are side by side. Its texts explain the first and the last one. */
  | { kind: 'choices'; input: 'radio' | 'checkbox'; choices: Choice[]; attributes?: Attributes; row?: ChoiceRow }
  | { kind: 'select'; choices: Choice[]; attributes?: Attributes }
  | { kind: 'tick' }
  /** Several inputs that make one answer. */
  | { kind: 'parts'; parts: InputPart[] }
  | { kind: 'files'; accept: string; maxFiles: number; maxBytes: number; signature: boolean }
  /** A computed value is shown. People can't change it. */
  | { kind: 'output' }
  | { kind: 'hidden' }
  | { kind: 'nothing' };

export interface ChoiceRow {
  first?: Text | undefined;
  last?: Text | undefined;
  /** `stars` draws each choice as a star. */
  look: 'numbers' | 'stars';
}

/** One of several inputs. Its name in the page is `field.part`. With `choices` it is a list that opens. */
export interface InputPart {
  name: string;
  label: Text;
  required: boolean;
  attributes: Attributes;
  choices?: Choice[];
}

/** The earliest and the latest date (`YYYY-MM-DD`) that is today somewhere, over all time zones. */
export interface Today {
  earliest: string;
  latest: string;
}

/** The fact about a person that an answer can be. */
export type PersonFact = 'name' | 'email' | 'phone' | 'employer' | 'income';

/** The files that a field takes. `types`: media types. `maxBytes`: of each file. */
export interface FileLimits {
  types: string[];
  maxBytes: number;
  maxFiles: number;
}

/** All that the form, its page and the server know about a type of field. CONTRIBUTING.md names the few modules that list types. */
export interface FieldType<F> {
  // The form language.
  schema: z.ZodType<F>;
  /** For the manual: the purpose of the type, and an example of a field. A test parses the example in a form. */
  manual: { about: string; example: string };
  /**
   * The sentences in the panels of the editor that differ from those of the manual and the schema, which are about YAML. An
   * empty one leaves the sentence out, where the name of the key says it.
   */
  inPanels?: { about?: string; keys?: Readonly<Record<string, string>> };
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
  /** How people type the number that is the answer. */
  amount?(field: F, language: Language): Amount;
  /** The placeholder if the author wrote none. */
  hint?(field: F, language: Language): string | undefined;
  /** How `Intl` formats a number that is the answer, where the page shows it again. */
  format?(field: F): Intl.NumberFormatOptions;

  // Answers.
  kind: Kind;
  /**
   * Reads `raw`, a JSON value that is never absent or empty. An answer in parts may have empty parts. @returns the
   * answer to store, or the problem
   */
  read(field: F, raw: unknown, today: Today): { answer: Answer } | Wrong;
  /** The sentence for each problem that this field can have. `missing` has one sentence for all types. */
  sentences: Record<Language, (field: F) => Partial<Record<Problem, string>>>;
  /** The answer as text for a person. */
  show(field: F, answer: Answer, language: Language): string;
  /** A value that means unanswered, beside those that are empty. */
  blank?: unknown;
  /** The calculation that gives the answer. People cannot answer such a field. */
  formula?(field: F): Expression;
  /** The files that an answer can name. */
  files?(field: F): FileLimits;
  /** A likely answer of the person `number`, for generated submissions. */
  sample?(field: F, number: number): Answer | undefined;

  // For the check and others.
  /**
   * All possible answers of a list or a yes-or-no question. With them the check finds conditions that are never true.
   */
  values(field: F): (string | boolean)[] | undefined;
  /** The smallest and the largest possible answer. A computed number has no limits. */
  limits?(field: F): AmountLimits;
  /** Days on which the possible answers change. */
  limitDays?(field: F): string[];
  /** The look of an answer, for faults: "a date like 2026-12-31". Without it, `values`, or "a text". */
  like?(field: F): string | undefined;
  facts?: PersonFact[];
  /** Answers are short and tell people apart, so a form can take each answer once. */
  unique?: true;
  /** Only the person can give the answer, and no link or file. */
  personal?: true;
  /** Types with the same word store answers alike, so that a change from one to the other loses no answers. */
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

/** An answer as its text. */
export const asText = (_field: unknown, answer: Answer): string => String(answer);
