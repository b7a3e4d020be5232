/** Notes: facts worth knowing about a form without faults. Doubts: parts of it that may be mistakes. */
import { todayAround } from '../fields/dates/date.ts';
import { canBeFilled, linksCanFill, typeOf } from '../fields/fields.ts';
import { ADDRESS_NAMES } from '../id.ts';
import { resolveDate } from '../runtime/relative-date.ts';
import { localize } from '../runtime/text.ts';
import { brandColors } from '../settings/brand.ts';
import { momentOf } from '../settings/limits.ts';
import type { Choice } from '../fields/field-type.ts';
import { fieldsOf, type Form } from '../schema.ts';
import { STARTING_COMPANY_NAME, STARTING_OPTIONS, STARTING_WEBHOOK } from '../starting-values.ts';
import { pathOfField, type Finding } from './finding.ts';

/** The notes about `form`, as complete sentences that begin with a small letter. */
export function notesOf(form: Form): string[] {
  return [...addressNotes(form), ...colorNotes(form)];
}

/** Fields and params that an address can't fill in, because it has their names for something else. */
function addressNotes(form: Form): string[] {
  const taken = [
    ...fieldsOf(form).filter((field) => canBeFilled(field) && !linksCanFill(field)).map(({ id }) => `field \`${id}\``),
    ...form.params.filter((id) => ADDRESS_NAMES.includes(id)).map((id) => `param \`${id}\``),
  ]; // prettier-ignore
  return taken.map((one) => `a link can't fill in the ${one}, because Flipsite uses this name in addresses`); // prettier-ignore
}

function colorNotes({ brand }: Form): string[] {
  if (!brand?.color) return [];
  const { adjusted, contrast, light } = brandColors(brand.color);
  if (!adjusted) return [];
  const ratio = `${(Math.floor(contrast * 10) / 10).toFixed(1)}:1`;
  return [
    `your color ${brand.color} is too light for text on a light page (contrast ${ratio}, at least 4.5:1 is needed). Flipsite uses ${light.accent} there instead`,
  ];
}

/** The doubts about `form`. It can still be published. */
export const doubtfulParts = (form: Form, now: Date): Finding[] => [
  ...pastClosing(form, now),
  ...skippedLimit(form),
  ...impossibleDates(form, now),
  ...repeatedLabels(form),
  ...repeatedConditions(form),
  ...startingValues(form),
];

/** A closing date that has passed. New people cannot start such a form, and it can be a new form. */
function pastClosing({ limits }: Form, now: Date): Finding[] {
  const closes = limits && momentOf(limits, 'closes');
  if (!closes || closes > now) return [];
  const message = 'the closing date has passed, so the form is closed';
  const remedy = 'Choose a later date in `closes`, or delete it.';
  return [{ place: { path: ['limits', 'closes'] }, message, remedy, text: limits.closes }];
}

/** A field of `one_per` that people can pass by: its limit then counts for none of them. Conditions are not looked at. */
function skippedLimit({ limits, screens, endings }: Form): Finding[] {
  const id = limits?.one_per;
  const reached = new Set(screens.slice(0, 1).map((screen) => screen.id));
  for (const one of reached) {
    const at = screens.findIndex((screen) => screen.id === one);
    const { fields = [], next = [] } = screens[at] ?? {};
    if (at < 0 || fields.some((field) => field.id === id)) continue;
    for (const { go } of next) reached.add(go);
    if (next.every(({ when }) => when)) reached.add(screens[at + 1]?.id ?? endings[0]?.id ?? '');
  }
  const ending = endings.find((one) => reached.has(one.id) && one.outcome === 'completed');
  if (id === undefined || !ending) return [];
  const message = `people can reach ending \`${ending.id}\` without field \`${id}\`, and then send the form any number of times`;
  return [{ place: { path: ['limits', 'one_per'] }, message, remedy: 'Ask it on a screen that all of them pass.' }];
}

/**
 * Date fields that take no date today, because a fixed limit has passed or is still to come. People can't finish a form
 * that requires one.
 */
