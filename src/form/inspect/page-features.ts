/** The parts of the page's script that only some forms need. */
import { typeOf } from '../fields/fields.ts';
import { pipes } from '../runtime/text.ts';
import { widgetsOf } from '../runtime/wink.ts';
import { fieldsOf, type Form, type Widget } from '../schema.ts';
import { sensitiveFields } from './sensitive.ts';

/**
 * The parts of the page's script that only some forms need. Each has its modules in `src/`. The plain script has none of
 * them. These modules export functions only.
 */
export const PAGE_FEATURES = {
  /** Inputs that make one answer together. */
  parts: ['form/runtime/composite.ts', 'browser/composite-errors.ts'],
  checkboxRules: ['browser/checkbox-rules.ts'],
  /** Limits such as `today + 30 days`. */
  movingDates: ['browser/dates.ts'],
  formulas: ['form/runtime/expression.ts', 'browser/format-answer.ts'],
  /** Answers in texts and in the review. */
  shownAnswers: ['browser/format-answer.ts'],
  sensitive: ['browser/sensitive.ts', 'browser/preload.ts'],
  files: ['browser/preload.ts'],
  wink: ['browser/preload.ts'],
} as const satisfies Record<string, readonly string[]>;

export type PageFeature = keyof typeof PAGE_FEATURES;

/** The parts that the page of `form` needs. A form without any gets the plain script. */
export function featuresOf(form: Form): ReadonlySet<PageFeature> {
  const fields = fieldsOf(form);
  const widgets = form.screens.flatMap(({ wink }) => widgetsOf<Widget>(wink));
  const texts = [...form.screens, ...widgets].flatMap(({ title = '', text = '' }) => [title, text]);
  const piped = [...texts, ...fields.flatMap(({ label, help = '' }) => [label, help])].some((one) => pipes(one).length);
  return new Set([
    ...(form.review || piped ? (['shownAnswers'] as const) : []),
    ...(sensitiveFields(form).size ? (['sensitive'] as const) : []),
    ...(form.screens.some(({ wink }) => wink) ? (['wink'] as const) : []),
    ...fields.flatMap((field) => typeOf(field).features?.(field) ?? []),
  ]);
}