const impossibleDates = ({ screens }: Form, now: Date): Finding[] =>
  screens.flatMap((screen, at) =>
    screen.fields.flatMap((field, index) => {
      const today = todayAround(now);
      const limits = typeOf(field).limitDays?.(field) ?? [];
      const days = limits.flatMap((limit) => [resolveDate(limit, today.earliest), resolveDate(limit, today.latest)]);
      if (!days.length || days.some((day) => 'answer' in typeOf(field).read(field, day, today))) return [];
      const path = [...pathOfField(screen, at, index), 'min' in field && field.min !== undefined ? 'min' : 'max'];
      const message = `field \`${field.id}\` takes no date today, because of its limits`;
      const remedy = 'Change the earliest or the latest date. People cannot answer this field.';
      return [{ place: { path }, message, remedy }];
    }),
  );

/** Rules of a screen with the condition of an earlier rule, which decides. */
const repeatedConditions = ({ screens }: Form): Finding[] =>
  screens.flatMap(({ next }, at) => {
    const conditions = next.map(({ when }) => JSON.stringify(when));
    return conditions.flatMap((condition, rule) => {
      const first = conditions.indexOf(condition);
      if (first === rule) return [];
      const message = `rule ${rule + 1} is never used, because rule ${first + 1} has the same condition`;
      const remedy = 'Change one of the conditions, or delete one of the rules.';
      return [{ place: { path: ['screens', at, 'next', rule] }, message, remedy }];
    });
  });

/** Options of one question that look the same in a language of the form. */
const repeatedLabels = ({ screens, languages }: Form): Finding[] =>
  screens.flatMap((screen, at) =>
    screen.fields.flatMap((field, index) => {
      if (!('options' in field)) return [];
      const path = [...pathOfField(screen, at, index), 'options'];
      return [...repeatedIn(field.options, languages)].map(([option, label]) => ({
        place: { path: [...path, option], find: 'label' },
        message: `field \`${field.id}\` has two options with the label “${label}”`,
        remedy: 'People cannot tell them apart. Change one label, or delete one option.',
        text: label,
      }));
    }),
  );

/** The index of each option that looks like an earlier one, with its label in the first such language. */
function repeatedIn(options: readonly Choice[], languages: readonly string[]): Map<number, string> {
  const found = new Map<number, string>();
  for (const language of languages) {
    const seen = new Set<string>();
    options.forEach(({ label }, at) => {
      const text = localize(label, language).trim();
      if (seen.has(text) && !found.has(at)) found.set(at, text);
      seen.add(text);
    });
  }
  return found;
}

/** Values that only the author of the form knows, and that are still the ones that Flipsite has put there. */
const startingValues = (form: Form): Finding[] => [...startingName(form), ...startingOptions(form), ...startingWebhooks(form)]; // prettier-ignore

function startingName({ brand }: Form): Finding[] {
  if (brand?.name !== STARTING_COMPANY_NAME) return [];
  const remedy = 'People see it on every screen. Enter the name of your company.';
  const message = `the company name is still “${brand.name}”`;
  return [{ place: { path: ['brand', 'name'] }, message, remedy, text: brand.name }];
}

const startingOptions = ({ screens }: Form): Finding[] =>
  screens.flatMap((screen, at) =>
    screen.fields.flatMap((field, index) => {
      if (!('options' in field)) return [];
      const path = [...pathOfField(screen, at, index), 'options'];
      const options: readonly Choice[] = field.options;
      const found = options.flatMap(({ label }, option) => {
        const texts = typeof label === 'string' ? [label] : Object.values(label);
        const text = texts.find((one) => STARTING_OPTIONS.includes(one));
        return text === undefined ? [] : [{ text, option }];
      });
      const [first] = found;
      if (!first) return [];
      const names = new Intl.ListFormat('en').format(found.map(({ text }) => `“${text}”`));
      const message = `field \`${field.id}\` still offers ${names}`;
      const place = { path: [...path, first.option] };
      return [{ place, message, remedy: 'Write your own options.', text: first.text }];
    }),
  );

const startingWebhooks = ({ notify = [] }: Form): Finding[] =>
  notify.flatMap(({ webhook }, at) => {
    if (webhook !== STARTING_WEBHOOK) return [];
    const remedy = 'Enter the address of your other system, or remove the webhook.';
    const message = `a webhook still has the address ${webhook}`;
    return [{ place: { path: ['notify', at, 'webhook'] }, message, remedy, text: webhook }];
  });
